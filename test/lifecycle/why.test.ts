import { describe, expect, it } from 'vitest';
import type { JamfFacts, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { why } from '../../src/lifecycle/why.ts';
import { at, built, day, firefox, inTest, ringOf } from './given.ts';

const testing = inTest('127.0', '2026-11-16');
const offered = {
  version: version('126.0'),
  definition: version('126.0'),
  digest: built('126.0').digest,
  since: day('2026-11-02'),
};
const production = { package: built('126.0'), definition: version('126.0') };
const soaking: TitleState = { package: testing.package, testing, production, offered };
const ask = (
  state: TitleState = soaking,
  now = '2026-11-19',
  title: Partial<Title> = {},
  jamf: JamfFacts = {},
) => why(firefox(title), state, jamf, at(now));

describe('why a title does not move', () => {
  it('is told with where it is, what it waits for, what would move it, and when it comes', () => {
    expect(ask()).toEqual([
      'The fleet is offered 126.0 since 2026-11-02.',
      '127.0 is in test since 2026-11-16.',
      'Next: soaking until 2026-11-23, 3 of 7 days done.',
      'To hurry it: an emergency (patchbot emergency firefox), which skips the soak.',
      '127.0 reaches the fleet on 2026-11-23 at 08:00, if it is approved by then.',
    ]);
  });

  it('names everything that is in the way, not the first thing alone', () => {
    const holds = [{ reason: 'audit', by: 'bea', since: day('2026-11-17') }];
    const said = ask({ ...soaking, holds }, '2026-11-20', { gate: { installs: 3 } });
    expect(said).toEqual([
      'The fleet is offered 126.0 since 2026-11-02.',
      '127.0 is in test since 2026-11-16.',
      'Next: held by bea since 2026-11-17: audit.',
      'Besides, soak: soaks until 2026-11-23, 4 of 7 days done.',
      'Besides, gate: Jamf did not say how many Macs of the test ring installed it.',
      'Besides, window: opens 2026-11-23 at 08:00; a merge waits until then.',
      'It moves again when somebody releases it: patchbot release firefox.',
    ]);
  });

  it('says that a hold ends by itself', () => {
    const until = day('2026-12-01');
    const holds = [{ reason: 'audit', by: 'bea', since: day('2026-11-17'), until }];
    const said = ask({ ...soaking, holds });
    expect(said).toContain(
      'The hold ends by itself on 2026-12-01; to end it now: patchbot release firefox.',
    );
    expect(said.at(-1)).toContain('127.0 reaches the fleet on 2026-12-01 at 08:00');
  });

  it('tells what waits behind it', () => {
    const said = ask({ ...soaking, package: built('128.0') });
    expect(said).toContain('128.0 waits its turn: 127.0 soaks until 2026-11-23.');
  });

  it('tells of an approval that waits for the window', () => {
    const merged = { ...soaking, production: { package: testing.package }, previous: production };
    const said = ask(merged, '2026-11-27');
    expect(said).toContain('On main, 127.0 is approved.');
    expect(said).toContain('Next: approved; the window opens 2026-11-30 at 08:00.');
    expect(said.at(-1)).toBe('127.0 reaches the fleet on 2026-11-30 at 08:00.');
  });

  it.each<[string, TitleState, Partial<Title>, JamfFacts, RegExp]>([
    ['a halt', soaking, { halt: 'a storm' }, {}, /"halt" is deleted/],
    [
      'a pin',
      soaking,
      { pin: { to: { kind: 'begins', with: '126' }, reason: 'tax' } },
      {},
      /change or delete "pin" in recipes\/titles\/firefox\.yaml/,
    ],
    [
      'a sign in Jamf',
      soaking,
      {},
      ringOf({ enabled: false, target: version('127.0') }),
      /The next run makes that a hold/,
    ],
    ['a gate', soaking, { gate: { installs: 2 } }, {}, /enough Macs of the test ring/],
    ['an approval', soaking, {}, {}, /when somebody merges its promotion request/],
    ['its own approval', soaking, { approval: 'auto' }, {}, /merged by itself/],
    [
      'a definition',
      { package: built('127.0') },
      {},
      { definitions: [] },
      /on the day on which the patch source knows it/,
    ],
    [
      'what nobody tested',
      { ...soaking, production: { package: built('129.0') } },
      {},
      {},
      /patchbot reconcile/,
    ],
  ])('says what a person can do about %s', (_, state, title, jamf, remedy) => {
    expect(ask(state, '2026-11-23', title, jamf).join('\n')).toMatch(remedy);
  });

  it('is that there is nothing to do, for a title that has all', () => {
    const done = {
      ...soaking,
      production: { package: testing.package },
      offered: { ...offered, version: version('127.0'), digest: testing.package.digest },
    };
    expect(ask(done)).toEqual([
      'The fleet is offered 127.0 since 2026-11-02.',
      'Next: production offers 127.0.',
    ]);
  });
});
