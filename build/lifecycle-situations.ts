import { Temporal } from 'temporal-polyfill';
import {
  approve,
  type Change,
  placeHold,
  recordOffered,
  recordPackage,
  releaseHold,
  startTest,
} from '../src/lifecycle/changes.ts';
import type { Definition } from '../src/lifecycle/definition.ts';
import { digest, type Package, packageId } from '../src/lifecycle/package.ts';
import { proposedProduction } from '../src/lifecycle/proposing.ts';
import {
  type JamfFacts,
  type Moment,
  moment,
  slug,
  type Title,
  type TitleState,
} from '../src/lifecycle/title.ts';
import { version } from '../src/lifecycle/version.ts';

/** Where an example title is at a moment, with all that its next step depends on. */
export interface Situation {
  readonly title: Title;
  readonly state: TitleState;
  readonly jamf: JamfFacts;
  readonly moment: Moment;
}

/** Something that may happen in any situation. */
export interface Event {
  readonly name: string;
  readonly happen: (before: Situation) => Situation;
}

const at = (text: string) => moment(Temporal.ZonedDateTime.from(`${text}[Europe/Zurich]`));
const day = (text: string) => Temporal.PlainDate.from(text);

const packageOf = (text: string): Package => ({
  version: version(text),
  file: `Firefox-${text}.pkg`,
  size: 1,
  digest: digest(text.replace('.', '').padStart(128, '0')),
  jamfId: packageId(text.replace('.', '')),
});

const [before, current, newer] = [packageOf('1.0'), packageOf('2.0'), packageOf('3.0')];
const definition = (its: Package, releaseDate: string, absoluteOrderId: number): Definition => ({
  version: its.version,
  releaseDate,
  absoluteOrderId,
});
const definitions = [definition(current, '2026-11-15', 1), definition(before, '2026-10-01', 2)];

const title: Title = {
  slug: slug('firefox'),
  name: 'Firefox',
  recipe: 'Firefox.pkg',
  patch: 'Firefox',
  category: 'Browsers',
  policies: { production: 'Firefox Stable', install: 'Install Firefox' },
  rings: [{ name: 'test', soak: { days: 7, kind: 'days' }, policy: 'Firefox Test' }],
  windows: ([1, 2, 3, 4] as const).map((weekday) => ({
    weekday,
    from: Temporal.PlainTime.from('08:00'),
    to: Temporal.PlainTime.from('16:00'),
  })),
  freezes: [],
  gate: { installs: 3, failures: 1 },
  approval: 'review',
  newer: 'finish',
  patience: 14,
  deadline: { test: 3, production: 7 },
  escalateAfter: 3,
  tags: [],
  keep: { versions: 3, days: 30 },
};

const ring = (completed: number, failed: number, enabled = true): JamfFacts => ({
  definitions,
  rings: new Map([
    [
      'test',
      {
        enabled,
        target: current.version,
        description: 'Update Firefox (2026-11-16)',
        counts: { completed, failed, pending: 0 },
      },
    ],
  ]),
});

const make = (...changes: Change[]): TitleState =>
  changes.reduce<TitleState>((state, change) => change(state), {});

const old = { package: before, definition: before.version, tested: day('2026-10-02') };
const inProduction = [
  recordPackage(before, day('2026-10-01')),
  approve(old),
  recordOffered(old, day('2026-10-12')),
];
const built = [...inProduction, recordPackage(current, day('2026-11-16'))];
const inTest = [...built, startTest(current, definitions[0], day('2026-11-16'))];
const tested = proposedProduction({
  package: current,
  definition: current.version,
  since: day('2026-11-16'),
});
const approved = [...inTest, approve(tested)];
const offered = [...approved, recordOffered(tested, day('2026-11-24'))];
const hold = placeHold({
  version: current.version,
  reason: 'crashes',
  by: 'carl',
  since: day('2026-11-17'),
});
const revert: Change = ({ previous, ...state }) =>
  previous ? { ...state, production: previous } : state;

const wednesday = at('2026-11-18T09:00');
const monday = at('2026-11-23T09:00');
const tuesday = at('2026-11-24T09:00');
const friday = at('2026-11-27T09:00');
const green = ring(5, 0);

const here = (state: TitleState, jamf: JamfFacts, now: Moment): Situation => ({
  title,
  state,
  jamf,
  moment: now,
});

