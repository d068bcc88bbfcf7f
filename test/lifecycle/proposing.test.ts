import { describe, expect, it } from 'vitest';
import { decideProposal, proposedProduction } from '../../src/lifecycle/proposing.ts';
import type { JamfFacts, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, firefox, inTest, oneRing, ringOf } from './given.ts';

const testing = inTest('127.0', '2026-11-16');
const jamf = ringOf({ enabled: true, target: version('127.0'), description: 'Update' });
const counted = (completed: number, failed: number, target = '127.0') =>
  ringOf({ enabled: true, target: version(target), counts: { completed, failed, pending: 0 } });
const decide = (
  now: string,
  title: Partial<Title> = {},
  state: TitleState = { testing },
  facts: JamfFacts = jamf,
) => decideProposal(firefox(title), state, facts, at(now));

describe('a version in test', () => {
  it('soaks, and says until when and how much of it is done', () => {
    expect(decide('2026-11-19')).toMatchObject({
      step: 'soak',
      reason: 'soaking until 2026-11-23, 3 of 7 days done',
    });
  });

  it('is proposed on the day its soak is over, whatever the hour', () => {
    expect(decide('2026-11-22 23:59').step).toBe('soak');
    expect(decide('2026-11-23 00:00')).toMatchObject({ step: 'propose', testing });
  });

  it('is not proposed again once it is approved, or while Jamf still offers it after a revert', () => {
    const production = { package: testing.package };
    const offered = {
      version: testing.package.version,
      digest: testing.package.digest,
      since: day('2026-11-23'),
    };
    expect(decide('2026-11-23', {}, { testing, production }).step).toBe('idle');
    expect(
      decide('2026-11-23', {}, { testing, production: { package: built('126.0') }, offered }).step,
    ).toBe('idle');
  });

  it('that is held is not proposed, and the hold comes before every other reason', () => {
    const hold = {
      version: version('127.0'),
      reason: 'crashes',
      by: 'carl',
      since: day('2026-11-17'),
    };
    expect(decide('2026-11-19', {}, { testing, holds: [hold] })).toMatchObject({
      step: 'held',
      reason: 'held by carl since 2026-11-17: crashes',
    });
    const other = { ...hold, version: version('126.0') };
    expect(decide('2026-11-23', {}, { testing, holds: [other] }).step).toBe('propose');
  });

  it('that somebody has stopped in Jamf is not proposed', () => {
    const disabled = ringOf({ enabled: false, target: version('127.0') });
    expect(decide('2026-11-23', {}, { testing }, disabled)).toMatchObject({
      step: 'held-in-jamf',
      sign: 'test policy disabled',
    });
  });

  it('must pass its gate: red and unknown are both no', () => {
    const gate = { installs: 3, failures: 1 };
    expect(decide('2026-11-23', { gate }, { testing }, counted(5, 2))).toMatchObject({
      step: 'gate-red',
      reason: 'the test ring fails its gate: 5 installed, 2 failed; at most 1 may fail',
    });
    expect(decide('2026-11-23', { gate }, { testing }, counted(2, 0)).step).toBe('gate-unknown');
    expect(decide('2026-11-23', { gate }, { testing }, jamf).step).toBe('gate-unknown');
    expect(decide('2026-11-23', { gate }, { testing }, counted(3, 1)).step).toBe('propose');
  });

  it('may have a share of failures, judged when enough have installed it', () => {
    const gate = { installs: 10, failureRate: 5 };
    const step = (completed: number, failed: number) =>
      decide('2026-11-23', { gate }, { testing }, counted(completed, failed));
    expect(step(9, 1).step).toBe('gate-unknown');
    expect(step(19, 1)).toMatchObject({ step: 'propose' });
    expect(step(19, 1).reason).toContain('19 installed, 1 failed, 5 %');
    expect(step(18, 1)).toMatchObject({
      step: 'gate-red',
      reason: 'the test ring fails its gate: 18 installed, 1 failed, 5.3 %; at most 5 % may fail',
    });
  });

  it('is in test only where the testers are offered it: another target is told', () => {
    const other = counted(50, 0, '126.0');
    expect(decide('2026-11-23', { gate: { installs: 3 } }, { testing }, other)).toMatchObject({
      step: 'drifted',
      reason: 'the patch policy "Firefox Test" targets 126.0 in Jamf Pro, but 127.0 is in test',
    });
  });

  it('is not proposed in a freeze', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-27'), reason: 'quarter end' }];
    expect(decide('2026-11-23', { freezes })).toMatchObject({
      step: 'frozen',
      reason: 'nothing is promoted through 2026-11-27: quarter end',
    });
    expect(decide('2026-11-28', { freezes }).step).toBe('propose');
  });

  it('soaks no working day in a freeze', () => {
    const freezes = [{ from: day('2026-11-18'), to: day('2026-11-19'), reason: 'audit' }];
    const rings = oneRing({ days: 3, kind: 'working days' });
    expect(decide('2026-11-20', { freezes, rings }).step).toBe('soak');
    expect(decide('2026-11-21', { freezes, rings }).step).toBe('propose');
  });
});

