import type { Temporal } from 'temporal-polyfill';
import { freezeOn } from './freeze.ts';
import { gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { soakProgress, soakText } from './soak.ts';
import type { JamfFacts, Moment, Production, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';
import { windowState, windowsText } from './window.ts';

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
 * hold (design, chapter 2).
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
      { name: 'hold', ...hold(state, jamf, moment, to) },
      { name: 'window', ...skipped },
    ];
  }
  return [
    { name: 'soak', ...soak(title, state, moment, to) },
    { name: 'gate', ...gate(title, jamf) },
    { name: 'hold', ...hold(state, jamf, moment, to) },
    { name: 'window', ...window(title, moment) },
  ];
}

type Standing = Pick<Condition, 'state' | 'reason'>;

function soak(title: Title, state: TitleState, { today }: Moment, to: Production): Standing {
  const { testing } = state;
  const { version } = to.package;
  if (!testing || !sameVersion(testing.package.version, version))
    return { state: 'broken', reason: `${version.text} is not the version in test` };
  const { over, until, done } = soakProgress(title.soak, testing.since, today, frozen(title));
  return over
    ? { state: 'met', reason: `soaked ${soakText(title.soak)}, over since ${until}` }
    : { state: 'waits', reason: `soaks until ${until}, ${done} of ${soakText(title.soak)} done` };
}

function gate(title: Title, jamf: JamfFacts): Standing {
  const { gate, reason } = gateState(title.gate, jamf.test?.counts);
  const states = { green: 'met', red: 'broken', unknown: 'waits' } as const;
  return { state: states[gate], reason };
}

function hold(state: TitleState, jamf: JamfFacts, { today }: Moment, to: Production): Standing {
  const held = holdOn(to.package.version, state.hold, today);
  if (held) return { state: 'broken', reason: holdText(held) };
  const isInTest = sameVersion(state.testing?.package.version, to.package.version);
  const sign = isInTest ? jamfHold(state, jamf) : undefined;
  if (sign) return { state: 'broken', reason: `held: ${jamfHoldText(sign)}` };
  return { state: 'met', reason: 'nobody holds it' };
}

function window(title: Title, { now, today }: Moment): Standing {
  const freeze = freezeOn(today, title.freezes);
  if (freeze)
    return {
      state: 'waits',
      reason: `nothing is promoted through ${freeze.to}: ${freeze.reason}`,
    };
  const window = windowState(title.windows, now, frozen(title));
  if (window.open)
    return { state: 'met', reason: `open ${windowsText(title.windows, now.timeZoneId)}` };
  if (!window.opens)
    return { state: 'broken', reason: 'no window opens in the next year: see "windows"' };
  const opens = window.opens.toPlainDateTime().toString({ smallestUnit: 'minute' });
  return {
    state: 'waits',
    reason: `opens ${opens.replace('T', ' at ')}; a merge waits until then`,
  };
}

function frozen(title: Title): (day: Temporal.PlainDate) => boolean {
  return (day) => Boolean(freezeOn(day, title.freezes));
}
