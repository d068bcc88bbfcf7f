import { describe, expect, it } from 'vitest';
import { decidePromotion } from '../../src/lifecycle/promoting.ts';
import { isOffered } from '../../src/lifecycle/proof.ts';
import { needsOrder } from '../../src/lifecycle/rolling-back.ts';
import type {
  JamfFacts,
  Offered,
  Production,
  Title,
  TitleState,
} from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, definitions, firefox, inTest, oneRing, ringOf } from './given.ts';

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
    expect(decide({ ...merged, holds: [hold] })).toMatchObject({
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
      holds: [{ reason: 'wipes disks', by: 'bea', since: day('2026-11-22') }],
    };
    expect(decide(state).step).toBe('held');
  });
});

describe('main wants in production', () => {
  const byHand: TitleState = {
    production: approved('127.0'),
    previous: approved('126.0'),
    offered: offers('126.0'),
  };
  const tested = { ...approved('127.0'), tested: day('2026-11-16') };

  it('what no test is on record for: it is refused, and told what to do', () => {
    expect(decide(byHand)).toMatchObject({
      step: 'untested',
      reason: expect.stringMatching(
        /no test of that package is on record: put "production:" in state\/firefox\.yaml back/,
      ),
    });
  });

  it('another package than the one that was tested as that version: it is refused', () => {
    const other = {
      ...byHand,
      testing: { ...inTest('127.0', '2026-11-09'), package: built('127.0', 2) },
    };
    expect(decide(other).step).toBe('untested');
    expect(decide({ ...other, production: tested }).step).toBe('untested');
  });

  it('what soaks still: it waits until that is over', () => {
    const early = { ...byHand, testing: inTest('127.0', '2026-11-18') };
    expect(decide(early, '2026-11-24')).toMatchObject({
      step: 'soak',
      reason: 'approved, but it has not soaked in full: until 2026-11-25',
    });
    expect(decide(early, '2026-11-25').step).toBe('promote');
  });

  it('what was tested on the record of its approval, though another version is in test by now', () => {
    const next = { ...byHand, production: tested, testing: inTest('128.0', '2026-11-21') };
    expect(decide(next).step).toBe('promote');
    const early = { ...next, production: { ...tested, tested: day('2026-11-17') } };
    expect(decide(early)).toMatchObject({ step: 'soak' });
  });

  it('what has been in one ring of two: it waits for the other', () => {
    const rings: Title['rings'] = [
      ...oneRing({ days: 2, kind: 'days' }),
      { name: 'early', soak: { days: 3, kind: 'days' }, policy: 'Firefox Early' },
    ];
    const state = { ...byHand, testing: inTest('127.0', '2026-11-16') };
    expect(decide(state, '2026-11-23', {}, { rings }).step).toBe('soak');
    const entered = new Map([['early', day('2026-11-20')]]);
    const through = { ...state, testing: { ...state.testing, rings: entered } };
    expect(decide(through, '2026-11-23', {}, { rings }).step).toBe('promote');
    expect(decide({ ...byHand, production: tested }, '2026-11-23', {}, { rings }).step).toBe(
      'promote',
    );
  });

  it('what fails its gate after all: it waits', () => {
    const red = ringOf({
      enabled: true,
      target: version('127.0'),
      counts: { completed: 5, failed: 3, pending: 0 },
    });
    const gate = { installs: 1, failures: 2 };
    expect(decide(merged, '2026-11-23', red, { gate })).toMatchObject({ step: 'gate-red' });
    expect(decide(merged, '2026-11-23', {}, { gate }).step).toBe('promote');
  });

  it('what somebody has stopped in Jamf since: it waits', () => {
    const disabled = ringOf({ enabled: false, target: version('127.0') });
    expect(decide(merged, '2026-11-23', disabled)).toMatchObject({
      step: 'held-in-jamf',
      ring: 'test',
      reason: 'approved, but held: its test patch policy was disabled in Jamf Pro',
    });
  });
});

describe('everything stands still', () => {
  const halt = 'Jamf Pro is being moved';

  it('for what is approved', () => {
    expect(decide(merged, '2026-11-23', {}, { halt })).toMatchObject({
      step: 'halted',
      reason: 'approved, but everything stands still: Jamf Pro is being moved',
    });
  });

  it('but not for emergencies, nor for what goes back', () => {
    const emergency = { ...approved('127.0'), emergency: { by: 'anna', reason: 'CVE' } };
    expect(decide({ ...merged, production: emergency }, '2026-11-23', {}, { halt }).step).toBe(
      'promote',
    );
    expect(decide({ offered: offers('127.0') }, '2026-11-23', {}, { halt }).step).toBe('withdraw');
  });
});

describe('a pin', () => {
  const pin: Title['pin'] = { to: { kind: 'begins', with: '126' }, reason: 'tax' };
  const behind: Title['pin'] = { to: { kind: 'behind' }, reason: 'caution' };
  const emergency = {
    ...merged,
    package: built('127.0'),
    production: { ...approved('127.0'), emergency: { by: 'anna', reason: 'CVE' } },
  };

  it('that came after the approval stops it', () => {
    expect(decide(merged, '2026-11-23', {}, { pin })).toMatchObject({
      step: 'pinned',
      reason: 'approved, but the title is pinned to 126.* (tax)',
    });
  });

  it('to some versions stops an emergency with another: they would not work', () => {
    expect(decide(emergency, '2026-11-23', {}, { pin }).step).toBe('pinned');
  });

  it('to one release behind is caution, which makes way for an emergency', () => {
    expect(
      decide({ ...merged, package: built('127.0') }, '2026-11-23', {}, { pin: behind }).step,
    ).toBe('pinned');
    expect(decide(emergency, '2026-11-23', {}, { pin: behind }).step).toBe('promote');
  });
});

describe('a revert on main', () => {
  const older = [
    { package: built('126.0'), replaced: day('2026-11-16'), offered: day('2026-11-02') },
  ];
  const reverted: TitleState = {
    older,
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

  it('is a rollback to what the fleet was offered before, also where no definition tells the order', () => {
    const { older: _, ...unknown } = reverted;
    expect(decide(unknown).step).toBe('untested');
    const noPatch = { patch: 'none' };
    expect(decide(reverted, '2026-11-28', {}, noPatch).step).toBe('roll-back');
  });

  it('is not what a second approval is that comes before the first was offered', () => {
    const twice: TitleState = {
      production: { ...approved('128.0'), tested: day('2026-11-10') },
      previous: { ...approved('127.0'), tested: day('2026-11-03') },
      offered: offers('126.0'),
    };
    expect(decide(twice, '2026-11-28').step).toBe('wait-for-window');
    expect(needsOrder(twice)).toBe(true);
    const jamf = { definitions: definitions('128.0', '127.0', '126.0') };
    expect(decide(twice, '2026-11-28', jamf).step).toBe('wait-for-window');
    expect(needsOrder(merged)).toBe(false);
  });

  it('is not stopped by a hold on the title, but by one on the version that it goes back to', () => {
    const hold = { reason: 'audit', by: 'bea', since: day('2026-11-20') };
    expect(decide({ ...reverted, holds: [hold] }).step).toBe('roll-back');
    expect(decide({ ...reverted, holds: [{ ...hold, version: version('126.0') }] })).toMatchObject({
      step: 'held',
      reason: 'main wants 126.0 again, but it is held by bea since 2026-11-20: audit',
    });
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
