import { freezeOn } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { soakProgress, soakText } from './soak.ts';
import type { Step } from './step.ts';
import { unfinishedTest } from './testing.ts';
import type { JamfFacts, Moment, Title, TitleState } from './title.ts';

/** Whether the version in test is ready to be proposed for production, and if not, why not and when. */
export function decideProposal(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
): Step {
  const testing = unfinishedTest(state);
  if (!testing) return { step: 'idle', reason: 'nothing is in test' };
  const { version } = testing.package;

  const hold = holdOn(version, state.hold, moment.today);
  if (hold) return { step: 'held', version, hold, reason: holdText(hold) };
  const sign = jamfHold(state, jamf);
  if (sign) return { step: 'held-in-jamf', version, sign, reason: `held: ${jamfHoldText(sign)}` };

  const progress = soakProgress(title.soak, testing.since, moment.today, (day) =>
    Boolean(freezeOn(day, title.freezes)),
  );
  if (!progress.over)
    return {
      step: 'soak',
      version,
      progress,
      reason: `soaking until ${progress.until}, ${progress.done} of ${soakText(title.soak)} done`,
    };

  const gate = gateState(title.gate, countsOf(testing, jamf));
  if (gate.gate === 'red')
    return { step: 'gate-red', version, reason: `the test ring fails its gate: ${gate.reason}` };
  if (gate.gate === 'unknown')
    return { step: 'gate-unknown', version, reason: `the gate is not green: ${gate.reason}` };

  const freeze = freezeOn(moment.today, title.freezes);
  if (freeze)
    return {
      step: 'frozen',
      version,
      freeze,
      reason: `nothing is promoted through ${freeze.to}: ${freeze.reason}`,
    };
  return {
    step: 'propose',
    testing,
    progress,
    reason: `${version.text} has been in test since ${testing.since}: soaked ${soakText(title.soak)}, ${gate.reason}`,
  };
}
