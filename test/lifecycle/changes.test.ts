import { describe, expect, it } from 'vitest';
import {
  approve,
  placeHold,
  recordOffered,
  recordPackage,
  recordWithdrawn,
  releaseHold,
  startTest,
} from '../../src/lifecycle/changes.ts';
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

describe('a hold', () => {
  const hold = { reason: 'crashes', by: 'carl', since: today, version: version('127.0') };

  it('is placed and lifted, and nothing else changes', () => {
    const before: TitleState = { package: built('127.0') };
    const held = placeHold(hold)(before);
    expect(held).toEqual({ ...before, hold });
    expect(releaseHold()(held)).toEqual(before);
  });

  it('with a new reason replaces the older one on the same version', () => {
    const again = { ...hold, reason: 'crashes on Intel' };
    expect(placeHold(again)(placeHold(hold)({ package: built('127.0') })).hold).toEqual(again);
  });
});
