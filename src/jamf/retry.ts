import type { Call } from './calls.ts';
import { JamfError, remedyFor, unreachedRemedy } from './error.ts';
import { type Failure, failureOf } from './failure.ts';

/** What trying again needs of its surroundings. */
export interface Patience {
  readonly log: (line: string) => void;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Takes secrets out of a text. */
  readonly hide: (text: string) => string;
}

const attempts = 4;
const pauses = [1_000, 3_000, 9_000];
/** The longest that one call waits for Jamf's limits, in milliseconds. */
const longest = 5 * 60_000;

/**
 * Sends a call until it is done, as often as its manner and the cause of each failure allow; told
 * in the log, a line a time.
 *
 * @throws JamfError when it is refused, or fails more often than is worth waiting for.
 */
export async function persist<T>(
  call: Call,
  tried: string,
  { log, wait, hide }: Patience,
  send: () => Promise<T>,
): Promise<T> {
  let waited = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof JamfError) throw error;
      const failure = failureOf(error);
      const answer = hide(failure.message);
      const pause = failure.pause ?? jittered(pauses[attempt - 1] ?? 0);
      if (mayRepeat(call, failure) && attempt < attempts && waited + pause <= longest) {
        const said = [failure.status, answer].filter(Boolean).join(' ');
        log(`Jamf Pro: could not ${tried} (${said}); trying again in ${Math.ceil(pause / 1000)} s`);
        waited += pause;
        await wait(pause);
        continue;
      }
      const { status, kind } = failure;
      const unclear = kind === 'unclear' || kind === 'stumbled';
      throw new JamfError(tried, {
        call,
        ...(status !== undefined && { status }),
        answer,
        remedy:
          kind === 'unreached'
            ? unreachedRemedy
            : remedyFor(kind === 'unclear' && status !== 401 ? undefined : status, call),
        unclear,
      });
    }
  }
}

function mayRepeat({ manner }: Call, { kind }: Failure): boolean {
  if (kind === 'limited' || kind === 'unreached') return true;
  if (kind === 'unclear') return manner !== 'once';
  return kind === 'stumbled' && manner === 'read';
}

/** Up to a quarter more or less, so that many who failed together don't come back together. */
function jittered(pause: number): number {
  return Math.round(pause * (0.75 + Math.random() / 2));
}

/** How long to wait between looks for something that was just written: about 90 s in all. */
const looks = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000];

/**
 * Looks until something that was just written is to be seen: Jamf's nodes lag by up to a minute.
 *
 * @returns what was seen in the end, whether it is as wanted or not.
 */
export async function lookUntil<T>(
  wait: Patience['wait'],
  look: () => Promise<T>,
  asWanted: (seen: T) => boolean,
): Promise<{ readonly seen: T; readonly asWanted: boolean }> {
  for (const pause of looks) {
    const seen = await look();
    if (asWanted(seen)) return { seen, asWanted: true };
    await wait(pause);
  }
  const seen = await look();
  return { seen, asWanted: asWanted(seen) };
}
