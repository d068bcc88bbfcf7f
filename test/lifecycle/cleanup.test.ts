import { describe, expect, it } from 'vitest';
import { decideCleanup, type PackageUse } from '../../src/lifecycle/cleanup.ts';
import type { Title, TitleState } from '../../src/lifecycle/title.ts';
import { built, day, firefox, inTest } from './given.ts';

const texts = ['120.0', '121.0', '122.0', '123.0', '124.0'];
const state: TitleState = {
  package: built('126.0'),
  testing: inTest('125.0', '2026-11-16'),
  production: { package: built('124.0') },
  previous: { package: built('123.0') },
  older: texts.map((text, index) => ({
    package: built(text),
    replaced: day('2026-08-01').add({ days: index * 7 }),
  })),
};
const all: PackageUse = {
  there: new Map(texts.map((text) => [built(text).jamfId, built(text).digest])),
  usedBy: new Map(),
};
function fates(
  use: PackageUse = all,
  of: TitleState = state,
  title: Partial<Title> = { keep: { versions: 1, days: 30 } },
  today = '2026-11-23',
): Record<string, string> {
  return Object.fromEntries(
    decideCleanup(firefox(title), of, use, day(today)).map((one) => [
      one.package.version.text,
      `${one.fate}: ${one.reason}`,
    ]),
  );
}

describe('an old package is deleted', () => {
  it('when enough newer ones are there, enough days have passed, and nothing needs it', () => {
    expect(fates()).toEqual({
      '124.0': 'keep: it is in production',
      '123.0': 'keep: it is what production was before',
      '122.0': 'delete: it was replaced on 2026-08-15, and nothing needs it',
      '121.0': 'delete: it was replaced on 2026-08-08, and nothing needs it',
      '120.0': 'delete: it was replaced on 2026-08-01, and nothing needs it',
    });
  });

  it('not before so many newer ones have replaced it', () => {
    expect(fates(all, state, { keep: { versions: 4, days: 30 } })).toMatchObject({
      '121.0': 'keep: it is among the 4 that are kept',
      '120.0': expect.stringMatching(/^delete/),
    });
  });

  it('not before its days are over', () => {
    const keep = { versions: 1, days: 30 };
    expect(fates(all, state, { keep }, '2026-09-06')['121.0']).toBe(
      'keep: it is kept until 2026-09-07',
    );
    expect(fates(all, state, { keep }, '2026-09-07')['121.0']).toMatch(/^delete/);
  });

  it('never while anything in Jamf uses it', () => {
    const usedBy = new Map([[built('120.0').jamfId, ['the policy "Lab", the PreStage "Kiosk"']]]);
    expect(fates({ ...all, usedBy })['120.0']).toBe(
      'keep: Jamf Pro uses it in the policy "Lab", the PreStage "Kiosk"',
    );
  });

  it.each<[string, Partial<TitleState>]>([
    ['the newest', { package: built('120.0') }],
    ['in test', { testing: inTest('120.0', '2026-11-16') }],
    ['in production', { production: { package: built('120.0') } }],
    ['what production was before', { previous: { package: built('120.0') } }],
    [
      'what the fleet is offered',
      {
        offered: {
          version: built('120.0').version,
          digest: built('120.0').digest,
          since: day('2026-11-16'),
        },
      },
    ],
  ])('never when it is %s', (what, more) => {
    expect(fates(all, { ...state, ...more })['120.0']).toBe(`keep: it is ${what}`);
  });

  it('never when another version shares its record in Jamf', () => {
    const shared = { ...built('126.0'), jamfId: built('120.0').jamfId };
    expect(fates(all, { ...state, package: shared })['120.0']).toBe('keep: it is the newest');
  });

  it('never when its file is not the one that was uploaded, or Jamf does not say', () => {
    const { jamfId } = built('120.0');
    const other = new Map([...all.there, [jamfId, built('120.0', 2).digest] as const]);
    expect(fates({ ...all, there: other })['120.0']).toMatch(/^keep: its file in Jamf Pro is not/);
    const silent = new Map([...all.there, [jamfId, undefined] as const]);
    expect(fates({ ...all, there: silent })['120.0']).toMatch(/^keep: its file/);
  });
});

it('an old package that Jamf no longer has is forgotten', () => {
  const there = new Map([...all.there].filter(([id]) => id !== built('120.0').jamfId));
  expect(fates({ ...all, there })['120.0']).toBe('forget: Jamf Pro no longer has it');
});

it('a title without older packages has nothing to clean up', () => {
  expect(fates(all, {})).toEqual({});
});
