import { forgetPackages } from '../lifecycle/changes.ts';
import { type Cleanup, decideCleanup, type PackageUse } from '../lifecycle/cleanup.ts';
import type { Package, PackageId } from '../lifecycle/package.ts';
import { sameVersion } from '../lifecycle/version.ts';
import type { TitleChange } from '../state/commit.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf, sameRun } from './run.ts';
import { tell } from './tell.ts';

/**
 * The cleanup stage: deletes packages from Jamf that PatchBot uploaded, that were replaced since, and
 * that nothing needs or uses any more. Without `really` it says what it would delete, and why not the
 * others.
 */
export async function cleanup(given: Run, { really }: { really: boolean }): Promise<Outcome> {
  const run = sameRun(given, { dryRun: given.dryRun || !really });
  const outcome = new Outcome('cleanup', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const older = titles.filter(({ state }) => (state.older ?? []).length > 0);
  for (const { title } of titles.filter((found) => !older.includes(found)))
    outcome.add(title, 'nothing', 'no package of it was replaced yet');
  const use = await useOf(run, older);
  const changes: TitleChange[] = [];
  for (const found of older)
    await attempt(outcome, found.title, async () => {
      const own = await withLinks(run, use, found);
      const decided = decideCleanup(found.title, found.state, own, momentOf(run).today);
      const gone = await clean(run, outcome, found, decided);
      if (gone.length > 0) changes.push(changeOf(found, gone));
    });
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'Deleted from Jamf Pro',
    section: 'Packages that nothing needs any more',
  });
  return outcome;
}

/** What Jamf has and uses, in all; nothing may be deleted before all of that is known. */
async function useOf(run: Run, titles: readonly FoundTitle[]): Promise<PackageUse> {
  if (titles.length === 0) return { there: new Map(), usedBy: new Map() };
  const ids = titles.flatMap(({ state }) => (state.older ?? []).map((one) => one.package.jamfId));
  const packages = await run.jamf.packagesById(ids);
  return {
    there: new Map([...packages].map(([id, { digest }]) => [id, digest])),
    usedBy: await run.jamf.cleanup.packageUse(),
  };
}

/**
 * Adds what patch titles use, those too that PatchBot doesn't look after. A title's own link to a
 * version that none of its policies targets is one that PatchBot made and may take away; any other
 * counts.
 */
async function withLinks(
  run: Run,
  use: PackageUse,
  { title, patchTitle }: FoundTitle,
): Promise<PackageUse> {
  const usedBy = new Map<PackageId, readonly string[]>(use.usedBy);
  const note = (id: PackageId, where: string) => usedBy.set(id, [...(usedBy.get(id) ?? []), where]);
  const policies = (await run.jamf.patchPolicies()).filter((one) => one.title === patchTitle?.id);
  for (const other of await run.jamf.patchTitles())
    for (const { version, packageId } of other.links) {
      const target = policies.find((policy) => sameVersion(policy.target, version));
      if (other.id !== patchTitle?.id) note(packageId, `the patch title "${other.name}"`);
      else if (target) note(packageId, `the patch policy "${target.name}" of ${title.name}`);
    }
  return { ...use, usedBy };
}

/** Deletes what may go. @returns what the state need not remember any more. */
async function clean(
  run: Run,
  outcome: Outcome,
  { title, patchTitle }: FoundTitle,
  decided: readonly Cleanup[],
): Promise<readonly Package[]> {
  const gone: Package[] = [];
  for (const { package: its, fate, reason } of decided) {
    const text = `${its.file} (id ${its.jamfId})`;
    if (fate === 'keep') {
      outcome.add(title, 'nothing', `${text} stays: ${reason}`, its.version.text);
      continue;
    }
    if (fate === 'delete' && !run.dryRun) {
      if (patchTitle) await run.jamf.cleanup.ensureUnlinked(patchTitle.id, its.jamfId);
      await run.jamf.cleanup.deletePackage(its.jamfId);
    }
    const verb = fate === 'forget' ? 'forgotten' : run.dryRun ? 'would be deleted' : 'deleted';
    outcome.did(title, `${text} ${verb}: ${reason}`, its.version.text);
    gone.push(its);
  }
  return gone;
}

function changeOf({ title }: FoundTitle, gone: readonly Package[]): TitleChange {
  const names = gone.map(({ file }) => file).join(', ');
  return {
    slug: title.slug,
    name: title.name,
    what: `${names} ${gone.length === 1 ? 'is' : 'are'} deleted`,
    change: forgetPackages(gone),
  };
}
