import { noAnswer } from '../network/no-answer.ts';
import type { Answer } from './transport.ts';
import { isHtml, wordsOf } from './words.ts';

/**
 * Why a request failed, as far as it decides what may be done next:
 * - `limited`: Jamf asks for patience, and has done nothing;
 * - `unreached`: the request never left, so nothing was done;
 * - `unauthorized`: the token is not good (any more), so nothing was done;
 * - `unclear`: it may or may not have been done, and may go better next time;
 * - `stumbled`: the server failed inside; it may or may not have been done;
 * - `refused`: Jamf says no.
 */
export type FailureKind =
  | 'limited'
  | 'unreached'
  | 'unauthorized'
  | 'unclear'
  | 'stumbled'
  | 'refused';

/** A request that failed once. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly status?: number;
  /** How long Jamf asks to wait, in milliseconds. */
  readonly pause?: number;

  constructor(kind: FailureKind, answer: string, facts: { status?: number; pause?: number } = {}) {
    super(answer);
    this.kind = kind;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.pause !== undefined) this.pause = facts.pause;
  }
}

/** Reads what was thrown while sending. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { neverLeft, reason } = noAnswer(error);
  return new Failure(neverLeft ? 'unreached' : 'unclear', reason);
}

/**
 * Gives back an answer that is a success.
 *
 * @param now milliseconds since 1970, to turn a `Retry-After` date into a pause.
 * @throws Failure when it is none.
 */
export function succeeded(answer: Answer, now: number): Answer {
  const { status, text } = answer;
  if (status >= 200 && status < 300) {
    // A proxy's or the start-up page can come with any status; Jamf answers JSON, XML or nothing.
    if (isHtml(text))
      throw new Failure('unclear', `a web page, "${wordsOf(status, text)}"`, { status });
    return answer;
  }
  const words = wordsOf(status, text);
  const pause = pauseOf(answer.headers['retry-after'], now);
  const facts = { status, ...(pause !== undefined && { pause }) };
  if (status === 401) throw new Failure('unauthorized', words, facts);
  if (status === 429) throw new Failure('limited', words, facts);
  if ([408, 502, 503, 504].includes(status)) throw new Failure('unclear', words, facts);
  if (status >= 500) throw new Failure('stumbled', words, facts);
  if (status >= 300 && status < 400)
    throw new Failure('refused', `it points to ${answer.headers['location'] ?? 'nowhere'}`, facts);
  throw new Failure('refused', words, facts);
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). */
function pauseOf(value: string | string[] | undefined, now: number): number | undefined {
  const text = [value ?? []].flat()[0]?.trim();
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : seconds * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
