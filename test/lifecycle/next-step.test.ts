import { describe, expect, it } from 'vitest';
import { nextStep } from '../../src/lifecycle/next-step.ts';
import type { JamfFacts, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, definitions, firefox, inTest } from './given.ts';

const next = (state: TitleState, now = '2026-11-23', jamf: JamfFacts = {}) =>
  nextStep(firefox(), state, jamf, at(now));
const offered = (text: string) => ({
  version: version(text),
  definition: version(text),
  digest: built(text).digest,
  since: day('2026-11-02'),
});

describe('the one next step of a title', () => {
  it('is to build, for a title that has nothing', () => {
    expect(next({})).toEqual({
      step: 'idle',
      reason: 'AutoPkg has not built a package of it yet',
    });
  });

  it('is what a person has approved, before what is in test or new', () => {
    const state: TitleState = {
      package: built('128.0'),
      testing: inTest('127.0', '2026-11-09'),
      production: { package: built('127.0'), definition: version('127.0') },
      previous: { package: built('126.0'), definition: version('126.0') },
      offered: offered('126.0'),
    };
    expect(next(state).step).toBe('promote');
  });

  it('is what is in test, before a newer package that waits its turn', () => {
    const state: TitleState = {
      package: built('128.0'),
      testing: inTest('127.0', '2026-11-20'),
    };
    expect(next(state)).toMatchObject({ step: 'soak', version: version('127.0') });
    expect(next(state, '2026-11-27').step).toBe('propose');
  });

  it('is a newer package, when it takes the place of the one in test', () => {
    const state: TitleState = {
      package: built('128.0'),
      testing: inTest('127.0', '2026-11-20'),
      holds: [
        { version: version('127.0'), reason: 'crashes', by: 'carl', since: day('2026-11-21') },
      ],
    };
    expect(next(state).step).toBe('look-up-definition');
    expect(next(state, '2026-11-23', { definitions: definitions('128.0') }).step).toBe(
      'start-test',
    );
  });

  it('is none when everything is done, and says what production offers', () => {
    const state: TitleState = {
      package: built('127.0'),
      testing: inTest('127.0', '2026-11-09'),
      production: { package: built('127.0'), definition: version('127.0') },
      offered: offered('127.0'),
    };
    expect(next(state)).toEqual({ step: 'idle', reason: 'production offers 127.0' });
  });
});
