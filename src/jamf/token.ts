import { z } from 'zod';
import { readJson } from './answer.ts';
import { type Call, calls } from './calls.ts';
import { JamfError } from './error.ts';
import { Failure } from './failure.ts';
import type { Secrets } from './secrets.ts';
import type { Answer, Outgoing } from './transport.ts';

/**
 * With what the API is asked; users' passwords are for servers without API clients (before 10.49).
 */
export type Credentials =
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'user'; readonly user: string; readonly password: string };

/** Sends a call without a token, as often as is worth it, and reads what is answered. */
export type Ask = <T>(
  call: Call,
  tried: string,
  outgoing: Pick<Outgoing, 'headers' | 'body'>,
  read: (answer: Answer) => T,
) => Promise<T>;

interface Given {
  readonly text: string;
  /** In milliseconds. */
  readonly life: number;
}

/** Schema `OAuthTokenResponse`; `expires_in` in seconds, 60 by default. */
const clientToken = z.object({ access_token: z.string().min(1), expires_in: z.number() });

/** Schema `AuthTokenV1`; the fraction of a second in `expires` varies in length. */
const userToken = z.object({ token: z.string().min(1), expires: z.string() });

interface Token {
  readonly text: string;
  /** When it is renewed and when it ends, in milliseconds of `performance.now()`. */
  readonly renew: number;
  readonly ends: number;
}

/** Where clocks differ so much that a token seems dead at birth, it is taken to live so long. */
const usualLife = 60_000;

/**
 * The run's one token: asked for when first needed, renewed before it ends and when Jamf no longer
 * takes it. There is no refresh token, and `keep-alive` takes a client's privileges away, so a new
 * one is asked for each time.
 */
export class Tokens {
  readonly #credentials: Credentials;
  readonly #ask: Ask;
  readonly #secrets: Secrets;
  #token: Token | undefined;
  #asking: Promise<Token> | undefined;
  #clientCall: Call = calls.clientToken;

  constructor(credentials: Credentials, ask: Ask, secrets: Secrets) {
    this.#credentials = credentials;
    this.#ask = ask;
    this.#secrets = secrets;
    secrets.add(credentials.kind === 'client' ? credentials.clientSecret : credentials.password);
  }

  /** A token that is good for so many milliseconds more, as far as Jamf gives one. */
  async current(atLeast = 0): Promise<string> {
    const token = this.#token;
    const now = performance.now();
    if (token && now < token.renew && now + atLeast < token.ends) return token.text;
    return this.#renewed();
  }

  /** Another one than this, which Jamf did not take. */
  async insteadOf(stale: string): Promise<string> {
    if (this.#token && this.#token.text !== stale) return this.#token.text;
    return this.#renewed();
  }

  /** The token, if there is one to be given back. */
  take(): string | undefined {
    const text = this.#token?.text;
    this.#token = undefined;
    return text;
  }

  async #renewed(): Promise<string> {
    this.#asking ??= this.#new().finally(() => {
      this.#asking = undefined;
    });
    this.#token = await this.#asking;
    return this.#token.text;
  }

  async #new(): Promise<Token> {
    const asked = performance.now();
    const { text, life } =
      this.#credentials.kind === 'client'
        ? await this.#ofClient(this.#credentials)
        : await this.#ofUser(this.#credentials);
    this.#secrets.add(text);
    return { text, renew: asked + life - Math.min(30_000, life / 3), ends: asked + life };
  }

  async #ofClient({ clientId, clientSecret }: Credentials & { kind: 'client' }): Promise<Given> {
    const outgoing = {
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
    };
    const ask = () =>
      this.#ask(this.#clientCall, 'get a token for the API client', outgoing, givenToClient);
    try {
      return await ask();
    } catch (error) {
      const isOld = error instanceof JamfError && error.status === 404;
      if (!isOld || this.#clientCall === calls.clientTokenBefore) throw error;
      this.#clientCall = calls.clientTokenBefore;
      return ask();
    }
  }

  #ofUser({ user, password }: Credentials & { kind: 'user' }): Promise<Given> {
    const basic = Buffer.from(`${user}:${password}`).toString('base64');
    this.#secrets.add(basic);
    const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
    const tried = `get a token for the user "${user}"`;
    return this.#ask(calls.userToken, tried, { headers }, givenToUser);
  }
}

function givenToClient(answer: Answer): Given {
  const { access_token, expires_in } = readJson(answer, clientToken);
  return { text: access_token, life: expires_in * 1000 };
}

function givenToUser(answer: Answer): Given {
  const { token, expires } = readJson(answer, userToken);
  const ends = Date.parse(expires);
  if (Number.isNaN(ends))
    throw new Failure('refused', `a token that expires "${expires.slice(0, 40)}"`);
  // Measured by Jamf's own clock, where it tells the time.
  const life = ends - (Date.parse(String(answer.headers['date'])) || Date.now());
  return { text: token, life: life > 0 ? life : usualLife };
}
