import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { isHere, maySendSecretsTo } from '../network/address.ts';

/** How messages are sent. */
export interface Delivery {
  /** Waits so many milliseconds; for tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** Where trying again is told, a line at a time. */
  readonly log?: (line: string) => void;
}

const attempts = 4;
const pauses = [1_000, 4_000, 15_000];
/** The longest pause that a webhook may ask for, in milliseconds. */
const patience = 60_000;
const answerWithin = 30_000;

/**
 * Posts JSON to a webhook. A Workflows webhook answers 202, Slack 200. Tries again after 429 (as long
 * as asked, within reason), 5xx and when there is no answer: a message twice is better than none.
 *
 * @param whose the channel in words, for the log.
 * @returns why it was not taken, or `undefined` when it was; neither holds the address.
 */
export async function post(
  address: string,
  body: object,
  whose: string,
  { wait = async (ms) => void (await sleep(ms)), log = () => {} }: Delivery,
): Promise<string | undefined> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !maySendSecretsTo(url))
    return 'its address is no https:// address: copy the webhook URL into the secret again';
  // The charset is said because Teams counts two bytes a letter without it.
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const json = JSON.stringify(body);
  const dispatcher = isHere(url) ? new Agent() : new EnvHttpProxyAgent();
  try {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(url, { headers, body: json, dispatcher });
      if (answer === 'taken') return undefined;
      const pause = Math.min(answer.pause ?? pauses[attempt - 1] ?? 0, patience);
      if (!answer.again || attempt >= attempts) return answer.reason;
      log(`${whose}: ${answer.reason}; trying again in ${Math.ceil(pause / 1000)} s`);
      await wait(pause);
    }
  } finally {
    await dispatcher.close().catch(() => {});
  }
}

interface Refusal {
  readonly reason: string;
  readonly again: boolean;
  readonly pause?: number;
}

async function send(
  url: URL,
  options: { headers: Record<string, string>; body: string; dispatcher: Dispatcher },
): Promise<'taken' | Refusal> {
  try {
    const response = await request(url, {
      ...options,
      method: 'POST',
      headersTimeout: answerWithin,
      bodyTimeout: answerWithin,
      signal: AbortSignal.timeout(answerWithin),
    });
    // What it says may repeat the address: the status alone is told.
    await response.body.dump();
    const status = response.statusCode;
    if (status >= 200 && status < 300) return 'taken';
    const after = Number(response.headers['retry-after'] ?? Number.NaN);
    return {
      reason: `it answered ${status}${hint(status)}`,
      again: status === 429 || status >= 500,
      ...(Number.isFinite(after) && after >= 0 ? { pause: after * 1000 } : {}),
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { reason: `no answer${code}`, again: true };
  }
}

function hint(status: number): string {
  if (status === 413) return ', the message is too large';
  if (status === 429) return ', too many messages';
  if (status >= 400 && status < 500)
    return ': look whether the workflow behind the webhook still exists, is turned on and has an owner, and copy its URL into the secret again';
  return '';
}
