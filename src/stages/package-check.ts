import type { Jamf } from '../jamf/jamf.ts';
import type { Package } from '../lifecycle/package.ts';
import type { Title } from '../lifecycle/title.ts';

/**
 * Makes sure that Jamf still has exactly the package that the state speaks of (design, rule 3), before
 * a policy offers it to anybody.
 *
 * @throws Error when it is gone, or is another one under the same id.
 */
export async function ensurePackageThere(jamf: Jamf, title: Title, wanted: Package): Promise<void> {
  const there = await jamf.packageById(wanted.jamfId);
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
