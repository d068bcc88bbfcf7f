import { describe, expect, it } from 'vitest';
import { calendar, type Forecast, forecast } from '../../src/lifecycle/forecast.ts';
import type { JamfFacts, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { openingText } from '../../src/lifecycle/window.ts';
import { at, built, day, definitions, firefox, inTest, ringOf } from './given.ts';

const testing = inTest('127.0', '2026-11-16');
const testedNow: TitleState = { package: testing.package, testing };

function text(its: Forecast): string {
  if (its.comes === 'not') return its.reason;
  const needs = its.needs.length > 0 ? `, needs ${its.needs.join(' and ')}` : '';
  return `${its.version.text} on ${openingText(its.at)}${needs}`;
}
const foresee = (
  state: TitleState,
  now = '2026-11-19',
  title: Partial<Title> = {},
  jamf: JamfFacts = {},
) => text(forecast(firefox(title), state, jamf, at(now)));

describe('the forecast of a title', () => {
  it('is the first window after its soak, if somebody approves', () => {
    expect(foresee(testedNow)).toBe('127.0 on 2026-11-23 at 08:00, needs approval');
    expect(foresee(testedNow, '2026-11-19', { approval: 'auto' })).toBe(
      '127.0 on 2026-11-23 at 08:00',
    );
  });

  it('is the next window for a version that is merged on a Friday', () => {
    const merged = { ...testedNow, production: { package: testing.package } };
    expect(foresee(merged, '2026-11-27 17:00')).toBe('127.0 on 2026-11-30 at 08:00');
    expect(foresee(merged, '2026-11-30 10:15')).toBe('127.0 on 2026-11-30 at 10:15');
  });

  it('passes over a freeze', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-12-01'), reason: 'audit' }];
    expect(foresee(testedNow, '2026-11-19', { freezes })).toContain('127.0 on 2026-12-02 at 08:00');
  });

  it('goes through the rings that are still to come', () => {
    const rings: Title['rings'] = [
      { name: 'pilot', soak: { days: 7, kind: 'days' }, policy: 'P' },
      { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'E' },
    ];
    const begun = { ...testing, rings: new Map([['pilot', testing.since]]) };
    expect(foresee({ ...testedNow, testing: begun }, '2026-11-19', { rings })).toContain(
      '127.0 on 2026-11-30 at 08:00',
    );
  });

  it('begins with a test that is yet to start', () => {
    const jamf = {
      definitions: definitions('127.0'),
      ...ringOf({ enabled: true, target: version('126.0') }),
    };
    expect(foresee({ package: testing.package }, '2026-11-19', {}, jamf)).toContain(
      '127.0 on 2026-11-26 at 08:00',
    );
  });

  it('waits for a hold that ends by itself, and has no date for one that does not', () => {
    const hold = { reason: 'audit', by: 'bea', since: day('2026-11-17') };
    const until = { ...hold, until: day('2026-12-03') };
    expect(foresee({ ...testedNow, holds: [until] })).toContain('127.0 on 2026-12-03 at 08:00');
    expect(foresee({ ...testedNow, holds: [hold] })).toBe('held by bea since 2026-11-17: audit');
  });

  it('hopes for a gate that is not green yet, and says so; not for one that is red', () => {
    const gate = { installs: 3, failures: 0 };
    const policy = { enabled: true, target: version('127.0') };
    const jamf = (completed: number, failed: number) =>
      ringOf({ ...policy, counts: { completed, failed, pending: 0 } });
    expect(foresee(testedNow, '2026-11-19', { gate }, jamf(1, 0))).toBe(
      '127.0 on 2026-11-23 at 08:00, needs approval and gate',
    );
    expect(foresee(testedNow, '2026-11-23', { gate }, jamf(1, 1))).toMatch(/fails its gate/);
  });

  it.each<[string, TitleState, Partial<Title>, JamfFacts, RegExp]>([
    ['everything stands still', testedNow, { halt: 'a storm' }, {}, /stands still: a storm/],
    [
      'the title is pinned',
      testedNow,
      { pin: { to: { kind: 'begins', with: '126' }, reason: 'tax' } },
      {},
      /pinned to 126/,
    ],
    ['there is nothing new', {}, {}, {}, /not built a package/],
    [
      'no patch definition is there',
      { package: built('127.0') },
      {},
      { definitions: [] },
      /no patch definition of 127.0/,
    ],
    [
      'no window ever opens',
      testedNow,
      { freezes: [{ from: day('2026-11-01'), to: day('2040-01-01'), reason: 'merger' }] },
      {},
      /through 2040-01-01: merger/,
    ],
  ])('has no date when %s', (_, state, title, jamf, reason) => {
    expect(foresee(state, '2026-11-23', title, jamf)).toMatch(reason);
  });
});

it('the calendar lists the nearest first, and leaves out what has no date', () => {
  const of = (now: string, state: TitleState) => ({
    forecast: forecast(firefox(), state, {}, at(now)),
    now,
  });
  const titles = [of('2026-11-25', testedNow), of('2026-11-19', {}), of('2026-11-23', testedNow)];
  expect(calendar(titles).map(({ now }) => now)).toEqual(['2026-11-23', '2026-11-25']);
});
