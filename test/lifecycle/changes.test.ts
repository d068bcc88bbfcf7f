import { describe, expect, it } from 'vitest';
import {
  approve,
  type Change,
  endHolds,
  enterRing,
  forgetPackages,
  placeHold,
  recordOffered,
  recordPackage,
  recordWithdrawn,
  releaseHold,
  startTest,
} from '../../src/lifecycle/changes.ts';
import type { Hold } from '../../src/lifecycle/hold.ts';
import type { Ring, Rings } from '../../src/lifecycle/rings.ts';
import type { Production, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { built, day, inTest } from './given.ts';

const today = day('2026-11-23');
const production = (text: string): Production => ({
  package: built(text),
  definition: version(text),
});

describe('a package that was built', () => {
  it('is recorded, and waits from that day', () => {
    expect(recordPackage(built('127.0'), today)({})).toEqual({
      package: built('127.0'),
      waiting: { version: version('127.0'), since: today },
    });
  });

  it('that is recorded again keeps the day it began to wait', () => {
    const before = recordPackage(built('127.0'), day('2026-11-20'))({});
    expect(recordPackage(built('127.0'), today)(before).waiting?.since).toEqual(day('2026-11-20'));
  });
});

describe('the start of a test', () => {
  it('sets the clock, and ends the wait of that version', () => {
    const before = recordPackage(built('127.0'), day('2026-11-20'))({});
    const after = startTest(built('127.0'), { version: version('127.0 (9)') }, today)(before);
    expect(after.testing).toEqual({
      package: built('127.0'),
      definition: version('127.0 (9)'),
      since: today,
    });
    expect(after).not.toHaveProperty('waiting');
  });

  it('leaves a version alone that was built since', () => {
    const before = recordPackage(built('128.0'), today)({});
    const after = startTest(built('127.0'), undefined, today)(before);
    expect(after.waiting?.version).toEqual(version('128.0'));
    expect(after.package).toEqual(built('128.0'));
  });
});

describe('an approval', () => {
  const before: TitleState = {
    package: built('127.0'),
    testing: inTest('127.0', '2026-11-16'),
    production: production('126.0'),
  };

  it('moves production, remembers what it was, and leaves the test as a fact', () => {
    expect(approve(production('127.0'))(before)).toEqual({
      ...before,
      production: production('127.0'),
      previous: production('126.0'),
    });
  });

  it('that is made twice is made once: what was before is not lost', () => {
    const once = approve(production('127.0'))(before);
    expect(approve(production('127.0'))(once)).toEqual(once);
  });

  it('in an emergency ends the test of the version that it overtakes', () => {
    const emergency = { ...production('128.0'), emergency: { by: 'anna', reason: 'CVE' } };
    const after = approve(emergency)({
      ...before,
      package: built('128.0'),
      waiting: { version: version('128.0'), since: today },
    });
    expect(after).not.toHaveProperty('testing');
    expect(after).not.toHaveProperty('waiting');
    expect(after.previous).toEqual(production('126.0'));
  });
});

describe('what Jamf was made to do', () => {
  it('is recorded with its day, and taken back when nothing is offered', () => {
    const after = recordOffered(production('127.0'), today)({ package: built('127.0') });
    expect(after.offered).toEqual({
      version: version('127.0'),
      definition: version('127.0'),
      digest: built('127.0').digest,
      since: today,
    });
    expect(recordWithdrawn()(after)).toEqual({ package: built('127.0') });
  });
});

describe('the packages that were the newest once', () => {
  it('are remembered, each with the day on which a newer one came', () => {
    const first = recordPackage(built('126.0'), day('2026-11-02'))({});
    const second = recordPackage(built('127.0'), day('2026-11-16'))(first);
    expect(second.older).toEqual([{ package: built('126.0'), replaced: day('2026-11-16') }]);
    expect(recordPackage(built('127.0'), today)(second).older).toEqual(second.older);
  });

  it('are known to have been offered, whether they were replaced before that or after', () => {
    const offer = (text: string, on: string) => recordOffered(production(text), day(on));
    const build = (text: string, on: string) => recordPackage(built(text), day(on));
    const story: Change[] = [
      build('126.0', '2026-11-01'),
      offer('126.0', '2026-11-02'),
      build('127.0', '2026-11-03'),
      build('128.0', '2026-11-04'),
      offer('127.0', '2026-11-05'),
      offer('128.0', '2026-11-06'),
    ];
    const after = story.reduce<TitleState>((state, change) => change(state), {});
    expect(
      after.older?.map(({ package: { version }, offered }) => [version.text, String(offered)]),
    ).toEqual([
      ['126.0', '2026-11-02'],
      ['127.0', '2026-11-05'],
    ]);
  });

  it('include what a person wrote into production before PatchBot built anything', () => {
    const adopted: TitleState = {
      production: production('127.0'),
      previous: production('126.0'),
      offered: {
        version: version('126.0'),
        digest: built('126.0').digest,
        since: day('2026-11-01'),
      },
    };
    expect(recordOffered(production('127.0'), today)(adopted).older).toEqual([
      { package: built('126.0'), replaced: today, offered: day('2026-11-01') },
    ]);
  });

  it('are forgotten when they were deleted', () => {
    const second = recordPackage(built('127.0'), today)({ package: built('126.0') });
    expect(forgetPackages([built('126.0')])(second)).not.toHaveProperty('older');
    expect(forgetPackages([built('125.0')])(second)).toEqual(second);
  });
});

describe('a test in several rings', () => {
  const rings: Rings = [
    { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'P' },
    { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'E' },
  ];
  const [, early] = rings;

  it('writes down in which ring it began, and when it went to the next', () => {
    const begun = startTest(built('127.0'), undefined, day('2026-11-16'), rings)({});
    const after = enterRing(version('127.0'), early as Ring, rings, day('2026-11-18'))(begun);
    expect([...(after.testing?.rings ?? [])].map(([name, on]) => `${name} ${on}`)).toEqual([
      'pilot 2026-11-16',
      'early 2026-11-18',
    ]);
    expect(enterRing(version('127.0'), early as Ring, rings, today)(after)).toEqual(after);
  });

  it('knows the first ring of a test that began when there was but one', () => {
    const begun = startTest(built('127.0'), undefined, day('2026-11-16'))({});
    expect(begun.testing).not.toHaveProperty('rings');
    const after = enterRing(version('127.0'), early as Ring, rings, day('2026-11-18'))(begun);
    expect([...(after.testing?.rings?.keys() ?? [])]).toEqual(['pilot', 'early']);
  });

  it('does not go on for a version that has lost its place meanwhile', () => {
    const other = startTest(built('128.0'), undefined, today, rings)({});
    expect(enterRing(version('127.0'), early as Ring, rings, today)(other)).toBe(other);
  });
});

describe('a hold', () => {
  const of127: Hold = { reason: 'crashes', by: 'carl', since: today, version: version('127.0') };
  const of126: Hold = { ...of127, version: version('126.0') };
  const whole: Hold = { reason: 'audit', by: 'bea', since: today };
  const before: TitleState = { package: built('127.0') };
  const place = (...holds: Hold[]) =>
    holds.reduce<TitleState>((state, hold) => placeHold(hold)(state), before);

  it('is placed and lifted, and nothing else changes', () => {
    expect(place(of127)).toEqual({ ...before, holds: [of127] });
    expect(releaseHold()(place(of127))).toEqual(before);
  });

  it('with a new reason replaces the older one of the same version, and no other', () => {
    const again = { ...of127, reason: 'crashes on Intel' };
    expect(place(of127, whole, again).holds).toEqual([again, whole]);
  });

  it('of one person does not end by the shorter one of another', () => {
    const short = { ...of127, by: 'dora', until: day('2026-11-25') };
    const held = place(of127, short);
    expect(held.holds).toEqual([of127, short]);
    expect(endHolds(day('2026-11-25'))(held).holds).toEqual([of127]);
  });

  it('on another version takes nothing back that somebody said before', () => {
    expect(place(of126, of127, whole).holds).toEqual([of126, of127, whole]);
  });

  it('is lifted by name, and the others stay', () => {
    expect(releaseHold(version('127.0'))(place(of126, of127, whole)).holds).toEqual([of126, whole]);
  });

  it('that is lifted without a name is what stops the title now: the no to a version long gone stays', () => {
    expect(releaseHold()(place(of126, of127, whole)).holds).toEqual([of126]);
  });

  it('goes when its last day is over', () => {
    const until = { ...whole, until: day('2026-11-25') };
    expect(endHolds(day('2026-11-24'))(place(until, of127)).holds).toEqual([until, of127]);
    expect(endHolds(day('2026-11-25'))(place(until, of127)).holds).toEqual([of127]);
    expect(endHolds(day('2026-11-25'))(place(until))).toEqual(before);
  });
});
