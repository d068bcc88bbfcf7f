import type { Slug, TitleState } from '../lifecycle/title.ts';
import { commitChanges, type TitleChange } from '../state/commit.ts';
import type { Outcome } from './outcome.ts';
import { type Run, repositoryOf, trailersOf } from './run.ts';

/**
 * Records what a stage did in one commit on main. Jamf has been changed by then, so a commit that
 * can't be made is told, and the next run finds Jamf as it should be and records it.
 *
 * @returns the state of each changed title as it now stands.
 */
export async function record(
  run: Run,
  outcome: Outcome,
  changes: readonly TitleChange[],
): Promise<ReadonlyMap<Slug, TitleState>> {
  if (run.dryRun || changes.length === 0) return new Map();
  try {
    const committed = await commitChanges(
      repositoryOf(run),
      outcome.stage,
      changes,
      trailersOf(run),
    );
    outcome.problems(committed.problems);
    return committed.states;
  } catch (error) {
    outcome.failRun(
      new Error(
        `what was done could not be recorded in state/ (run the ${outcome.stage} stage again, it will find its work done and record it): ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
    return new Map();
  }
}
