import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../../src/lifecycle/conditions.ts';
import { proposedProduction } from '../../src/lifecycle/proposing.ts';
import type { JamfFacts, Production, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, firefox, inTest, ringOf } from './given.ts';

const testing = inTest('127.0', '2026-11-16');
const to = proposedProduction(testing);
const policy = { enabled: true, target: version('127.0'), description: 'Update' };
function conditions(
  now = '2026-11-23',
  title: Partial<Title> = {},
  state: TitleState = { testing, package: testing.package },
  jamf: JamfFacts = ringOf(policy),
  of: Production = to,
) {
  return Object.fromEntries(
    conditionsOf(firefox(title), state, jamf, at(now), of).map((one) => [
      one.name,
      `${one.state}: ${one.reason}`,
    ]),
  );
}

describe('the conditions of a promotion', () => {
  it('are all met for a version that is ready in the window', () => {
    expect(conditions()).toEqual({
      soak: 'met: soaked 7 days, over since 2026-11-23',
      gate: 'met: the title asks nothing of its test ring',
      hold: 'met: nobody holds it',
      window: 'met: open Mon, Tue, Wed, Thu 08:00 to 16:00 (Europe/Zurich)',
    });
  });

  it('name the date for which a soak or a window waits', () => {
    expect(conditions('2026-11-20')).toMatchObject({
      soak: 'waits: soaks until 2026-11-23, 4 of 7 days done',
      window: 'waits: opens 2026-11-23 at 08:00; a merge waits until then',
    });
  });

  it('name the ring in which it soaks, and the next', () => {
    const rings: Title['rings'] = [
      { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'P' },
      { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'E' },
    ];
    expect(conditions('2026-11-17', { rings })['soak']).toBe(
      'waits: soaks in ring pilot until 2026-11-18, 1 of 2 days done, then goes to ring early',
    );
  });

  it('tell what is not in test, and what was tested on the record of its approval', () => {
    const other = { testing: inTest('128.0', '2026-11-20') };
    const { tested: _, ...unproven } = to;
    expect(conditions('2026-11-23', {}, other, {}, unproven)['soak']).toBe(
      'broken: 127.0 is not the version in test',
    );
    expect(conditions('2026-11-23', {}, other, {})['soak']).toMatch(/^met: soaked 7 days/);
    expect(conditions('2026-11-22', {}, other, {})['soak']).toBe('waits: soaks until 2026-11-23');
    const older = [
      { package: built('127.0'), replaced: day('2026-11-20'), offered: day('2026-11-01') },
    ];
    expect(conditions('2026-11-23', {}, { ...other, older }, {}, unproven)['soak']).toBe(
      'met: the fleet was offered 127.0 before',
    );
  });

  it('know a gate that is red, and one that nobody knows', () => {
    const gate = { installs: 3, failures: 0 };
    const counts = { completed: 5, failed: 1, pending: 0 };
    const state = { testing };
    expect(conditions('2026-11-23', { gate }, state, ringOf({ ...policy, counts }))['gate']).toBe(
      'broken: 5 installed, 1 failed; at most 0 may fail',
    );
    expect(conditions('2026-11-23', { gate })['gate']).toMatch(/^waits: Jamf did not say/);
  });

  it.each<[string, Partial<Title>, Partial<TitleState>, JamfFacts, string]>([
    [
      'a hold',
      {},
      { holds: [{ reason: 'audit', by: 'bea', since: day('2026-11-20') }] },
      ringOf(policy),
      'held by bea since 2026-11-20: audit',
    ],
    [
      'a sign in Jamf',
      {},
      {},
      ringOf({ ...policy, enabled: false }),
      'held: its test patch policy was disabled in Jamf Pro',
    ],
    ['a halt', { halt: 'a storm' }, {}, ringOf(policy), 'everything stands still: a storm'],
    [
      'a pin',
      { pin: { to: { kind: 'begins', with: '126' }, reason: 'tax' } },
      {},
      ringOf(policy),
      'the title is pinned to 126.* (tax)',
    ],
  ])('are broken by %s', (_, title, state, jamf, reason) => {
    const now = { testing, package: testing.package, ...state };
    expect(conditions('2026-11-23', title, now, jamf)['hold']).toBe(`broken: ${reason}`);
  });

  it('wait for a freeze to end', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-27'), reason: 'quarter end' }];
    expect(conditions('2026-11-23', { freezes })['window']).toBe(
      'waits: nothing is promoted through 2026-11-27: quarter end',
    );
  });

  it('are skipped in an emergency, but for a hold', () => {
    const emergency = { ...to, emergency: { by: 'anna', reason: 'CVE' } };
    const halt = 'a storm';
    expect(conditions('2026-11-21', { halt }, { testing }, {}, emergency)).toEqual({
      soak: 'met: skipped: emergency by anna',
      gate: 'met: skipped: emergency by anna',
      hold: 'met: nobody holds it',
      window: 'met: skipped: emergency by anna',
    });
    const holds = [{ reason: 'wipes disks', by: 'bea', since: day('2026-11-20') }];
    expect(conditions('2026-11-21', {}, { testing, holds }, {}, emergency)['hold']).toBe(
      'broken: held by bea since 2026-11-20: wipes disks',
    );
  });
});
