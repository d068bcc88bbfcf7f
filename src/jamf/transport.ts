import type { Readable } from 'node:stream';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { isHere, maySendSecretsTo } from '../network/address.ts';
import { Cookies } from './cookies.ts';

/** A request as it leaves. */
export interface Outgoing {
  readonly method: Dispatcher.HttpMethod;
  /** With its query, below the address of Jamf Pro. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** How long the server may be silent, in milliseconds. */
  readonly silence?: number;
}

/** What came back: the whole text, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One Jamf Pro over a few connections that are kept; one cookie jar. */
export interface Transport {
  send(outgoing: Outgoing): Promise<Answer>;
  close(): Promise<void>;
}

/** The longest answer that is read, in characters: no list of a fleet comes near it. */
const longestAnswer = 256 * 1024 * 1024;

/**
 * Opens no connection yet. Proxies are taken from HTTPS_PROXY and NO_PROXY.
 *
 * @throws Error when the address is none that a secret may be sent to.
 */
export function openTransport(
  address: string,
  settings: { readonly connections: number; readonly silence: number },
): Transport {
  const base = baseOf(address);
  const { connections, silence } = settings;
  const options = { connections, pipelining: 1, connect: { timeout: 15_000 } };
  const dispatcher = isHere(base) ? new Agent(options) : new EnvHttpProxyAgent(options);
  const cookies = new Cookies();
  const root = base.pathname.replace(/\/+$/, '');
  return {
    async send({ method, path, headers, body, silence: own = silence }) {
      const answer = await request(`${base.origin}${root}${path}`, {
        dispatcher,
        method,
        headers: { 'user-agent': 'patchbot', ...cookies.header, ...headers },
        // undici takes any async iterable, and asks it for a piece when the last one has left; its
        // types don't say so.
        body: (body ?? null) as string | Readable | null,
        headersTimeout: own,
        bodyTimeout: own,
      });
      cookies.take(answer.headers['set-cookie']);
      const length = Number(answer.headers['content-length'] ?? 0);
      if (length > longestAnswer) {
        answer.body.destroy();
        throw new Error(`the answer has ${length} bytes`);
      }
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: await answer.body.text(),
      };
    },
    close: () => dispatcher.destroy(),
  };
}

function baseOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !maySendSecretsTo(url) || url.username || url.search)
    throw new Error(
      `"${withoutCredentials(url, address)}" is no address of Jamf Pro: set JAMF_URL to something like https://acme.jamfcloud.com`,
    );
  return url;
}

function withoutCredentials(url: URL | undefined, address: string): string {
  return url ? `${url.protocol}//${url.host}${url.pathname}` : address.slice(0, 100);
}
