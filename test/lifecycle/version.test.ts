import { describe, expect, it } from 'vitest';
import { longestVersion, sameVersion, version } from '../../src/lifecycle/version.ts';

describe('a version', () => {
  it('is the text that its vendor writes, less white space around it', () => {
    expect(version(' 16.89 (24090815)\n').text).toBe('16.89 (24090815)');
  });

  it.each([
    ['is empty', '  ', /empty/],
    ['has a line break within', '1.2\n3', /line breaks/],
    ['has a control character', '1.2\u001b[31m', /control characters/],
    ['has an invisible character', '1.2\u200b', /invisible/],
    ['turns its direction', '1.2\u202e', /invisible/],
    ['is absurdly long', '1'.repeat(longestVersion + 1), /longer than 128/],
  ])('is refused when it %s', (_, text, why) => {
    expect(() => version(text)).toThrow(why);
  });

  it('is the same as another only when the whole text is the same', () => {
    expect(sameVersion(version('1.2'), version('1.2'))).toBe(true);
    expect(sameVersion(version('1.2'), version('11.2'))).toBe(false);
    expect(sameVersion(version('1.2'), version('1.2.0'))).toBe(false);
    expect(sameVersion(version('1.0b1'), version('1.0B1'))).toBe(false);
  });

  it('is never the same as none, and no two nones are the same', () => {
    expect(sameVersion(version('1.2'), undefined)).toBe(false);
    expect(sameVersion(undefined, undefined)).toBe(false);
  });
});
