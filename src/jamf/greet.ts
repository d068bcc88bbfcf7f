import { z } from 'zod';
import { noAnswer } from '../network/no-answer.ts';
import { calls } from './calls.ts';
import { openTransport } from './transport.ts';

/** Who answers at an address. */
export type Greeting =
  | { readonly answers: 'jamf' }
  /** Something else answers, or nothing does; `reason` says what, in words. */
  | { readonly answers: 'other' | 'nothing'; readonly reason: string };

/** The Jamf Pro API's own refusal (schema `ApiError`); the version itself, were it ever public. */
const itsWords = z.union([
  z.object({ httpStatus: z.literal(401) }),
  z.object({ version: z.string() }),
]);

/**
 * Looks whether a Jamf Pro answers at an address, without credentials: it is asked for its version,
 * and a Jamf Pro refuses that in its own words.
 *
 * @throws Error when the address is none that a secret may be sent to.
 */
export async function greet(address: string): Promise<Greeting> {
  const transport = openTransport(address, { connections: 1, silence: 20_000 });
  const { method, path } = calls.version;
  try {
    const { status, text } = await transport.send({
      method,
      path,
      headers: { accept: 'application/json' },
    });
    if (itsWords.safeParse(parsed(text)).success) return { answers: 'jamf' };
    return { answers: 'other', reason: `it answered ${status}, but not as Jamf Pro does` };
  } catch (error) {
    return { answers: 'nothing', reason: noAnswer(error).reason };
  } finally {
    await transport.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
