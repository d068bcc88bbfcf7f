import { Temporal } from 'temporal-polyfill';
import type { TitleState } from './title.ts';
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

/**
 * The hold that stops this version today: one on the whole title, or one on this very version. A hold
 * whose `until` has come has ended by itself.
 */
export function holdOn(
  held: Version,
  holds: readonly Hold[] | undefined,
  today: Temporal.PlainDate,
): Hold | undefined {
  return holds?.find(
    (hold) => !hasEnded(hold, today) && (!hold.version || sameVersion(hold.version, held)),
  );
}

/** The hold that names this very version, if there is one today. */
export function holdOnVersion(
  held: Version,
  holds: readonly Hold[] | undefined,
  today: Temporal.PlainDate,
): Hold | undefined {
  return holdOn(
    held,
    holds?.filter(({ version }) => version),
    today,
  );
}

/** Whether the hold's last day is over. */
export function hasEnded(hold: Hold, today: Temporal.PlainDate): boolean {
  return hold.until !== undefined && Temporal.PlainDate.compare(today, hold.until) >= 0;
}

/** Whether the hold stops anything: the title, or a version that is built, in test or in production. */
export function inPlay({ version }: Hold, state: TitleState): boolean {
  if (!version) return true;
  return [
    state.package?.version,
    state.testing?.package.version,
    state.production?.package.version,
    state.offered?.version,
  ].some((one) => sameVersion(one, version));
}

/** Whether a person has said both, of the whole title or of the same version: then the newer one counts. */
export function sameHold(a: Hold, b: Hold): boolean {
  if (a.by !== b.by) return false;
  return a.version ? sameVersion(a.version, b.version) : !b.version;
}

/** The hold in a sentence: "held by anna since 2026-11-23: printing is broken, until 2026-12-01". */
export function holdText(hold: Hold): string {
  const until = hold.until ? `, until ${hold.until}` : '';
  return `held by ${hold.by} since ${hold.since}: ${hold.reason}${until}`;
}

/** That a hold is over, in a sentence for those who wait. */
export function holdEndText(hold: Hold): string {
  const what = hold.version?.text ?? 'the title';
  return `the hold on ${what} has ended: it was ${holdText(hold)}`;
}
