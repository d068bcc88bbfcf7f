import { describe, expect, it } from 'vitest';
import { type Pin, pinAdmits, pinAgainst, pinText } from '../../src/lifecycle/pin.ts';
import { version } from '../../src/lifecycle/version.ts';
import { built } from './given.ts';

const pin = (to: Pin['to']): Pin => ({ to, reason: 'tax' });
const major = pin({ kind: 'begins', with: '126' });
const exact = pin({ kind: 'exactly', version: version('126.0') });
const behind = pin({ kind: 'behind' });

describe('a pin', () => {
  it('to a major admits all of it, and nothing that merely looks like it', () => {
    for (const text of ['126', '126.0', '126.10.2'])
      expect(pinAdmits(major, version(text))).toBe(true);
    for (const text of ['1260', '12', '127.0', '1.126.0'])
      expect(pinAdmits(major, version(text))).toBe(false);
  });

  it('to a version admits that one', () => {
    expect(pinAdmits(exact, version('126.0'))).toBe(true);
    expect(pinAdmits(exact, version('126.0.1'))).toBe(false);
  });

  it('to one release behind admits all to test, and keeps the newest from the fleet', () => {
    expect(pinAdmits(behind, version('127.0'))).toBe(true);
    expect(pinAgainst(behind, version('127.0'), { package: built('127.0') })).toContain('newest');
    expect(pinAgainst(behind, version('127.0'), {})).toContain('newest');
    expect(pinAgainst(behind, version('127.0'), { package: built('128.0') })).toBeUndefined();
  });

  it('is told with its reason', () => {
    expect([major, exact, behind].map(pinText)).toEqual([
      '126.* (tax)',
      '126.0 (tax)',
      'N-1 (tax)',
    ]);
    expect(pinAgainst(undefined, version('1'), {})).toBeUndefined();
  });
});
