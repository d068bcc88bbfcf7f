import { describe, expect, it } from 'vitest';
import { decideTest } from '../../src/lifecycle/testing.ts';
import type { JamfFacts, PatchPolicyFacts, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, definitions, firefox, inTest, ringOf } from './given.ts';

const decide = (
  state: TitleState,
  now = '2026-11-23',
  jamf: JamfFacts = { definitions: definitions('128.0', '127.0', '126.0') },
  title: Partial<Title> = {},
) => decideTest(firefox(title), state, jamf, at(now));

describe('a new package', () => {
  const state: TitleState = { package: built('127.0') };

  it('makes Jamf be asked for its patch definition, and no other time is it asked', () => {
    expect(decide(state, '2026-11-23', {}).step).toBe('look-up-definition');
    expect(decide({}, '2026-11-23', {}).step).toBe('idle');
    expect(
      decide({ ...state, testing: inTest('127.0', '2026-11-23') }, '2026-11-23', {}).step,
    ).toBe('idle');
  });

  it('goes to test when its patch definition is there', () => {
    expect(decide(state)).toMatchObject({
      step: 'start-test',
      package: built('127.0'),
      definition: { version: version('127.0') },
    });
  });

  it('waits for its patch definition, and says since when', () => {
    const waiting = { version: version('127.0'), since: day('2026-11-21') };
    expect(
      decide({ ...state, waiting }, '2026-11-23', { definitions: definitions('126.0') }),
    ).toMatchObject({
      step: 'wait-for-definition',
      overdue: false,
      reason: 'Jamf has no patch definition of 127.0 yet; it has waited since 2026-11-21',
    });
  });

  it('that has waited too long is told each day', () => {
    const waiting = { version: version('127.0'), since: day('2026-11-20') };
    const none = { definitions: [] };
    expect(decide({ ...state, waiting }, '2026-11-22', none)).toMatchObject({ overdue: false });
    expect(decide({ ...state, waiting }, '2026-11-23', none)).toMatchObject({ overdue: true });
  });

  it('whose definition could be either of two waits for a person to say which', () => {
    const two = { definitions: definitions('127.0 (1)', '127.0 (2)') };
    expect(decide(state, '2026-11-23', two)).toMatchObject({
      step: 'definition-ambiguous',
      reason: expect.stringContaining(
        '"127.0 (1)", "127.0 (2)"; say which by "definition-version"',
      ),
    });
  });

  it('needs no definition where the title has no patch title', () => {
    const step = decide(state, '2026-11-23', {}, { patch: 'none' });
    expect(step).toMatchObject({ step: 'start-test' });
    expect(step).not.toHaveProperty('definition');
  });

  it('that is older than what production has is left alone', () => {
    const production = { package: built('128.0'), definition: version('128.0') };
    expect(decide({ package: built('127.0'), production }).step).toBe('idle');
  });

  it('that is held is not tested', () => {
    const hold = { reason: 'audit', by: 'anna', since: day('2026-11-20') };
    expect(decide({ ...state, holds: [hold] })).toMatchObject({ step: 'held' });
  });

  it('goes to test at once after the one before it was approved', () => {
    const before = inTest('126.0', '2026-11-10');
    const production = { package: before.package, definition: version('126.0') };
    const step = decide({ ...state, testing: before, production });
    expect(step).toMatchObject({ step: 'start-test' });
    expect(step).not.toHaveProperty('instead');
  });

  it('of the version in test starts its test anew: what was tested is not what it holds', () => {
    const rebuilt = built('127.0', 2);
    const anew = { package: rebuilt, testing: inTest('127.0', '2026-11-10') };
    expect(decide(anew)).toMatchObject({
      step: 'start-test',
      package: rebuilt,
      reason: expect.stringContaining('its package was built anew'),
    });
    const production = { package: built('127.0'), definition: version('127.0') };
    expect(decide({ ...anew, production }).step).toBe('idle');
  });

  it('that was rolled back from is not tested again while Jamf still offers it', () => {
    const offered = {
      version: version('127.0'),
      digest: built('127.0').digest,
      since: day('2026-11-20'),
    };
    const production = { package: built('126.0'), definition: version('126.0') };
    expect(decide({ ...state, production, offered }).step).toBe('idle');
  });
});

