import { dayOff, freezeOn } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { pinAgainst } from './pin.ts';
import { proofOf } from './proof.ts';
import { ringProgress, ringsText } from './rings.ts';
import { soakText } from './soak.ts';
import type { JamfFacts, Moment, Production, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';
import { openingText, windowState, windowsText } from './window.ts';

/** One of the conditions under which a version reaches the fleet, as it stands at a moment. */
export interface Condition {
  readonly name: 'soak' | 'gate' | 'hold' | 'window';
  /** `waits`: time will tell, or the test ring; `broken`: a person has to do something. */
  readonly state: 'met' | 'waits' | 'broken';
  /** In words, with its date. */
  readonly reason: string;
}

/**
 * How the version of a promotion request stands to each condition. An emergency skips them all but the
 * hold (design, chapter 2). A halt and a pin are holds of another kind, and count there.
 */
export function conditionsOf(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
  to: Production,
): readonly Condition[] {
  const { emergency } = to;
  if (emergency) {
    const skipped = { state: 'met', reason: `skipped: emergency by ${emergency.by}` } as const;
    return [
      { name: 'soak', ...skipped },
      { name: 'gate', ...skipped },
      { name: 'hold', ...hold(title, state, jamf, moment, to) },
      { name: 'window', ...skipped },
    ];
  }
  return [
    { name: 'soak', ...soak(title, state, moment, to) },
    { name: 'gate', ...gate(title, state, jamf, to) },
    { name: 'hold', ...hold(title, state, jamf, moment, to) },
    { name: 'window', ...window(title, moment) },
  ];
}

type Standing = Pick<Condition, 'state' | 'reason'>;

function soak(title: Title, state: TitleState, { today }: Moment, to: Production): Standing {
  const { version, digest } = to.package;
  const proof = proofOf(title, to, state, today);
  switch (proof.proof) {
    case 'offered before':
      return { state: 'met', reason: `the fleet was offered ${version.text} before` };
    case 'none':
      return { state: 'broken', reason: `${version.text} is not the version in test` };
    case 'soaked':
      return {
        state: 'met',
        reason: `soaked ${ringsText(title.rings)}, over since ${proof.since}`,
      };
    case 'soaking': {
      const { testing } = state;
      if (testing?.package.digest !== digest)
        return { state: 'waits', reason: `soaks until ${proof.progress.until}` };
      const { ring, soak, next } = ringProgress(title.rings, testing, today, dayOff(title.freezes));
      const inRing = title.rings.length > 1 ? ` in ring ${ring.name}` : '';
      const then = next ? `, then goes to ring ${next.name}` : '';
      return {
        state: 'waits',
        reason: `soaks${inRing} until ${soak.until}, ${soak.done} of ${soakText(soak.of)} done${then}`,
      };
    }
  }
}

function gate(title: Title, { testing }: TitleState, jamf: JamfFacts, to: Production): Standing {
  const isInTest = testing?.package.digest === to.package.digest;
  const counts = isInTest ? countsOf(title.rings, testing, jamf) : undefined;
  const { gate, reason } = gateState(title.gate, counts);
  const states = { green: 'met', red: 'broken', unknown: 'waits' } as const;
  return { state: states[gate], reason };
}

function hold(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  { today }: Moment,
  to: Production,
): Standing {
  const { version } = to.package;
  const held = holdOn(version, state.holds, today);
  if (held) return { state: 'broken', reason: holdText(held) };
  const isInTest = sameVersion(state.testing?.package.version, version);
  const sign = isInTest ? jamfHold(title, state, jamf) : undefined;
  if (sign) return { state: 'broken', reason: `held: ${jamfHoldText(sign, title)}` };
  const isCaution = to.emergency && title.pin?.to.kind === 'behind';
  const pinned = isCaution ? undefined : pinAgainst(title.pin, version, state);
  if (pinned) return { state: 'broken', reason: pinned };
  if (title.halt !== undefined && !to.emergency)
    return { state: 'broken', reason: `everything stands still: ${title.halt}` };
  return { state: 'met', reason: 'nobody holds it' };
}

function window(title: Title, { now, today }: Moment): Standing {
  const freeze = freezeOn(today, title.freezes);
  if (freeze)
    return {
      state: 'waits',
      reason: `nothing is promoted through ${freeze.to}: ${freeze.reason}`,
    };
  const window = windowState(title.windows, now, dayOff(title.freezes));
  if (window.open)
    return { state: 'met', reason: `open ${windowsText(title.windows, now.timeZoneId)}` };
  if (!window.opens)
    return { state: 'broken', reason: 'no window opens in the next year: see "windows"' };
  return {
    state: 'waits',
    reason: `opens ${openingText(window.opens)}; a merge waits until then`,
  };
}
