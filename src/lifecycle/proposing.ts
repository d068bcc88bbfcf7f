import { dayOff, freezeOn } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { pinAgainst } from './pin.ts';
import { enteredRings, ringProgress, ringsText } from './rings.ts';
import { soakText } from './soak.ts';
import type { Step } from './step.ts';
import { unfinishedTest } from './testing.ts';
import type { JamfFacts, Moment, Production, Testing, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';

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
  const { today } = moment;

  const hold = holdOn(version, state.holds, today);
  if (hold) return { step: 'held', version, hold, reason: holdText(hold) };
  const sign = jamfHold(title, state, jamf);
  if (sign)
    return {
      step: 'held-in-jamf',
      version,
      ...sign,
      reason: `held: ${jamfHoldText(sign, title)}`,
    };
  const drift = driftOf(title, testing, jamf);
  if (drift) return { step: 'drifted', version, reason: drift };
  const pinned = pinAgainst(title.pin, version, state);
  if (title.pin && pinned) return { step: 'pinned', version, pin: title.pin, reason: pinned };

  const { ring, soak, next } = ringProgress(title.rings, testing, today, dayOff(title.freezes));
  const inRing = title.rings.length > 1 ? ` in ring ${ring.name}` : '';
  if (!soak.over)
    return {
      step: 'soak',
      version,
      progress: soak,
      reason: `soaking${inRing} until ${soak.until}, ${soak.done} of ${soakText(soak.of)} done`,
    };

  const gate = gateState(title.gate, countsOf(title.rings, testing, jamf));
  if (gate.gate === 'red')
    return { step: 'gate-red', version, reason: `the test ring fails its gate: ${gate.reason}` };
  if (gate.gate === 'unknown')
    return { step: 'gate-unknown', version, reason: `the gate is not green: ${gate.reason}` };
  if (title.halt !== undefined)
    return { step: 'halted', version, reason: `everything stands still: ${title.halt}` };
  if (next)
    return {
      step: 'soak',
      version,
      progress: soak,
      reason: `soaked${inRing}; next it goes to ring ${next.name}, for ${soakText(next.soak)}`,
    };

  const freeze = freezeOn(today, title.freezes);
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
    progress: soak,
    reason: `${version.text} has been in test since ${testing.since}: soaked ${ringsText(title.rings)}, ${gate.reason}`,
  };
}

/** What a promotion request of this test asks to approve: exactly that package, on the record of its test. */
export function proposedProduction(testing: Testing): Production {
  return {
    package: testing.package,
    ...(testing.definition && { definition: testing.definition }),
    tested: testing.since,
  };
}

/**
 * The testers are offered another version than the one in test, by somebody's hand or by a run that was
 * cut short: then its soak is none, until the test stage or a person has put that right.
 */
function driftOf(title: Title, testing: Testing, jamf: JamfFacts): string | undefined {
  const wanted = testing.definition;
  if (!wanted) return undefined;
  for (const ring of enteredRings(title.rings, testing)) {
    const policy = jamf.rings?.get(ring.name);
    if (policy?.target && !sameVersion(policy.target, wanted))
      return `the patch policy "${ring.policy}" targets ${policy.target.text} in Jamf Pro, but ${wanted.text} is in test`;
  }
  return undefined;
}
