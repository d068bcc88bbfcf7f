import type { Temporal } from 'temporal-polyfill';
import { type Change, endHolds } from './changes.ts';
import { type Hold, hasEnded, holdEndText } from './hold.ts';
import type { TitleState } from './title.ts';

/** Holds that have ended by themselves, to be taken out of the state and told. */
export interface HoldEnd {
  readonly holds: readonly Hold[];
  /** "the hold on 127.0 has ended: it was held by anna since 2026-11-23: …" */
  readonly reason: string;
  readonly change: Change;
}

/**
 * Whether holds of the title have reached their last day. They stop nothing from then on, whether they are
 * taken out or not; this is for the people who wait to be told.
 */
export function decideHoldEnd(
  { holds }: TitleState,
  today: Temporal.PlainDate,
): HoldEnd | undefined {
  const ended = (holds ?? []).filter((hold) => hasEnded(hold, today));
  if (ended.length === 0) return undefined;
  return {
    holds: ended,
    reason: ended.map(holdEndText).join('; '),
    change: endHolds(today),
  };
}
