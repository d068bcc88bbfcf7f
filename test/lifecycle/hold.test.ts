import { describe, expect, it } from 'vitest';
import {
  type Hold,
  hasEnded,
  holdEndText,
  holdOn,
  holdOnVersion,
  holdText,
} from '../../src/lifecycle/hold.ts';
import { version } from '../../src/lifecycle/version.ts';
import { day } from './given.ts';

const whole: Hold = { reason: 'audit', by: 'anna', since: day('2026-11-23') };
const of127: Hold = { ...whole, version: version('127.0') };
const today = day('2026-11-24');

describe('a hold', () => {
  it('on a version stops that version alone', () => {
    expect(holdOn(version('127.0'), [of127], today)).toBe(of127);
    expect(holdOn(version('127.0.1'), [of127], today)).toBeUndefined();
  });

  it('on a title stops whatever version comes', () => {
    expect(holdOn(version('999'), [whole], today)).toBe(whole);
  });

  it('with an end holds through the day before it', () => {
    const until = { ...whole, until: day('2026-12-01') };
    expect(holdOn(version('1'), [until], day('2026-11-30'))).toBe(until);
    expect(holdOn(version('1'), [until], day('2026-12-01'))).toBeUndefined();
  });

  it('that has ended lets another one count', () => {
    const ended = { ...whole, until: day('2026-11-24') };
    expect(holdOn(version('127.0'), [ended, of127], today)).toBe(of127);
    expect(hasEnded(ended, today)).toBe(true);
    expect(hasEnded(whole, today)).toBe(false);
    expect(holdEndText({ ...of127, until: day('2026-11-24') })).toBe(
      'the hold on 127.0 has ended: it was held by anna since 2026-11-23: audit, until 2026-11-24',
    );
  });

  it('on the title does not name a version', () => {
    expect(holdOnVersion(version('127.0'), [whole], today)).toBeUndefined();
    expect(holdOnVersion(version('127.0'), [whole, of127], today)).toBe(of127);
  });

  it('is told in a sentence', () => {
    expect(holdText({ ...of127, until: day('2026-12-01') })).toBe(
      'held by anna since 2026-11-23: audit, until 2026-12-01',
    );
  });
});
