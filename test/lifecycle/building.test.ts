import { describe, expect, it } from 'vitest';
import { decideBuild } from '../../src/lifecycle/building.ts';
import type { TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { built, day, inTest } from './given.ts';

const decide = (state: TitleState, text: string, isNew = true) =>
  decideBuild(state, version(text), isNew);

describe('what AutoPkg has built', () => {
  it('is uploaded when it is new', () => {
    expect(decide({}, '127.0')).toEqual({ step: 'upload', reason: '127.0 is new' });
    expect(decide({ package: built('127.0') }, '128.0').step).toBe('upload');
  });

  it('is uploaded when an earlier run was cut short before it recorded it', () => {
    expect(decide({ package: built('127.0') }, '128.0', false)).toEqual({
      step: 'upload',
      reason: '128.0 was built by an earlier run, but not recorded',
    });
  });

  it('is kept as it is in Jamf when the same version is built again: builds are not reproducible', () => {
    expect(decide({ package: built('127.0') }, '127.0').step).toBe('keep');
  });

  it.each<[string, TitleState]>([
    ['in test', { testing: inTest('126.0', '2026-11-16') }],
    ['in production', { production: { package: built('126.0') } }],
    ['the newest once', { older: [{ package: built('126.0'), replaced: day('2026-11-16') }] }],
    ['in production before', { previous: { package: built('126.0') } }],
    [
      'offered by Jamf',
      {
        offered: {
          version: version('126.0'),
          digest: built('126.0').digest,
          since: day('2026-11-16'),
        },
      },
    ],
  ])(
    'is for a person to look at when the recipe goes back to a version that was %s',
    (_, state) => {
      const now = { package: built('127.0'), ...state };
      expect(decide(now, '126.0')).toMatchObject({
        step: 'went-back',
        reason: expect.stringContaining('though 127.0 is newer'),
      });
      expect(decide(now, '126.0', false).step).toBe('keep');
    },
  );

  it('is uploaded again when a person has deleted "package:", as a lost file in Jamf asks for', () => {
    expect(decide({ testing: inTest('127.0', '2026-11-16') }, '127.0')).toEqual({
      step: 'upload',
      reason: '127.0 is to be in Jamf Pro again: the state has no package',
    });
  });
});
