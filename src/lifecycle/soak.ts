import { Temporal } from 'temporal-polyfill';

/** How long a version must stay in test. */
export interface Soak {
  readonly days: number;
  readonly kind: 'days' | 'working days';
}

/** Days that are no working days: weekends and freezes count for nothing in a soak of working days. */
export type IsDayOff = (day: Temporal.PlainDate) => boolean;

const isWeekend: IsDayOff = (day) => day.dayOfWeek >= 6;

/** The longest soak that is accepted, in days: a longer one is a typing mistake. */
export const longestSoak = 366;

/** How far a soak has come. */
export interface SoakProgress {
  readonly over: boolean;
  /** The first day on which the soak is over. */
  readonly until: Temporal.PlainDate;
  /** How many of its days are done. */
  readonly done: number;
  readonly of: Soak;
}

/**
 * How far the soak has come on `today`. Days are calendar days in the configured time zone, so that a
 * day is a day across daylight saving: a soak of 7 days since the 23rd is over on the 30th.
 *
 * @param isDayOff days that a soak of working days doesn't count, besides Saturday and Sunday.
 */
export function soakProgress(
  soak: Soak,
  since: Temporal.PlainDate,
  today: Temporal.PlainDate,
  isDayOff: IsDayOff = () => false,
): SoakProgress {
  const counts = (day: Temporal.PlainDate) =>
    soak.kind === 'days' || !(isWeekend(day) || isDayOff(day));
  let until = since;
  let done = 0;
  let counted = 0;
  // A freeze without an end would never let a soak of working days end: ten years are as good as never.
  const horizon = since.add({ years: 10 });
  while (counted < soak.days && Temporal.PlainDate.compare(until, horizon) < 0) {
    if (counts(until)) {
      counted += 1;
      if (Temporal.PlainDate.compare(until, today) < 0) done = counted;
    }
    until = until.add({ days: 1 });
  }
  return { over: Temporal.PlainDate.compare(today, until) >= 0, until, done, of: soak };
}

/** The soak as the configuration writes it: "7 days", "5 working days", "0 days". */
export function soakText(soak: Soak): string {
  const unit = soak.days === 1 ? soak.kind.replace(/s$/, '') : soak.kind;
  return `${soak.days} ${unit}`;
}
