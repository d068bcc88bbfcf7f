import { Temporal } from 'temporal-polyfill';
import { sameVersion, type Version } from './version.ts';

/** A person says: this version, or this title, does not move. */
export interface Hold {
  /** The version that is held; absent when the whole title is. */
  readonly version?: Version;
  readonly reason: string;
  readonly by: string;
  readonly since: Temporal.PlainDate;
  /** The first day on which it holds no more; absent until somebody releases it. */
  readonly until?: Temporal.PlainDate;
}

/** The hold, if it stops this version today; a hold whose `until` has come has ended by itself. */
export function holdOn(
  held: Version,
  hold: Hold | undefined,
  today: Temporal.PlainDate,
): Hold | undefined {
  if (!hold) return undefined;
  if (hold.until && Temporal.PlainDate.compare(today, hold.until) >= 0) return undefined;
  if (hold.version && !sameVersion(hold.version, held)) return undefined;
  return hold;
}

/** The hold in a sentence: "held by anna since 2026-11-23: printing is broken, until 2026-12-01". */
export function holdText(hold: Hold): string {
  const until = hold.until ? `, until ${hold.until}` : '';
  return `held by ${hold.by} since ${hold.since}: ${hold.reason}${until}`;
}
