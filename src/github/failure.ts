import { z } from 'zod';
import { noAnswer } from '../network/no-answer.ts';

/** Why a request failed, as far as it decides what may be done next. */
export interface Failure {
  /**
   * - `limited`: GitHub asks for patience, and has done nothing;
   * - `unreached`: the request never left, so nothing was done;
   * - `unclear`: it may or may not have been done;
   * - `refused`: GitHub says no.
   */
  readonly kind: 'limited' | 'unreached' | 'unclear' | 'refused';
  readonly status?: number;
  readonly answer: string;
  /** How long GitHub asks to wait, in milliseconds. */
  readonly pause?: number;
}

/** An answer that promised JSON and was cut off: @octokit/request hands it on as a success with a text. */
export class CutOffAnswer extends Error {
  override readonly name = 'CutOffAnswer';
  constructor() {
    super('the answer was cut off');
  }
}

// @octokit/request throws a RequestError with status 500 and no response when no answer came at all.
const requestError = z.object({
  status: z.number(),
  message: z.string(),
  response: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
});

/**
 * Reads what @octokit/request threw.
 *
 * Limits: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 * (`retry-after` in seconds; else `x-ratelimit-reset` when nothing remains; else at least a minute).
 *
 * @param now milliseconds since 1970, to turn `x-ratelimit-reset` into a pause.
 */
export function failureOf(error: unknown, now: number): Failure {
  if (error instanceof CutOffAnswer) return { kind: 'unclear', answer: error.message };
  const parsed = requestError.safeParse(error);
  if (!parsed.success || !parsed.data.response) {
    const { neverLeft, reason } = noAnswer(error);
    return { kind: neverLeft ? 'unreached' : 'unclear', answer: reason };
  }
  const { status, message: answer } = parsed.data;
  const headers = parsed.data.response.headers;
  if (status === 403 || status === 429) {
    const pause = pauseOf(headers, answer, now);
    if (pause !== undefined || status === 429)
      return { kind: 'limited', status, answer, pause: pause ?? 60_000 };
  }
  return { kind: status >= 500 ? 'unclear' : 'refused', status, answer };
}

function pauseOf(headers: Record<string, unknown>, answer: string, now: number) {
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after) && after >= 0) return after * 1000;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset))
    return Math.max(0, reset * 1000 - now) + 1000;
  return /secondary rate limit|abuse detection/i.test(answer) ? 60_000 : undefined;
}
