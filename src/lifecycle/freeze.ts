import { Temporal } from 'temporal-polyfill';
import type { IsDayOff } from './soak.ts';

/** Days on which nothing is promoted, with the reason: quarter end, holidays. */
export interface Freeze {
  readonly from: Temporal.PlainDate;
  /** The last frozen day. */
  readonly to: Temporal.PlainDate;
  readonly reason: string;
}

/** The freeze in force on a day, if there is one: the one that lasts longest, when there are several. */
export function freezeOn(day: Temporal.PlainDate, freezes: readonly Freeze[]): Freeze | undefined {
  return freezes
    .filter(
      (freeze) =>
        Temporal.PlainDate.compare(freeze.from, day) <= 0 &&
        Temporal.PlainDate.compare(day, freeze.to) <= 0,
    )
    .sort((a, b) => Temporal.PlainDate.compare(b.to, a.to))[0];
}

/** Whether a day is frozen: no window opens then, and it is no working day of a soak. */
export function dayOff(freezes: readonly Freeze[]): IsDayOff {
  return (day) => freezeOn(day, freezes) !== undefined;
}
