/**
 * The order in which runs start so that all of them are over soon: the longest first, as a long one that
 * starts last would go on alone. One of unknown length may be long, so it starts before the others.
 *
 * @param seconds how long each took the last time.
 */
export function longestFirst<Item>(
  items: readonly Item[],
  seconds: (item: Item) => number | undefined,
): readonly Item[] {
  const length = (item: Item) => seconds(item) ?? Number.POSITIVE_INFINITY;
  // Of two unknown ones the difference would be no number.
  return items.toSorted((a, b) => (length(a) === length(b) ? 0 : length(b) - length(a)));
}

/** A run that goes on or waits, and how long it took the last time, in seconds. */
export interface Expected {
  readonly seconds?: number;
  /** For how long it has been going on; absent while it waits. */
  readonly elapsed?: number;
}

/**
 * In how many seconds all runs are likely to be over: those that go on first, then each waiting one in
 * its turn where one has ended. Runs of unknown length count as long as the others do on average;
 * undefined when no length is known at all.
 */
export function timeLeft(runs: readonly Expected[], atOnce: number): number | undefined {
  const known = runs.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds]));
  if (known.length === 0) return undefined;
  const average = known.reduce((sum, seconds) => sum + seconds, 0) / known.length;
  const ends = runs
    .filter(({ elapsed }) => elapsed !== undefined)
    .map(({ seconds = average, elapsed = 0 }) => Math.max(seconds - elapsed, 1));
  while (ends.length < atOnce) ends.push(0);
  for (const { seconds = average, elapsed } of runs)
    if (elapsed === undefined) {
      const first = ends.indexOf(Math.min(...ends));
      ends[first] = (ends[first] ?? 0) + seconds;
    }
  return Math.max(...ends);
}

/**
 * Does the work for each item, so many at once, starting them in order. One that fails must not throw:
 * the others would go on unwatched.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
