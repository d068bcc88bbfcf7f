import { Temporal } from 'temporal-polyfill';
import { dayOff } from './freeze.ts';
import { countsOf, type GateState, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { pinAdmits, pinText } from './pin.ts';
import { ringProgress } from './rings.ts';
import type { IsDayOff } from './soak.ts';
import type { JamfFacts, Moment, Testing, Title, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** Whether a newer version may take the place of the one in test, and why. */
export type Verdict = { readonly may: boolean; readonly reason: string };

/**
 * Rule 4: a version in test is not pushed out by a newer one, but for good cause. It is held, was stopped
 * in Jamf, fails its gate or is not what the title is pinned to; or it has stood ready for longer than
 * the title's patience.
 */
export function mayTakePlaceOf(
  inTest: Testing,
  newer: Version,
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
): Verdict {
  const { version } = inTest.package;
  if (title.newer === 'restart')
    return {
      may: true,
      reason: `the title says "newer: restart", so the clock starts anew with ${newer.text}`,
    };
  const hold = holdOn(version, state.holds, moment.today);
  if (hold) return { may: true, reason: `${version.text} is ${holdText(hold)}` };
  const sign = jamfHold(title, state, jamf);
  if (sign) return { may: true, reason: jamfHoldText(sign, title) };
  if (title.pin && !pinAdmits(title.pin, version))
    return { may: true, reason: `the title is pinned to ${pinText(title.pin)}` };
  const gate = gateState(title.gate, countsOf(title.rings, inTest, jamf));
  if (gate.gate === 'red') return { may: true, reason: `it fails its gate (${gate.reason})` };
  return patience(inTest, newer, title, state, moment, gate);
}

/**
 * How long a version that has soaked keeps its place, whether it waits for an approval or for its gate.
 * Days of a freeze do not count, as nobody could approve it then; nor, for a title that is kept one
 * release behind, do those before there was a newer one.
 */
function patience(
  inTest: Testing,
  newer: Version,
  title: Title,
  state: TitleState,
  { today }: Moment,
  gate: GateState,
): Verdict {
  const { version } = inTest.package;
  const isOff = dayOff(title.freezes);
  const { ring, soak, next } = ringProgress(title.rings, inTest, today, isOff);
  const inRing = title.rings.length > 1 ? ` in ring ${ring.name}` : '';
  if (!soak.over) {
    const then = next ? `, and then in ring ${next.name}` : '';
    return { may: false, reason: `${version.text} soaks${inRing} until ${soak.until}${then}` };
  }
  const ready =
    title.pin?.to.kind === 'behind' ? later(soak.until, built(newer, state)) : soak.until;
  const keeps = lastDay(ready, title.patience, isOff);
  const stands =
    gate.gate === 'unknown'
      ? `has soaked${inRing}, but its gate is not green`
      : next
        ? `has soaked${inRing}`
        : 'is ready';
  return Temporal.PlainDate.compare(today, keeps) > 0
    ? {
        may: true,
        reason: `it ${stands} since ${ready}, longer than the ${title.patience} days of "patience"`,
      }
    : {
        may: false,
        reason: `${version.text} ${stands} since ${ready} and keeps its place through ${keeps}`,
      };
}

function built(newer: Version, { waiting }: TitleState): Temporal.PlainDate | undefined {
  return sameVersion(waiting?.version, newer) ? waiting?.since : undefined;
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate | undefined): Temporal.PlainDate {
  return b && Temporal.PlainDate.compare(b, a) > 0 ? b : a;
}

/** The last of so many days after a day, those of a freeze not counted. */
function lastDay(from: Temporal.PlainDate, days: number, isOff: IsDayOff): Temporal.PlainDate {
  let last = from;
  const horizon = from.add({ years: 10 });
  for (let left = days; left > 0 && Temporal.PlainDate.compare(last, horizon) < 0; ) {
    last = last.add({ days: 1 });
    if (!isOff(last)) left -= 1;
  }
  return last;
}
