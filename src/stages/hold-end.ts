import { decideHoldEnd } from '../lifecycle/hold-end.ts';
import type { TitleChange } from '../state/commit.ts';
import type { KnownTitle } from './gather.ts';
import { Outcome } from './outcome.ts';
import { momentOf, type Run } from './run.ts';
import { tell } from './tell.ts';

/**
 * Takes the holds out of the state whose last day is over, and tells the admins: people wait for that.
 *
 * @returns the titles as they stand without those holds, and the changes to record.
 */
export async function endHolds<Known extends KnownTitle>(
  run: Run,
  titles: readonly Known[],
): Promise<{ titles: readonly Known[]; changes: readonly TitleChange[] }> {
  const outcome = new Outcome('test', run.dryRun);
  const changes: TitleChange[] = [];
  const after = titles.map((known) => {
    const { title, state } = known;
    const end = decideHoldEnd(state, momentOf(run).today);
    if (!end) return known;
    outcome.did(title, end.reason, end.holds[0]?.version?.text);
    changes.push({
      slug: title.slug,
      name: title.name,
      what: end.reason,
      change: end.change,
    });
    return { ...known, state: end.change(state) };
  });
  if (changes.length > 0)
    await tell(run, outcome, {
      audience: 'admins',
      heading: 'Holds that have ended',
      section: 'Moves again',
    });
  return { titles: after, changes };
}
