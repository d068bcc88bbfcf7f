import { z } from 'zod';
import { type PackageId, packageId } from '../lifecycle/package.ts';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { nothing } from './connection.ts';
import { id, text } from './field.ts';
import { packagesOf } from './install-policy.ts';
import { allPages } from './paging.ts';
import type { Policies } from './policies.ts';

/** Schema `GetComputerPrestageV3`, as far as it is needed. */
const preStage = z.object({
  id,
  displayName: text,
  customPackageIds: z
    .array(id)
    .nullish()
    .transform((ids) => ids ?? []),
});

/**
 * What of Jamf names a package, besides patch titles: every policy (each is read, for the list does
 * not say) and every PreStage enrollment.
 *
 * @throws JamfError when any of it can't be read: half an answer would let something be deleted that
 *   is in use.
 */
export async function packageUse(
  connection: Connection,
  policies: Policies,
): Promise<ReadonlyMap<PackageId, readonly string[]>> {
  const uses = new Map<PackageId, string[]>();
  const note = (of: PackageId, where: string) => uses.set(of, [...(uses.get(of) ?? []), where]);
  const all = await policies.all();
  const installed = await Promise.all(all.map((policy) => packagesOf(connection, policy.id)));
  for (const [at, packages] of installed.entries())
    for (const one of packages) note(one.id, `the policy "${all[at]?.name}"`);
  const preStages = await allPages(connection, calls.preStages, preStage, {
    tried: 'read the PreStage enrollments',
  });
  for (const { displayName, id: its, customPackageIds } of preStages)
    for (const one of customPackageIds)
      note(packageId(one), `the PreStage "${displayName ?? its}"`);
  return uses;
}

/** Deletes a package, its file with it; one that is gone already is as good. */
export async function deletePackage(connection: Connection, of: PackageId): Promise<void> {
  await connection.find(calls.deletePackage, {
    tried: `delete the package ${of}`,
    id: of,
    read: nothing,
  });
}
