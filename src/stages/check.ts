import { join } from 'node:path';
import type { Temporal } from 'temporal-polyfill';
import {
  branchKind,
  type GitHub,
  type Plan,
  type PullChanges,
  planText,
} from '../github/github.ts';
import type { Title } from '../lifecycle/title.ts';
import type { Recipes } from '../recipes/read.ts';
import { checkPromotion } from './check-promotion.ts';
import { checkStates } from './check-states.ts';
import { type Merged, mergedFolders } from './merged.ts';
import { Outcome } from './outcome.ts';
import { planOf } from './plan.ts';
import { conditionContexts } from './request.ts';
import { lacksOverride } from './trusted.ts';

/** Where the overrides are, in the repository. */
const overridesPath = 'recipes/overrides';

/** What a check of a pull request works with: the repository, and no credentials of Jamf Pro. */
export interface CheckRun {
  /** The working copy of the base branch, whose code this is: the request's own is only read. */
  readonly folder: string;
  readonly github: GitHub;
  readonly number: number;
  readonly now: () => Temporal.Instant;
  readonly log: (line: string) => void;
}

/**
 * The check of a pull request. A promotion request must be exactly what PatchBot would propose. In any
 * other, what it changes in recipes/ and state/ must be well, must not promote anything untested, and
 * a comment shows what the next runs would do differently.
 */
export async function check(run: CheckRun): Promise<Outcome> {
  const outcome = new Outcome('check', false);
  const changes = await run.github.changes(run.number);
  if (!changes) throw new Error(`there is no pull request #${run.number}`);
  const merged = await mergedFolders(run.folder, run.github, changes);
  try {
    const kind = kindOf(changes);
    if (kind) await checkPromotion(run.github, outcome, changes, merged);
    else await checkCatalog(run, outcome, changes, merged);
    if (!kind || kind === 'rollback') await sayNoPromotion(run, outcome, changes);
  } finally {
    await merged.remove();
  }
  return outcome;
}

/** What PatchBot asks for by it; a fork may name its branch as it likes, and that makes it none of those. */
function kindOf({ here, branch }: PullChanges) {
  return here ? branchKind(branch)?.kind : undefined;
}

/**
 * Rules can require the conditions of promotions for whole branches: a request that is none waits for
 * none of them, and would wait for ever if nobody said so. That goes for GitHub's own reverts, too.
 */
async function sayNoPromotion(
  run: CheckRun,
  outcome: Outcome,
  { head }: PullChanges,
): Promise<void> {
  const description = 'no promotion: it waits for nothing';
  try {
    await run.github.statuses.ensure(
      head,
      conditionContexts.map((context) => ({ context, state: 'success' as const, description })),
    );
  } catch (error) {
    const text = `its statuses could not be set, for which rules may wait: ${error instanceof Error ? error.message : String(error)}`;
    outcome.rows.push({ slug: 'patchbot', title: 'The conditions', did: 'warned', text });
  }
}

async function checkCatalog(
  run: CheckRun,
  outcome: Outcome,
  changes: PullChanges,
  merged: Merged,
): Promise<void> {
  await checkStates(run.github, outcome, changes, merged);
  outcome.problems(merged.newProblems);
  await checkOverrides(outcome, merged);
  for (const { title, text } of merged.warnings)
    outcome.rows.push({ slug: 'patchbot', title, did: 'warned', text });
  const plan = await planOf(merged, run.now());
  for (const { slug, name, after, changed } of plan.titles)
    outcome.rows.push({
      slug,
      title: name,
      did: 'nothing',
      text: [...changed, after === undefined ? 'no longer looked after' : `next: ${after}`].join(
        '; ',
      ),
    });
  if (merged.touchesCatalog) await comment(run, outcome, plan);
}

/** A title whose recipe has no override would only be noticed by the build; what is so already is let be. */
async function checkOverrides(outcome: Outcome, merged: Merged): Promise<void> {
  const lacking = async (recipes: Recipes | undefined, folder: string) => {
    const lacks = new Map<string, { title: Title; text: string }>();
    for (const title of recipes?.titles ?? []) {
      const text = recipes && (await lacksOverride(title, recipes, join(folder, overridesPath)));
      if (text !== undefined) lacks.set(title.slug, { title, text });
    }
    return lacks;
  };
  const before = await lacking(merged.before, merged.beforeFolder);
  for (const [slug, { title, text }] of await lacking(merged.after, merged.afterFolder))
    if (before.get(slug)?.text !== text) outcome.fail(title, text);
}

/** The plan as a comment, kept up to date; without it the check says the same in its summary. */
async function comment(run: CheckRun, outcome: Outcome, plan: Plan): Promise<void> {
  try {
    await run.github.requests.comment(run.number, 'plan', planText(plan));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    run.log(`The plan could not be written below the pull request: ${why}`);
    outcome.rows.push({
      slug: 'patchbot',
      title: 'The plan',
      did: 'warned',
      text: `it is only here, not below the pull request: ${why}`,
    });
  }
}