/** Every phase of a version's life, by an example of it: 1.0 is in production, and 2.0 on its way. */
export const phases: Readonly<Record<string, Situation>> = {
  'built, no patch definition': here(make(...built), { definitions: [] }, wednesday),
  'built, to be tested': here(make(...built), { definitions }, wednesday),
  'in test': here(make(...inTest), ring(1, 0), wednesday),
  'in test, held': here(make(...inTest, hold), ring(1, 0), wednesday),
  'soaked, gate unknown': here(make(...inTest), ring(1, 0), monday),
  'soaked, gate red': here(make(...inTest), ring(5, 2), monday),
  'ready, to be approved': here(make(...inTest), green, monday),
  'approved, window closed': here(make(...approved), green, friday),
  'approved, window open': here(make(...approved), green, tuesday),
  'in production': here(make(...offered), ring(5, 0, false), friday),
  'taken back on main': here(make(...offered, revert), ring(5, 0, false), friday),
};

const change =
  (how: (situation: Situation) => Change) =>
  (situation: Situation): Situation => ({
    ...situation,
    state: how(situation)(situation.state),
  });

const later = (situation: Situation, days: number): Situation => ({
  ...situation,
  moment: moment(situation.moment.now.add({ days }).with({ hour: 9 })),
});

/** All that may happen to it. */
export const events: readonly Event[] = [
  { name: 'a week passes', happen: (situation) => later(situation, 7) },
  {
    name: 'a week passes and its gate is green',
    happen: (situation) => ({ ...later(situation, 7), jamf: green }),
  },
  // From a Friday to the Tuesday after.
  { name: 'its window opens', happen: (situation) => later(situation, 4) },
  {
    name: 'its patch definition comes',
    happen: (situation) => ({ ...situation, jamf: { ...situation.jamf, definitions } }),
  },
  {
    name: 'a newer version is built',
    happen: (situation) => ({
      ...change(({ moment: { today } }) => recordPackage(newer, today))(situation),
      jamf: {
        ...situation.jamf,
        definitions: [definition(newer, '2026-11-27', 0), ...definitions],
      },
    }),
  },
  { name: 'somebody holds it', happen: change(() => hold) },
  { name: 'the hold is released', happen: change(() => releaseHold()) },
  {
    name: 'its test policy is disabled in Jamf',
    happen: (situation) => ({
      ...situation,
      jamf: {
        ...situation.jamf,
        ...(situation.jamf.rings && { rings: ring(5, 0, false).rings }),
      } as JamfFacts,
    }),
  },
  { name: 'its request is merged', happen: change(() => approve(tested)) },
  { name: 'its request is closed', happen: change(() => hold) },
  {
    name: 'an emergency is approved',
    happen: change(() =>
      approve({
        package: current,
        definition: current.version,
        emergency: { by: 'anna', reason: 'CVE' },
      }),
    ),
  },
  { name: 'the promotion is reverted', happen: change(() => revert) },
  {
    name: 'a freeze begins',
    happen: (situation) => {
      const { today } = situation.moment;
      const freeze = { from: today, to: today.add({ days: 3 }), reason: 'audit' };
      return { ...situation, title: { ...title, freezes: [freeze] } };
    },
  },
  {
    name: 'everything is halted',
    happen: (situation) => ({ ...situation, title: { ...title, halt: 'a storm' } }),
  },
  {
    name: 'it is pinned to 1.*',
    happen: (situation) => ({
      ...situation,
      title: { ...title, pin: { to: { kind: 'begins', with: '1' }, reason: 'a plug-in' } },
    }),
  },
];

/** Which events make sense in a phase: a request can only be merged while it is open. */
export function canHappen(phase: string, event: string): boolean {
  const isOpen = phase === 'ready, to be approved';
  if (event.startsWith('its request')) return isOpen;
  if (event === 'a week passes and its gate is green') return /^(in test|soaked)/.test(phase);
  if (event === 'its window opens') return phase === 'approved, window closed';
  if (event === 'its patch definition comes') return phase === 'built, no patch definition';
  if (event === 'the hold is released') return phase === 'in test, held';
  if (event === 'the promotion is reverted')
    return phase.startsWith('approved') || phase === 'in production';
  if (event === 'an emergency is approved')
    return !['in production', 'taken back on main', 'built, no patch definition'].includes(phase);
  if (event === 'its test policy is disabled in Jamf')
    return /^(in test|soaked|ready|approved)/.test(phase);
  return true;
}
