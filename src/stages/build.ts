import { type BuildFailure, build as runRecipe } from '../autopkg/autopkg.ts';
import type { Catalog } from '../autopkg/catalog.ts';
import { digestOf } from '../jamf/digest.ts';
import { decideBuild } from '../lifecycle/building.ts';
import { recordPackage } from '../lifecycle/changes.ts';
import type { TitleChange } from '../state/commit.ts';
import { gatherStates, type KnownTitle } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';
import { NotVouchedFor, openCatalog } from './trusted.ts';

/**
 * The build stage: runs AutoPkg for each title, ensures that a new package is in Jamf, and records it.
 * A package that an earlier run built but did not get uploaded is found by its receipt and
 * uploaded now.
 */
export async function build(run: Run): Promise<Outcome> {
  const outcome = new Outcome('build', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherStates(run, outcome);
  const catalog = openCatalog(run, outcome);
  const changes: TitleChange[] = [];
  for (const known of catalog ? titles : [])
    await attempt(outcome, known.title, async () => {
      const change = catalog && (await buildTitle(run, outcome, known, catalog));
      if (change) changes.push(change);
    });
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'New packages in Jamf Pro',
    section: 'Built',
  });
  return outcome;
}

async function buildTitle(
  run: Run,
  outcome: Outcome,
  { title, state }: KnownTitle,
  catalog: Catalog,
): Promise<TitleChange | undefined> {
  if (run.dryRun) {
    outcome.add(title, 'would', `would run the AutoPkg recipe ${title.recipe}`);
    return undefined;
  }
  const vouched = await catalog.vouch(title.recipe);
  if (!vouched.ok) throw new NotVouchedFor(title, vouched.distrust);
  const result = await runRecipe(
    title.recipe,
    { ...run.autopkg, searchDirs: vouched.searchDirs },
    run.log,
  );
  if (result.result === 'failed') throw new RecipeFailed(result.failure);
  if (!result.package) {
    outcome.add(title, 'nothing', 'nothing new');
    return undefined;
  }

  const built = result.package;
  const step = decideBuild(state, built.version, result.result === 'built');
  if (step.step === 'keep') {
    outcome.add(title, 'nothing', step.reason, built.version.text);
    return undefined;
  }
  if (step.step === 'went-back') {
    outcome.add(title, 'warned', step.reason, built.version.text);
    return undefined;
  }

  const digest = await digestOf(built.path);
  const { path, file, size, version } = built;
  const ensured = await run.jamf.ensurePackage(
    { path, file, size, digest },
    { category: title.category, info: `${title.name} ${version.text}, built by AutoPkg` },
  );
  const text = ensured.wrote ? 'built and uploaded' : 'built; Jamf Pro had it already';
  outcome.did(title, text, version.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `${version.text} is built`,
    change: recordPackage(
      { version, file: ensured.file, size, digest, jamfId: ensured.id },
      momentOf(run).today,
    ),
  };
}

/** A recipe failed: which step, what it said, what to try first. */
class RecipeFailed extends Error {
  constructor(failure: BuildFailure) {
    const step = failure.step ? ` in ${failure.step}` : '';
    super(
      `AutoPkg recipe ${failure.recipe}: ${failure.kind}${step}: ${failure.message}. Try first: ${failure.remedy}`,
    );
    this.name = 'RecipeFailed';
  }
}
