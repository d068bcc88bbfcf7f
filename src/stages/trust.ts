import type { Catalog, OverrideFile } from '../autopkg/catalog.ts';
import { newestCommit } from '../autopkg/history.ts';
import { type PinnedRepository, shortName } from '../autopkg/repository.ts';
import {
  type ChangeSet,
  type OverrideReview,
  reviewOverride,
  reviewRepository,
} from '../autopkg/review.ts';
import type { Title } from '../lifecycle/title.ts';
import { attempt, Outcome } from './outcome.ts';
import { type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';
import { branchOfSet, branchPrefix, markerOfSet, trustRequest } from './trust-request.ts';
import { NotVouchedFor, openCatalog } from './trusted.ts';

/** An override, the titles that it builds, and whether it vouches for what is pinned. */
interface Standing {
  readonly override: OverrideFile;
  readonly titles: Title[];
  readonly vouched: boolean;
}

/**
 * The trust stage: looks for newer recipes in the pinned repositories, and asks people to vouch for
 * those that titles would run, by a pull request for each repository that shows what would run. An
 * override that doesn't vouch for what is pinned gets a request of its own. Nothing is merged by itself.
 */
export async function trust(run: Run): Promise<Outcome> {
  const outcome = new Outcome('trust', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const catalog = openCatalog(run, outcome);
  if (catalog) {
    const standings = await standingsOf(run, outcome, catalog);
    const asked = new Set<string>();
    for (const standing of standings.filter(({ vouched }) => !vouched))
      await forAll(outcome, standing.titles, async () => {
        const set = await reviewOverride(catalog, standing.override);
        if (set) asked.add(await ask(run, outcome, set, standings));
      });
    const vouched = standings.filter((standing) => standing.vouched);
    for (const repository of catalog.repositories) {
      const branch = await lookForNewer(run, outcome, catalog, repository, vouched);
      if (branch) asked.add(branch);
    }
    unchanged(outcome, vouched);
    if (!outcome.failed) await closeOthers(run, asked);
  }
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'Newer recipes wait for somebody to read them',
    section: 'Trust requests',
  });
  return outcome;
}

/** The overrides of all titles: the pins move for all of them, whichever the run was asked for. */
async function standingsOf(run: Run, outcome: Outcome, catalog: Catalog): Promise<Standing[]> {
  const standings = new Map<string, Standing>();
  for (const title of run.recipes.titles)
    await attempt(outcome, title, async () => {
      const answer = await catalog.vouch(title.recipe);
      const override = await catalog.override(title.recipe).catch(() => undefined);
      const mendable =
        !answer.ok &&
        (answer.distrust.kind === 'trust changed' || answer.distrust.kind === 'trust missing');
      if (!answer.ok && !(mendable && override)) throw new NotVouchedFor(title, answer.distrust);
      if (!override) return;
      const known = standings.get(override.path) ?? { override, titles: [], vouched: answer.ok };
      known.titles.push(title);
      standings.set(override.path, known);
    });
  return [...standings.values()];
}

/** @returns the branch of the request, when there is something to ask. */
async function lookForNewer(
  run: Run,
  outcome: Outcome,
  catalog: Catalog,
  repository: PinnedRepository,
  vouched: readonly Standing[],
): Promise<string | undefined> {
  try {
    const newest = await newestCommit(repository.url);
    if (newest === repository.commit) return undefined;
    const overrides = vouched.map(({ override }) => override);
    const set = await reviewRepository(catalog, repository, newest, overrides);
    return set && (await ask(run, outcome, set, vouched));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    outcome.failRun(new Error(`${shortName(repository.url)}: ${reason}`));
    return undefined;
  }
}

/** Ensures the request of a change set, unless somebody has said no to just this. @returns its branch. */
async function ask(
  run: Run,
  outcome: Outcome,
  set: ChangeSet,
  standings: readonly Standing[],
): Promise<string> {
  const branch = branchOfSet(set);
  const titlesOf = (review: OverrideReview) =>
    standings.find(({ override }) => override.path === review.override.path)?.titles ?? [];
  const titles = set.overrides.flatMap(titlesOf);
  const what = set.repository
    ? `newer recipes of ${shortName(set.repository.url)}`
    : 'what its override does not vouch for';
  if (run.dryRun) {
    for (const title of titles) outcome.did(title, `would ask people to read ${what}`);
    return branch;
  }
  const { requests } = repositoryOf(run);
  const before = await requests.latestOf(branch);
  if (before?.state === 'closed' && before.marker === markerOfSet(set)) {
    for (const title of titles)
      outcome.add(
        title,
        'nothing',
        `${what} were declined in #${before.number}`,
        undefined,
        before.url,
      );
    return branch;
  }
  const { request, wrote } = await requests.ensure(trustRequest(run, set, titlesOf));
  const { number, url } = request;
  for (const title of titles)
    if (wrote) outcome.did(title, `asks people to read ${what}: see #${number}`, undefined, url);
    else outcome.add(title, 'waits', `${what} wait to be read in #${number}`, undefined, url);
  return branch;
}

/** What is asked by requests that are open is settled otherwise by now, unless it was asked again just now. */
async function closeOthers(run: Run, asked: ReadonlySet<string>): Promise<void> {
  if (run.dryRun) return;
  const { requests } = repositoryOf(run);
  for (const { branch, number } of await requests.open(branchPrefix)) {
    if (asked.has(branch)) continue;
    const why = 'the overrides vouch for all that is pinned, and nothing newer concerns them';
    await requests.comment(number, 'superseded', `Closed by PatchBot: ${why}.`);
    await requests.close(number);
  }
}

/** Does something once for several titles: what goes wrong is the failure of each. */
async function forAll(
  outcome: Outcome,
  titles: readonly Title[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const title of titles) outcome.fail(title, error);
  }
}

function unchanged(outcome: Outcome, vouched: readonly Standing[]): void {
  const said = new Set(outcome.rows.map(({ slug }) => slug));
  for (const title of vouched.flatMap(({ titles }) => titles))
    if (!said.has(title.slug)) outcome.add(title, 'nothing', 'what it runs has not changed');
}
