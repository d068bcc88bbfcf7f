import { describe, expect, it } from 'vitest';
import { type Soak, soakProgress, soakText } from '../../src/lifecycle/soak.ts';
import { day } from './given.ts';

const days = (count: number): Soak => ({ days: count, kind: 'days' });
const working = (count: number): Soak => ({ days: count, kind: 'working days' });
const until = (soak: Soak, since: string, off: readonly string[] = []) =>
  String(soakProgress(soak, day(since), day(since), (one) => off.includes(String(one))).until);

describe('a soak of days', () => {
  it('is over on the same weekday of the next week, when it is 7 days', () => {
    expect(until(days(7), '2026-11-23')).toBe('2026-11-30');
  });

  it('counts over the end of a month, of a year and of February', () => {
    expect(until(days(3), '2026-10-30')).toBe('2026-11-02');
    expect(until(days(7), '2026-12-28')).toBe('2027-01-04');
    expect(until(days(2), '2027-02-27')).toBe('2027-03-01');
    expect(until(days(2), '2028-02-27')).toBe('2028-02-29');
  });

  it('is as long over the days on which the clock changes', () => {
    expect(until(days(7), '2026-03-27')).toBe('2026-04-03');
    expect(until(days(7), '2026-10-23')).toBe('2026-10-30');
  });

  it('counts weekends and freezes like any other day', () => {
    expect(until(days(3), '2026-11-27', ['2026-11-28'])).toBe('2026-11-30');
  });

  it('is over at once when it is 0', () => {
    expect(soakProgress(days(0), day('2026-11-23'), day('2026-11-23'))).toMatchObject({
      over: true,
      done: 0,
    });
  });

  it('says how many of its days are done, and is over on its last, not before', () => {
    const on = (today: string) => soakProgress(days(3), day('2026-11-23'), day(today));
    expect(on('2026-11-23')).toMatchObject({ over: false, done: 0 });
    expect(on('2026-11-24')).toMatchObject({ over: false, done: 1 });
    expect(on('2026-11-25')).toMatchObject({ over: false, done: 2 });
    expect(on('2026-11-26')).toMatchObject({ over: true, done: 3 });
    expect(on('2027-11-26')).toMatchObject({ over: true, done: 3 });
  });

  it('has not begun for a start in the future, as after a slip of the pen in the state', () => {
    const early = soakProgress(days(1), day('2026-11-25'), day('2026-11-23'));
    expect(early).toMatchObject({ over: false, done: 0 });
  });
});

describe('a soak of working days', () => {
  it('lets the weekend pass', () => {
    expect(until(working(5), '2026-11-23')).toBe('2026-11-28');
    expect(until(working(1), '2026-11-27')).toBe('2026-11-28');
    expect(until(working(2), '2026-11-27')).toBe('2026-12-01');
  });

  it('counts nothing while it starts on a Saturday', () => {
    expect(until(working(1), '2026-11-28')).toBe('2026-12-01');
  });

  it('does not count the days of a freeze', () => {
    const christmas = ['2026-12-24', '2026-12-25', '2026-12-28', '2026-12-29'];
    expect(until(working(3), '2026-12-23', christmas)).toBe('2027-01-01');
  });

  it('ends one day, even when a freeze never does', () => {
    const never = soakProgress(working(1), day('2026-11-23'), day('2026-11-24'), () => true);
    expect(never.over).toBe(false);
    expect(String(never.until)).toBe('2036-11-23');
  });
});

it('is written as people write it', () => {
  expect(soakText(days(7))).toBe('7 days');
  expect(soakText(days(1))).toBe('1 day');
  expect(soakText(working(1))).toBe('1 working day');
  expect(soakText(days(0))).toBe('0 days');
});
