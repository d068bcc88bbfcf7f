import { decideProposal } from '../lifecycle/proposing.ts';
import type { TitleChange } from '../state/commit.ts';
import type { FoundTitle } from './gather.ts';
import { holdFromJamf } from './held-in-jamf.ts';
import type { Outcome } from './outcome.ts';
import type { Candidate } from './promotions.ts';
import { momentOf, type Run } from './run.ts';

/**
 * What is to become of the title's version in test. A hold that somebody has placed in Jamf is added to
 * the changes, and counts from here on.
 */
export async function candidateOf(
  run: Run,
  outcome: Outcome,
  changes: TitleChange[],
  found: FoundTitle,
): Promise<Candidate> {
  const { title, state } = found;
  const step = decideProposal(title, state, found.jamf, momentOf(run));
  if (step.step === 'idle') outcome.add(title, 'nothing', step.reason);
  if (step.step !== 'held-in-jamf') return { found, step };
  const held = await holdFromJamf(run, found, step);
  if (!held) {
    const unclear = 'Jamf Pro does not say clearly whether it is held; looking again next time';
    return { found, step: { ...step, reason: unclear } };
  }
  changes.push(held);
  outcome.did(title, step.reason, step.version.text);
  return { found: { ...found, state: held.change(state) }, step };
}
