import { placeHold } from '../lifecycle/changes.ts';
import { jamfHoldText } from '../lifecycle/jamf-hold.ts';
import { decideProposal } from '../lifecycle/proposing.ts';
import type { StepOf } from '../lifecycle/step.ts';
import type { TitleChange } from '../state/commit.ts';
import type { FoundTitle } from './gather.ts';
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
  if (!(await stillHeldInJamf(run, found, step))) {
    const unclear = 'Jamf Pro does not say clearly whether it is held; looking again next time';
    return { found, step: { ...step, reason: unclear } };
  }
  const placed = placeHold({
    version: step.version,
    reason: jamfHoldText(step.sign),
    by: 'somebody in Jamf Pro',
    since: momentOf(run).today,
  });
  changes.push({
    slug: title.slug,
    name: title.name,
    what: `${step.version.text} is ${step.reason}`,
    change: placed,
  });
  outcome.did(title, step.reason, step.version.text);
  return { found: { ...found, state: placed(state) }, step };
}

/** A second look with other eyes: a read right after somebody's write can leave things out. */
async function stillHeldInJamf(
  run: Run,
  { testPolicy }: FoundTitle,
  step: StepOf<'held-in-jamf'>,
): Promise<boolean> {
  if (!testPolicy) return false;
  const again = await run.jamf.patchPolicy(testPolicy.id);
  return step.sign === 'test policy disabled'
    ? !again.enabled
    : again.description !== undefined && again.description.trim() === '';
}