describe('a version in test, of a title with two rings,', () => {
  const rings: Title['rings'] = [
    { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'Firefox Pilot' },
    { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'Firefox Early' },
  ];
  const facts: JamfFacts = {
    rings: new Map(
      rings.map(({ name }) => [
        name,
        {
          enabled: true,
          target: version('127.0'),
          counts: { completed: 4, failed: 0, pending: 0 },
        },
      ]),
    ),
  };
  const entered = (days: Readonly<Record<string, string>>): TitleState => ({
    testing: {
      ...testing,
      rings: new Map(Object.entries(days).map(([name, since]) => [name, day(since)])),
    },
  });
  const pilot = entered({ pilot: '2026-11-16' });
  const early = entered({ pilot: '2026-11-16', early: '2026-11-18' });

  it('soaks in each of them', () => {
    expect(decide('2026-11-17', { rings }, pilot, facts).reason).toBe(
      'soaking in ring pilot until 2026-11-18, 1 of 2 days done',
    );
    expect(decide('2026-11-20', { rings }, early, facts).reason).toBe(
      'soaking in ring early until 2026-11-23, 2 of 5 days done',
    );
  });

  it('is not proposed before it has been in the last one, however long that takes', () => {
    expect(decide('2026-12-20', { rings }, pilot, facts)).toMatchObject({
      step: 'soak',
      reason: 'soaked in ring pilot; next it goes to ring early, for 5 days',
    });
  });

  it('is proposed when the soak in the last is over', () => {
    expect(decide('2026-11-23', { rings }, early, facts)).toMatchObject({
      step: 'propose',
      reason: expect.stringContaining('soaked pilot 2 days, early 5 days'),
    });
  });

  it('is judged by what both of them show together', () => {
    const gate = { installs: 8 };
    expect(decide('2026-11-23', { rings, gate }, early, facts).step).toBe('propose');
    expect(decide('2026-11-23', { rings, gate: { installs: 9 } }, early, facts).step).toBe(
      'gate-unknown',
    );
  });

  it('has yet to enter a ring that was put into the configuration meanwhile', () => {
    const wider: Title['rings'] = [
      ...rings,
      { name: 'wide', soak: { days: 1, kind: 'days' }, policy: 'Firefox Wide' },
    ];
    expect(decide('2026-11-23', { rings: wider }, early, facts).reason).toContain(
      'next it goes to ring wide',
    );
  });

  it('is where its last ring is, when the one that it was in is no longer there', () => {
    const [, only] = rings;
    const state = entered({ pilot: '2026-11-16' });
    expect(decide('2026-11-20', { rings: [only as Title['rings'][0]] }, state, facts).reason).toBe(
      'soaking until 2026-11-21, 4 of 5 days done',
    );
  });
});

describe('nothing is proposed', () => {
  it('while everything stands still', () => {
    expect(decide('2026-11-23', { halt: 'Jamf Pro is being moved' })).toMatchObject({
      step: 'halted',
      reason: 'everything stands still: Jamf Pro is being moved',
    });
  });

  it('that the title is not pinned to', () => {
    const pin: Title['pin'] = { to: { kind: 'begins', with: '126' }, reason: 'the tax plug-in' };
    expect(decide('2026-11-23', { pin })).toMatchObject({
      step: 'pinned',
      reason: 'the title is pinned to 126.* (the tax plug-in)',
    });
    const to127: Title['pin'] = { to: { kind: 'begins', with: '127' }, reason: 'x' };
    expect(decide('2026-11-23', { pin: to127 }).step).toBe('propose');
  });

  it('of a title that stays one release behind, before there is a newer one', () => {
    const pin: Title['pin'] = { to: { kind: 'behind' }, reason: 'let others find the holes' };
    const newest = { testing, package: testing.package };
    expect(decide('2026-11-23', { pin }, newest)).toMatchObject({
      step: 'pinned',
      reason: 'the title is pinned to N-1 (let others find the holes), and 127.0 is the newest',
    });
    expect(decide('2026-11-23', { pin }, { testing, package: built('128.0') }).step).toBe(
      'propose',
    );
  });
});

it('what is proposed is exactly what was tested, with the day on which its test began', () => {
  expect(proposedProduction(testing)).toEqual({
    package: built('127.0'),
    definition: version('127.0'),
    tested: day('2026-11-16'),
  });
});

it('a title without anything in test has nothing to propose', () => {
  expect(decide('2026-11-23', {}, {})).toEqual({ step: 'idle', reason: 'nothing is in test' });
});
