import { describe, expect, it } from 'vitest';
import { decidePromotion, isOffered } from '../../src/lifecycle/promoting.ts';
import type {
  JamfFacts,
  Offered,
  Production,
  Title,
  TitleState,
} from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, definitions, firefox, inTest } from './given.ts';

const approved = (text: string): Production => ({
  package: built(text),
  definition: version(text),
});
const offers = (text: string): Offered => ({
  version: version(text),
  definition: version(text),
  digest: built(text).digest,
  since: day('2026-11-02'),
});
const merged: TitleState = {
  testing: inTest('127.0', '2026-11-16'),
  production: approved('127.0'),
  previous: approved('126.0'),
  offered: offers('126.0'),
};
const decide = (
  state: TitleState,
  now = '2026-11-23',
  jamf: JamfFacts = {},
  title: Partial<Title> = {},
) => decidePromotion(firefox(title), state, jamf, at(now));

describe('an approved version', () => {
  it('is promoted in the window', () => {
    expect(decide(merged)).toMatchObject({
      step: 'promote',
      production: approved('127.0'),
      from: version('126.0'),
    });
  });

  it('waits for the window, and says when it opens', () => {
    expect(decide(merged, '2026-11-27')).toMatchObject({
      step: 'wait-for-window',
      reason: 'approved; the window opens 2026-11-30 at 08:00',
    });
  });

  it('waits for a freeze to end, though the window is open', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-24'), reason: 'audit' }];
    expect(decide(merged, '2026-11-23', {}, { freezes })).toMatchObject({
      step: 'frozen',
      reason: 'approved, but nothing is promoted through 2026-11-24: audit',
    });
    expect(decide(merged, '2026-11-27', {}, { freezes }).step).toBe('wait-for-window');
  });

  it('that says of itself that no window opens, ever, names the setting', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2036-11-24'), reason: 'merger' }];
    expect(decide(merged, '2026-11-23', {}, { freezes }).step).toBe('frozen');
  });

  it('is not promoted while it is held', () => {
    const hold = { reason: 'wait', by: 'bea', since: day('2026-11-22') };
    expect(decide({ ...merged, hold })).toMatchObject({
      step: 'held',
      reason: 'approved, but held by bea since 2026-11-22: wait',
    });
  });

  it('that Jamf offers already is left alone', () => {
    const done = { ...merged, offered: offers('127.0') };
    expect(decide(done)).toEqual({ step: 'idle', reason: 'production offers 127.0' });
    expect(isOffered(approved('127.0'), done.offered)).toBe(true);
  });

  it('of which Jamf offers another build is not what is offered', () => {
    const other: Offered = { ...offers('127.0'), digest: built('127.0', 2).digest };
    expect(isOffered(approved('127.0'), other)).toBe(false);
    expect(isOffered(approved('127.0'), undefined)).toBe(false);
  });

  it('is an emergency when main says so: then no window and no freeze counts', () => {
    const emergency = { by: 'anna', reason: 'CVE-2026-1' };
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-30'), reason: 'audit' }];
    const state = { ...merged, production: { ...approved('127.0'), emergency } };
    expect(decide(state, '2026-11-27 23:00', {}, { freezes })).toMatchObject({
      step: 'promote',
      reason: 'emergency by anna: CVE-2026-1',
    });
  });

  it('is held even in an emergency', () => {
    const state: TitleState = {
      ...merged,
      production: { ...approved('127.0'), emergency: { by: 'anna', reason: 'CVE-2026-1' } },
      hold: { reason: 'wipes disks', by: 'bea', since: day('2026-11-22') },
    };
    expect(decide(state).step).toBe('held');
  });
});

describe('a revert on main', () => {
  const reverted: TitleState = {
    testing: inTest('127.0', '2026-11-16'),
    production: approved('126.0'),
    previous: approved('125.0'),
    offered: offers('127.0'),
  };

  it('is a rollback, at any hour and in any freeze', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-30'), reason: 'audit' }];
    expect(decide(reverted, '2026-11-28 03:00', {}, { freezes })).toMatchObject({
      step: 'roll-back',
      production: approved('126.0'),
      from: version('127.0'),
    });
  });

  it('is known by the order of the definitions, whatever "previous" says', () => {
    const jamf = { definitions: definitions('127.0', '126.0') };
    const confused = { ...reverted, previous: approved('127.0') };
    expect(decide(confused, '2026-11-23', jamf).step).toBe('roll-back');
    expect(decide(merged, '2026-11-23', jamf).step).toBe('promote');
  });

  it('of the first promotion withdraws what is offered', () => {
    expect(decide({ offered: offers('127.0') })).toMatchObject({
      step: 'withdraw',
      from: version('127.0'),
    });
  });
});

describe('what somebody changes in Jamf by hand', () => {
  const done: TitleState = { production: approved('127.0'), offered: offers('127.0') };
  it.each([
    [{ enabled: false, target: version('127.0') }, /"Firefox Stable" is disabled in Jamf Pro/],
    [{ enabled: true, target: version('126.0') }, /targets 126.0 in Jamf Pro, but main says 127.0/],
    [{ enabled: true }, /targets no version/],
  ])('is told as drift: %o', (production, reason) => {
    expect(decide(done, '2026-11-23', { production })).toMatchObject({
      step: 'drifted',
      reason: expect.stringMatching(reason),
    });
  });
});

it('a title without an approval and without an offer waits for nothing', () => {
  expect(decide({}).step).toBe('idle');
});