describe('a package that is built goes no further', () => {
  const state: TitleState = { package: built('127.0') };

  it('while everything stands still', () => {
    expect(decide(state, '2026-11-23', undefined, { halt: 'a storm' })).toMatchObject({
      step: 'halted',
      reason: '127.0 is built, but everything stands still: a storm',
    });
  });

  it('when the title is pinned to others', () => {
    const pin: Title['pin'] = {
      to: { kind: 'exactly', version: version('126.0') },
      reason: 'the tax plug-in',
    };
    expect(decide(state, '2026-11-23', undefined, { pin })).toMatchObject({
      step: 'pinned',
      reason: '127.0 is built, but the title is pinned to 126.0 (the tax plug-in)',
    });
    expect(decide({ package: built('126.0') }, '2026-11-23', undefined, { pin }).step).toBe(
      'start-test',
    );
  });
});

describe('the version in test goes to the next ring', () => {
  const rings: Title['rings'] = [
    { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'Firefox Pilot' },
    { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'Firefox Early' },
  ];
  const testing = {
    ...inTest('127.0', '2026-11-16'),
    rings: new Map([['pilot', day('2026-11-16')]]),
  };
  const state: TitleState = { package: built('127.0'), testing };
  const jamf = (pilot: Partial<PatchPolicyFacts> = {}): JamfFacts => ({
    rings: new Map([
      ['pilot', { enabled: true, target: version('127.0'), ...pilot }],
      ['early', { enabled: false, target: version('126.0') }],
    ]),
  });
  const step = (now: string, title: Partial<Title> = {}, of = state, facts = jamf()) =>
    decide(of, now, facts, { rings, ...title });

  it('when it has soaked in the one before', () => {
    expect(step('2026-11-17').step).toBe('idle');
    expect(step('2026-11-18')).toMatchObject({
      step: 'enter-ring',
      ring: { name: 'early' },
      reason: '127.0 has soaked 2 days in ring pilot: it goes to ring early',
    });
  });

  it('and not a second time', () => {
    const entered = new Map([...testing.rings, ['early', day('2026-11-18')] as const]);
    expect(step('2026-11-18', {}, { ...state, testing: { ...testing, rings: entered } }).step).toBe(
      'idle',
    );
  });

  it('while a newer package waits its turn', () => {
    expect(step('2026-11-18', {}, { ...state, package: built('128.0') }).step).toBe('enter-ring');
  });

  it('even when somebody has approved it already, as the fleet does not get it before', () => {
    const production = { package: built('127.0') };
    expect(step('2026-11-18', {}, { ...state, production }).step).toBe('enter-ring');
  });

  it.each<[string, Partial<Title>, TitleState, JamfFacts]>([
    [
      'it is held',
      {},
      { ...state, holds: [{ reason: 'x', by: 'bea', since: day('2026-11-17') }] },
      jamf(),
    ],
    ['it is stopped in Jamf', {}, state, jamf({ enabled: false })],
    ['everything stands still', { halt: 'a storm' }, state, jamf()],
    ['its gate is unknown', { gate: { installs: 3 } }, state, jamf()],
    [
      'its gate is red',
      { gate: { installs: 0, failures: 0 } },
      state,
      jamf({ counts: { completed: 3, failed: 1, pending: 0 } }),
    ],
    [
      'the title is pinned to others',
      { pin: { to: { kind: 'begins', with: '126' }, reason: 'x' } },
      state,
      jamf(),
    ],
  ])('but not when %s', (_, title, of, facts) => {
    expect(step('2026-11-18', title, of, facts).step).not.toBe('enter-ring');
  });
});

