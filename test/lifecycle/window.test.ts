import { describe, expect, it } from 'vitest';
import { type PromotionWindow, windowState, windowsText } from '../../src/lifecycle/window.ts';
import { at, day, windows, zone } from './given.ts';

const office = windows([1, 2, 3, 4], '08:00', '16:00');
function opens(of: readonly PromotionWindow[], now: string, frozen: readonly string[] = []) {
  const state = windowState(of, at(now).now, (one) => frozen.includes(String(one)));
  if (state.open) return 'open';
  return state.opens?.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

describe('a promotion window', () => {
  it('is open from its first minute to the one before its end', () => {
    expect(opens(office, '2026-11-23 07:59')).toBe('2026-11-23 08:00');
    expect(opens(office, '2026-11-23 08:00')).toBe('open');
    expect(opens(office, '2026-11-23 15:59')).toBe('open');
    expect(opens(office, '2026-11-23 16:00')).toBe('2026-11-24 08:00');
  });

  it('that is missed on Thursday opens again on Monday', () => {
    expect(opens(office, '2026-11-26 16:00')).toBe('2026-11-30 08:00');
    expect(opens(office, '2026-11-28 12:00')).toBe('2026-11-30 08:00');
  });

  it('without hours is open all day, to its last second', () => {
    expect(opens(windows([5]), '2026-11-27 00:00')).toBe('open');
    expect(opens(windows([5]), '2026-11-27 23:59')).toBe('open');
    expect(opens(windows([5]), '2026-11-28 00:00')).toBe('2026-12-04 00:00');
  });

  it('may be one of two on a day', () => {
    const twice = [...windows([1], '08:00', '10:00'), ...windows([1], '14:00', '16:00')];
    expect(opens(twice, '2026-11-23 10:00')).toBe('2026-11-23 14:00');
    expect(opens(twice, '2026-11-23 16:00')).toBe('2026-11-30 08:00');
  });

  it('is not there on a frozen day: the next one is named', () => {
    expect(opens(office, '2026-11-23 09:00', ['2026-11-23', '2026-11-24'])).toBe(
      '2026-11-25 08:00',
    );
  });

  it('is always open for a title without windows, but for frozen days', () => {
    expect(opens([], '2026-11-28 03:00')).toBe('open');
    expect(opens([], '2026-11-28 03:00', ['2026-11-28'])).toBe('2026-11-29 00:00');
  });

  it('may never open at all', () => {
    const state = windowState(office, at('2026-11-23').now, () => true);
    expect(state).toEqual({ open: false });
  });

  it('goes by the clock on the wall when that changes', () => {
    const sunday = windows([7], '01:00', '04:00');
    // 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
    expect(opens(sunday, '2026-03-29 03:30')).toBe('open');
    expect(opens(sunday, '2026-03-29 04:00')).toBe('2026-04-05 01:00');
    expect(opens(sunday, '2026-10-25 02:30')).toBe('open');
    const opening = windowState(windows([7], '02:30'), at('2026-03-28 12:00').now);
    expect(opening).toMatchObject({ open: false });
    expect(opens(windows([7], '02:30'), '2026-03-28 12:00')).toBe('2026-03-29 03:30');
  });

  it('is told in words', () => {
    expect(windowsText(office, zone)).toBe('Mon, Tue, Wed, Thu 08:00 to 16:00 (Europe/Zurich)');
    expect(windowsText([...windows([1]), ...windows([5], '09:00', '12:00')], zone)).toBe(
      'Mon; Fri 09:00 to 12:00 (Europe/Zurich)',
    );
    expect(windowsText([], zone)).toBe('at any time');
  });

  it('knows its weekday in the configured time zone, not in that of the server', () => {
    // Sunday 23:30 in UTC is Monday in Zurich.
    const moment = at('2026-11-23 00:30');
    expect(moment.today.equals(day('2026-11-23'))).toBe(true);
    expect(windowState(windows([1]), moment.now)).toEqual({ open: true });
  });
});
