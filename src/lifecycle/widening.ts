import { dayOff } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn } from './hold.ts';
import { jamfHold } from './jamf-hold.ts';
import { pinAdmits } from './pin.ts';
import { ringProgress } from './rings.ts';
import { soakText } from './soak.ts';
import type { StepOf } from './step.ts';
import type { JamfFacts, Moment, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';

/**
 * Whether the version in test goes to its next ring now: its soak in this one is over, the gate is green,
 * and nothing stops it. What it waits for otherwise, `decideProposal` tells.
 *
 * A version that somebody approved before it was through its rings goes on to the next: it is not
 * offered to the fleet before.
 */
export function decideRing(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  { today }: Moment,
): StepOf<'enter-ring'> | undefined {
  const { testing } = state;
  if (!testing || title.halt !== undefined) return undefined;
  const { version } = testing.package;
  if (sameVersion(version, state.offered?.version)) return undefined;
  const { ring, soak, next } = ringProgress(title.rings, testing, today, dayOff(title.freezes));
  if (!next || !soak.over) return undefined;
  if (holdOn(version, state.holds, today) || jamfHold(title, state, jamf)) return undefined;
  if (title.pin && !pinAdmits(title.pin, version)) return undefined;
  if (gateState(title.gate, countsOf(title.rings, testing, jamf)).gate !== 'green')
    return undefined;
  return {
    step: 'enter-ring',
    testing,
    ring: next,
    reason: `${version.text} has soaked ${soakText(ring.soak)} in ring ${ring.name}: it goes to ring ${next.name}`,
  };
}