describe('a newer package, while a version is in test,', () => {
  const state: TitleState = { package: built('128.0'), testing: inTest('127.0', '2026-11-16') };
  const known = definitions('128.0', '127.0', '126.0');
  const policy = { enabled: true, target: version('127.0'), description: 'Update' };

  it('waits its turn while that one soaks', () => {
    expect(decide(state, '2026-11-20')).toMatchObject({
      step: 'wait-its-turn',
      behind: version('127.0'),
      reason: '128.0 waits its turn: 127.0 soaks until 2026-11-23',
    });
  });

  it('waits its turn while that one stands ready for approval, for as long as the patience is', () => {
    expect(decide(state, '2026-11-23').reason).toBe(
      '128.0 waits its turn: 127.0 is ready since 2026-11-23 and keeps its place through 2026-12-07',
    );
    expect(decide(state, '2026-12-07').step).toBe('wait-its-turn');
    expect(decide(state, '2026-12-08')).toMatchObject({
      step: 'start-test',
      instead: version('127.0'),
      reason: expect.stringContaining('longer than the 14 days of "patience"'),
    });
  });

  it('takes its place when that one is held', () => {
    const hold = {
      version: version('127.0'),
      reason: 'crashes',
      by: 'carl',
      since: day('2026-11-17'),
    };
    expect(decide({ ...state, holds: [hold] }, '2026-11-18')).toMatchObject({
      step: 'start-test',
      instead: version('127.0'),
      reason: expect.stringContaining('in the place of 127.0: 127.0 is held by carl'),
    });
  });

  it('takes its place when that one was stopped in Jamf', () => {
    const test = { ...policy, enabled: false };
    expect(decide(state, '2026-11-18', { definitions: known, ...ringOf(test) })).toMatchObject({
      step: 'start-test',
      instead: version('127.0'),
    });
  });

  it('takes its place when that one fails its gate', () => {
    const test = { ...policy, counts: { completed: 9, failed: 2, pending: 0 } };
    const gate = { installs: 1, failures: 1 };
    expect(
      decide(state, '2026-11-18', { definitions: known, ...ringOf(test) }, { gate }),
    ).toMatchObject({
      step: 'start-test',
      reason: expect.stringContaining('it fails its gate (9 installed, 2 failed'),
    });
  });

  it('does not run out of patience in a freeze, in which nobody could approve it', () => {
    const freezes = [{ from: day('2026-11-24'), to: day('2026-11-30'), reason: 'quarter end' }];
    const step = (now: string) => decide(state, now, undefined, { freezes });
    expect(step('2026-12-14').step).toBe('wait-its-turn');
    expect(step('2026-12-15').step).toBe('start-test');
  });

  it('takes its place when its gate does not turn green for as long as the patience is', () => {
    const jamf = { definitions: known, ...ringOf(policy) };
    const gate = { installs: 3 };
    expect(decide(state, '2026-12-07', jamf, { gate }).reason).toBe(
      '128.0 waits its turn: 127.0 has soaked, but its gate is not green since 2026-11-23 and keeps its place through 2026-12-07',
    );
    expect(decide(state, '2026-12-08', jamf, { gate }).step).toBe('start-test');
  });

  it('takes its place when the title is pinned to others', () => {
    const pin: Title['pin'] = { to: { kind: 'begins', with: '128' }, reason: 'x' };
    expect(decide(state, '2026-11-18', { definitions: known }, { pin })).toMatchObject({
      step: 'start-test',
      reason: expect.stringContaining('the title is pinned to 128.* (x)'),
    });
  });

  it('is what that one waited for, where the title stays one release behind', () => {
    const pin: Title['pin'] = { to: { kind: 'behind' }, reason: 'x' };
    const late = { ...state, waiting: { version: version('128.0'), since: day('2027-01-10') } };
    expect(decide(late, '2027-01-10', undefined, { pin }).step).toBe('wait-its-turn');
    expect(decide(late, '2027-01-25', undefined, { pin }).step).toBe('start-test');
  });

  it('takes its place at once where the title says so', () => {
    expect(decide(state, '2026-11-18', { definitions: known }, { newer: 'restart' })).toMatchObject(
      { step: 'start-test', instead: version('127.0') },
    );
  });

  it('that has no definition yet leaves that one in its place, even when it is held', () => {
    const hold = {
      version: version('127.0'),
      reason: 'crashes',
      by: 'carl',
      since: day('2026-11-17'),
    };
    const step = decide({ ...state, holds: [hold] }, '2026-11-18', {
      definitions: definitions('127.0'),
    });
    expect(step.step).toBe('wait-for-definition');
  });

  it('that is itself held does not take its place', () => {
    const hold = { reason: 'audit', by: 'anna', since: day('2026-11-17') };
    expect(decide({ ...state, holds: [hold] }, '2026-11-18').step).toBe('held');
  });
});
