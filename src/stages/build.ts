import { availableParallelism } from 'node:os';
import {
  type BuildFailure,
  type BuildResult,
  build as runRecipe,
  secondsOf,
} from '../autopkg/autopkg.ts';
import type { Catalog } from '../autopkg/catalog.ts';
import type { Chain } from '../autopkg/chain.ts';
import { Progress } from '../autopkg/progress.ts';
import { inParallel, longestFirst } from '../autopkg/schedule.ts';
import { digestOf } from '../jamf/digest.ts';
import { decideBuild } from '../lifecycle/building.ts';
import { recordPackage } from '../lifecycle/changes.ts';
import type { TitleChange } from '../state/commit.ts';
import { examine, storedAs } from './custody.ts';
import { gatherStates, type KnownTitle } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';
import { lacksOverride, notVouchedFor, openCatalog } from './trusted.ts';

/**
 * The build stage: runs AutoPkg for each title, ensures that a new package is in Jamf, and records it.
 * A package that an earlier run built but did not get uploaded is still in the cache, and uploaded now.
 */
export async function build(run: Run): Promise<Outcome> {
  const outcome = new Outcome('build', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherStates(run, outcome);
  const catalog = openCatalog(run, outcome);
  const changes = catalog ? await buildAll(run, outcome, titles, catalog) : [];
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'New packages in Jamf Pro',
    section: 'Built',
  });
  return outcome;
}

/** Runs several recipes at once, and uploads what they make one by one, as it comes. */
async function buildAll(
  run: Run,
  outcome: Outcome,
  titles: readonly KnownTitle[],
  catalog: Catalog,
): Promise<readonly TitleChange[]> {
  if (run.dryRun) {
    for (const { title } of titles) {
      const lack = await lacksOverride(title, run.recipes, run.autopkg.overridesDir);
      if (lack) outcome.fail(title, lack);
      else outcome.add(title, 'would', `would run the AutoPkg recipe ${title.recipe}`);
    }
    return [];
  }
  const seconds = new Map<string, number | undefined>();
  for (const { title } of titles) seconds.set(title.slug, await secondsOf(title.slug, run.autopkg));
  const atOnce = Math.min(
    availableParallelism(),
    run.recipes.settings.builds ?? Number.POSITIVE_INFINITY,
  );
  const progress = new Progress(seconds, atOnce, { line: run.log, fold: run.fold });
  const changes = new Map<string, TitleChange>();
  let uploads = Promise.resolve();
  await inParallel(
    longestFirst(titles, ({ title }) => seconds.get(title.slug)),
    atOnce,
    (known) =>
      attempt(outcome, known.title, async () => {
        const result = await buildTitle(run, known, catalog, progress);
        const uploading = () =>
          attempt(outcome, known.title, async () => {
            const change = await upload(run, outcome, known, result);
            if (change) changes.set(change.slug, change);
          });
        uploads = uploads.then(uploading);
      }),
  );
  await uploads;
  outcome.inOrderOf(titles.map(({ title }) => title));
  return titles.flatMap(({ title }) => changes.get(title.slug) ?? []);
}

/** What AutoPkg has come to, and the recipes that it ran. */
type Made = Exclude<BuildResult, { readonly result: 'failed' }> & { readonly chain?: Chain };

/** Runs a title's recipe, if somebody has vouched for it. @throws Error that says why there is nothing. */
async function buildTitle(
  run: Run,
  { title, state }: KnownTitle,
  catalog: Catalog,
  progress: Progress,
): Promise<Made> {
  const shown = progress.starts(title.slug);
  let how = 'failed';
  try {
    const vouched = await catalog.vouch(title.recipe);
    if (!vouched.ok) throw await notVouchedFor(run, title, vouched.distrust);
    const known = state.package?.version;
    const result = await runRecipe(
      {
        title: title.slug,
        recipe: title.recipe,
        minutes: run.recipes.settings.buildMinutes,
        ...(known && { known }),
      },
      { ...run.autopkg, searchDirs: vouched.searchDirs },
      shown.line,
    );
    if (result.result === 'failed') throw new RecipeFailed(result.failure);
    how = result.result;
    return { ...result, ...(vouched.chain && { chain: vouched.chain }) };
  } finally {
    shown.ends(how);
  }
}

/** Ensures that what AutoPkg has come to is in Jamf, if it is news. */
async function upload(
  run: Run,
  outcome: Outcome,
  known: KnownTitle,
  { result, package: built, chain }: Made,
): Promise<TitleChange | undefined> {
  const { title, state } = known;
  if (!built) {
    outcome.add(title, 'nothing', 'nothing new');
    return undefined;
  }
  const step = decideBuild(state, built.version, result === 'built');
  if (step.step === 'keep') {
    outcome.add(title, 'nothing', step.reason, built.version.text);
    return undefined;
  }
  if (step.step === 'went-back') {
    outcome.add(title, 'warned', step.reason, built.version.text);
    return undefined;
  }

  const examined = await examine(run, known, built, chain);
  if (!examined.ok) {
    const did = examined.isDeclined ? 'waits' : 'warned';
    outcome.add(title, did, examined.text, built.version.text, examined.link);
    return undefined;
  }
  const digest = await digestOf(built.path);
  const { path, file, size, version } = built;
  const ensured = await run.jamf.ensurePackage(
    { path, file, size, digest },
    { category: title.category, info: `${title.name} ${version.text}, built by AutoPkg` },
  );
  const madeFrom = await storedAs(run, ensured.id, examined.madeFrom);
  const text = ensured.wrote ? 'built and uploaded' : 'built; Jamf Pro had it already';
  outcome.did(title, text, version.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `${version.text} is built`,
    change: recordPackage(
      { version, file: ensured.file, size, digest, jamfId: ensured.id, madeFrom },
      momentOf(run).today,
    ),
  };
}

/** A recipe failed: which step, what it said, what to try first. */
class RecipeFailed extends Error {
  constructor(failure: BuildFailure) {
    const step = failure.step ? ` in ${failure.step}` : '';
    const message = failure.message.replace(/\.$/, '');
    super(
      `AutoPkg recipe ${failure.recipe}: ${failure.kind}${step}: ${message}. Try first: ${failure.remedy}`,
    );
    this.name = 'RecipeFailed';
  }
}
