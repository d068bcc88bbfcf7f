import { placeHold } from '../lifecycle/changes.ts';
import { jamfHoldText } from '../lifecycle/jamf-hold.ts';
import type { StepOf } from '../lifecycle/step.ts';
import type { TitleChange } from '../state/commit.ts';
import type { FoundTitle } from './gather.ts';
import { momentOf, type Run } from './run.ts';

/**
 * The hold that a person has placed in Jamf (design, rule 7), to be recorded; nothing when a second look
 * does not confirm it.
 */
export async function holdFromJamf(
  run: Run,
  found: FoundTitle,
  step: StepOf<'held-in-jamf'>,
): Promise<TitleChange | undefined> {
  if (!(await isStillSo(run, found, step))) return undefined;
  const { title } = found;
  const { version, reason } = step;
  return {
    slug: title.slug,
    name: title.name,
    what: `${version.text} is ${reason}`,
    change: placeHold({
      version,
      reason: jamfHoldText(step, title),
      by: 'somebody in Jamf Pro',
      since: momentOf(run).today,
    }),
  };
}

/** A second look with other eyes: a read right after somebody's write can leave things out. */
async function isStillSo(
  run: Run,
  { rings }: FoundTitle,
  step: StepOf<'held-in-jamf'>,
): Promise<boolean> {
  const policy = rings.find(({ ring }) => ring.name === step.ring)?.policy;
  if (!policy) return false;
  const again = await run.jamf.patchPolicy(policy.id);
  return step.sign === 'test policy disabled'
    ? !again.enabled
    : again.description !== undefined && again.description.trim() === '';
}
