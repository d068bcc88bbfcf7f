import type { Temporal } from 'temporal-polyfill';

/** Monday is 1, Sunday is 7, as ISO 8601 counts. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** A weekday and the hours of it in which a promotion may reach the fleet. */
export interface PromotionWindow {
  readonly weekday: Weekday;
  readonly from: Temporal.PlainTime;
  /** The first moment after the window; absent means the end of the day. */
  readonly to?: Temporal.PlainTime;
}

/** Whether the fleet may be reached now, and if not, when it may. */
export type WindowState =
  | { readonly open: true }
  /** `opens` is absent when no window opens at all. */
  | { readonly open: false; readonly opens?: Temporal.ZonedDateTime };

/**
 * Whether a promotion may reach the fleet at `now`, by the clock on the wall of its time zone.
 * A title without any windows may be promoted at any time.
 *
 * @param isFrozen days on which nothing is promoted: an opening on such a day is no opening.
 */
export function windowState(
  windows: readonly PromotionWindow[],
  now: Temporal.ZonedDateTime,
  isFrozen: (day: Temporal.PlainDate) => boolean = () => false,
): WindowState {
  if (windows.some((window) => isIn(window, now)) || windows.length === 0) {
    if (!isFrozen(now.toPlainDate())) return { open: true };
  }
  // A year sees every weekday and every freeze that anybody would write down with an end.
  for (let ahead = 0; ahead <= 366; ahead += 1) {
    const day = now.toPlainDate().add({ days: ahead });
    if (isFrozen(day)) continue;
    const starts =
      windows.length === 0
        ? [day.toZonedDateTime(now.timeZoneId)]
        : windows
            .filter((window) => window.weekday === day.dayOfWeek)
            .map((window) =>
              day.toZonedDateTime({ timeZone: now.timeZoneId, plainTime: window.from }),
            );
    const next = starts
      .filter((start) => start.epochMilliseconds > now.epochMilliseconds)
      .sort((a, b) => a.epochMilliseconds - b.epochMilliseconds)[0];
    if (next) return { open: false, opens: next };
  }
  return { open: false };
}

function isIn(window: PromotionWindow, now: Temporal.ZonedDateTime): boolean {
  if (window.weekday !== now.dayOfWeek) return false;
  // Wall-clock times are compared as text: ISO times of the same precision sort as they run.
  const time = now.toPlainTime().toString({ smallestUnit: 'second' });
  const from = window.from.toString({ smallestUnit: 'second' });
  const to = window.to?.toString({ smallestUnit: 'second' });
  return time >= from && (to === undefined || time < to);
}

/** When a window opens, as people write it: "2026-11-30 at 08:00". */
export function openingText(opens: Temporal.ZonedDateTime): string {
  return opens.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' at ');
}

const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The windows in words: "Mon, Tue 08:00 to 16:00; Fri 09:00 to 12:00 (Europe/Zurich)". */
export function windowsText(windows: readonly PromotionWindow[], timeZone: string): string {
  if (windows.length === 0) return 'at any time';
  const days = new Map<string, string[]>();
  for (const { weekday, from, to } of windows) {
    const start = from.toString({ smallestUnit: 'minute' });
    const end = to?.toString({ smallestUnit: 'minute' }) ?? '24:00';
    const hours = start === '00:00' && end === '24:00' ? '' : ` ${start} to ${end}`;
    days.set(hours, [...(days.get(hours) ?? []), weekdayNames[weekday - 1] ?? '']);
  }
  const parts = [...days].map(([hours, names]) => `${names.join(', ')}${hours}`);
  return `${parts.join('; ')} (${timeZone})`;
}
