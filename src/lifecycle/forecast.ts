import type { Temporal } from 'temporal-polyfill';
import { approve, enterRing, startTest } from './changes.ts';
import { dayOff } from './freeze.ts';
import { decidePromotion } from './promoting.ts';
import { decideProposal, proposedProduction } from './proposing.ts';
import type { Step } from './step.ts';
import { decideTest } from './testing.ts';
import { type JamfFacts, type Moment, moment, type Title, type TitleState } from './title.ts';
import type { Version } from './version.ts';
import { windowState } from './window.ts';

/** When a title's next version reaches the fleet, if nothing else happens. */
export type Forecast =
  | {
      readonly comes: 'on';
      readonly version: Version;
      readonly at: Temporal.ZonedDateTime;
      /** What time alone does not bring: that somebody approves it, that its gate turns green. */
      readonly needs: readonly ('approval' | 'gate')[];
    }
  /** Nothing on the way, or nothing that time alone would bring. */
  | { readonly comes: 'not'; readonly version?: Version; readonly reason: string };

/** How far ahead is looked. */
const horizon = 120;

/**
 * When the title's next version will reach the fleet: the very decisions that the stages act on, made for
 * each coming day, with what they would have done by then. A gate is taken to turn green, unless it is red
 * now, and people to approve on the day on which they are asked.
 */
export function forecast(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  start: Moment,
): Forecast {
  const now = decideProposal(title, state, jamf, start);
  if (now.step === 'gate-red') return { comes: 'not', version: now.version, reason: now.reason };
  const hopeful: Title = { ...title, gate: { installs: 0 } };
  const needs = new Set<'approval' | 'gate'>();
  let then = state;
  let seen = jamf;
  for (let ahead = 0; ; ahead += 1) {
    const day = start.today.add({ days: ahead });
    const at = ahead === 0 ? start : moment(day.toZonedDateTime(start.now.timeZoneId));
    const test = decideTest(hopeful, then, seen, at);
    if (test.step === 'start-test' || test.step === 'enter-ring') {
      then = afterTest(title, then, test, day);
      // What Jamf says of the rings now says nothing of them by then.
      const { rings: _, ...rest } = seen;
      seen = rest;
    }
    const proposal = decideProposal(hopeful, then, seen, at);
    if (proposal.step === 'propose') {
      if (title.approval === 'review') needs.add('approval');
      if (decideProposal(title, then, seen, at).step === 'gate-unknown') needs.add('gate');
      then = approve(proposedProduction(proposal.testing))(then);
    }
    const window = windowState(title.windows, at.now, dayOff(title.freezes));
    const opens = window.open ? at.now : window.opens;
    const open = opens?.toPlainDate().equals(day) ? moment(opens) : at;
    const promotion = decidePromotion(hopeful, then, seen, open);
    if (promotion.step === 'promote')
      return {
        comes: 'on',
        version: promotion.production.package.version,
        at: promotion.production.emergency ? at.now : open.now,
        needs: [...needs],
      };
    const last = [promotion, proposal, test].find(({ step }) => step !== 'idle') ?? test;
    if (ahead >= horizon || !passes(last)) return never(last);
  }
}

function never(last: Step): Forecast {
  const version = 'version' in last ? last.version : undefined;
  return { comes: 'not', ...(version && { version }), reason: last.reason };
}

function afterTest(
  title: Title,
  state: TitleState,
  step: Step,
  day: Temporal.PlainDate,
): TitleState {
  if (step.step === 'start-test')
    return startTest(step.package, step.definition, day, title.rings)(state);
  if (step.step === 'enter-ring')
    return enterRing(step.testing.package.version, step.ring, title.rings, day)(state);
  return state;
}

/** Whether time alone changes what the step waits for. */
function passes(step: Step): boolean {
  switch (step.step) {
    case 'held':
      return step.hold.until !== undefined;
    case 'soak':
    case 'frozen':
    case 'wait-for-window':
    case 'wait-its-turn':
    case 'enter-ring':
    case 'start-test':
    case 'propose':
      return true;
    default:
      return false;
  }
}

/** The forecasts by date, the nearest first; titles without a date are left out. */
export function calendar<Item extends { readonly forecast: Forecast }>(
  titles: readonly Item[],
): readonly Item[] {
  const at = ({ forecast: its }: Item) =>
    its.comes === 'on' ? its.at.epochMilliseconds : Number.POSITIVE_INFINITY;
  return titles.filter((item) => item.forecast.comes === 'on').toSorted((a, b) => at(a) - at(b));
}
