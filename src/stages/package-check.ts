import type { StoredPackage } from '../jamf/jamf.ts';
import { judgeApproved } from '../lifecycle/custody.ts';
import type { Package, PackageId } from '../lifecycle/package.ts';
import type { Title, TitleState } from '../lifecycle/title.ts';
import type { Run } from './run.ts';

/** The packages that Jamf has, by id. */
export type PackagesThere = ReadonlyMap<PackageId, StoredPackage>;

/** What Jamf has of these packages: one question for all titles that a stage is about to move. */
export async function packagesOf(run: Run, wanted: readonly Package[]): Promise<PackagesThere> {
  if (wanted.length === 0) return new Map();
  return run.jamf.packagesById([...new Set(wanted.map(({ jamfId }) => jamfId))]);
}

/**
 * Makes sure that Jamf still has exactly the package that the state speaks of (design, rule 3), before
 * a policy offers it to anybody.
 *
 * @throws Error when it is gone, or is another one under the same id.
 */
export function checkPackage(title: Title, wanted: Package, packages: PackagesThere): void {
  const there = packages.get(wanted.jamfId);
  const what = `the package ${wanted.file} (Jamf id ${wanted.jamfId}) of ${title.name} ${wanted.version.text}`;
  if (!there)
    throw new Error(
      `${what} is no longer in Jamf Pro: upload that very file again, or delete "package:" in state/${title.slug}.yaml so that the build stage uploads what AutoPkg has`,
    );
  if (there.file !== wanted.file)
    throw new Error(
      `${what} is another file in Jamf Pro now, "${there.file}": somebody changed the record; it was not offered to anybody`,
    );
  if (there.digest !== undefined && there.digest !== wanted.digest)
    throw new Error(
      `${what} has other content in Jamf Pro than what was built (SHA3-512 ${there.digest.slice(0, 12)}…, not ${wanted.digest.slice(0, 12)}…): somebody replaced the file; it was not offered to anybody. Find out who and why before anything else`,
    );
}

/**
 * Makes sure that a package's chain of custody holds before the fleet is offered it.
 *
 * @throws Error that says where it is broken.
 */
export function checkCustody(title: Title, state: TitleState, approved: Package): void {
  const custody = judgeApproved(state, approved);
  if (custody.custody === 'broken')
    throw new Error(
      `${title.name} ${approved.version.text} is not offered to anybody: ${custody.reason}. See "made-from:" in state/${title.slug}.yaml; revert the promotion, and find out who changed what`,
    );
}
