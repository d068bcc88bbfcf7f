import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, calls, pathOf } from './calls.ts';
import { JamfError } from './error.ts';
import { Failure, failureOf, succeeded } from './failure.ts';
import { type Patience, persist } from './retry.ts';
import { Secrets } from './secrets.ts';
import { Slots } from './slots.ts';
import { type Credentials, Tokens } from './token.ts';
import { type Answer, type Outgoing, openTransport } from './transport.ts';

/** Where Jamf Pro is, who asks, and how. */
export interface JamfSettings {
  /** https://acme.jamfcloud.com */
  readonly url: string;
  readonly credentials: Credentials;
  /** Requests at once, at most 5: Jamf's own advice ("Scalability Best Practices"). */
  readonly connections: number;
  /** A dry run: any write throws before it leaves. */
  readonly readOnly: boolean;
  readonly log: (line: string) => void;
  /** Gets each secret (tokens too) as it becomes known, to be masked. */
  readonly onSecret: (secret: string) => void;
  /** Waits so many milliseconds; for tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** How long Jamf Pro may be silent before a call counts as failed, in milliseconds; for tests. */
  readonly silence?: number;
}

/** What is sent along. A stream is made anew for each try. */
export type Body =
  | { readonly text: string; readonly type: string }
  | {
      readonly stream: () => AsyncIterable<Uint8Array>;
      readonly type: string;
      /** In bytes. */
      readonly length: number;
    };

/** One question, or order. */
export interface Asked<T> {
  /** What is tried, in words that follow "could not". */
  readonly tried: string;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Body;
  /** Reads the answer. @throws Failure when it can't be read. */
  readonly read: (answer: Answer) => T;
  /** How long the token must still be good for, in milliseconds. */
  readonly tokenFor?: number;
  /** How long the server may be silent, in milliseconds. */
  readonly silence?: number;
}

/** One Jamf Pro: every request of this folder goes through `ask`. */
export interface Connection extends Patience {
  /** @throws JamfError when it is refused, or fails more often than is worth waiting for. */
  ask<T>(call: Call, asked: Asked<T>): Promise<T>;
  /** Like `ask`, with `undefined` where Jamf answers 404. */
  find<T>(call: Call, asked: Asked<T>): Promise<T | undefined>;
  /** Gives the token back and ends the connections; never throws. */
  close(): Promise<void>;
}

/** Two minutes: a list of a large fleet takes Jamf Pro its time. */
const usualSilence = 120_000;

/** Opens no connection yet; the first request does. @throws Error when the address is none. */
export function openConnection(settings: JamfSettings): Connection {
  const { log } = settings;
  const secrets = new Secrets(settings.onSecret);
  const wait = settings.wait ?? (async (milliseconds: number) => void (await sleep(milliseconds)));
  const patience: Patience = { log, wait, hide: (text) => secrets.hide(text) };
  const connections = Math.min(5, Math.max(1, settings.connections));
  const silence = settings.silence ?? usualSilence;
  const transport = openTransport(settings.url, { connections, silence });
  const all = new Slots(connections);
  const writing = new Slots(1);
  const deprecated = new Set<Call>();

  const exchange = async (outgoing: Outgoing) => {
    const answer = await transport.send(outgoing);
    // Before anything is cut off: a refusal is shown, and may repeat what was sent.
    const shown = answer.status < 400 ? answer : { ...answer, text: secrets.hide(answer.text) };
    return succeeded(shown, Date.now());
  };
  const tokens = new Tokens(
    settings.credentials,
    (call, tried, outgoing, read) =>
      persist(call, tried, patience, async () =>
        read(await exchange({ ...outgoing, method: call.method, path: call.path })),
      ),
    secrets,
  );

  async function send<T>(call: Call, asked: Asked<T>): Promise<T> {
    const token = await tokens.current(asked.tokenFor);
    const answer = await exchange(outgoingOf(call, asked, token, settings.silence)).catch(
      async (error: unknown) => {
        if (!(error instanceof Failure) || error.kind !== 'unauthorized') throw error;
        // A token can end early; whatever was refused for that was not done.
        const another = await tokens.insteadOf(token);
        // But a long body may have come all the way before the token ended: that is looked at first.
        if (asked.body && 'stream' in asked.body)
          throw new Failure('unclear', error.message, { status: 401 });
        return exchange(outgoingOf(call, asked, another, settings.silence));
      },
    );
    if (answer.headers['deprecation'] && !deprecated.has(call)) {
      deprecated.add(call);
      log(
        `Jamf Pro: ${call.method} ${call.path} is deprecated (${answer.headers['deprecation']}): look for a newer PatchBot`,
      );
    }
    return asked.read(answer);
  }

  async function ask<T>(call: Call, asked: Asked<T>): Promise<T> {
    if (call.changes && settings.readOnly)
      throw new JamfError(asked.tried, {
        call,
        answer: 'this is a dry run',
        remedy: 'Nothing was sent. Run it without dry-run to change anything.',
      });
    const once = () => all.run(() => send(call, asked));
    const sent = () => persist(call, asked.tried, patience, once);
    return call.changes ? writing.run(sent) : sent();
  }

  return {
    ...patience,
    ask,
    async find(call, asked) {
      try {
        return await ask(call, asked);
      } catch (error) {
        if (error instanceof JamfError && error.status === 404) return undefined;
        throw error;
      }
    },
    async close() {
      const token = tokens.take();
      if (token)
        await exchange({
          method: calls.invalidateToken.method,
          path: calls.invalidateToken.path,
          headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
          silence: Math.min(silence, 15_000),
        }).catch((error: unknown) => {
          // A token that is no longer good needs no giving back.
          if (error instanceof Failure && error.kind === 'unauthorized') return;
          log(
            `Jamf Pro: could not give the token back (${secrets.hide(failureOf(error).message)}); it ends by itself`,
          );
        });
      await transport.close();
    },
  };
}

function outgoingOf<T>(
  call: Call,
  asked: Asked<T>,
  token: string,
  silence = asked.silence,
): Outgoing {
  const { body } = asked;
  return {
    method: call.method,
    path: pathOf(call, asked.id, asked.query),
    headers: {
      authorization: `Bearer ${token}`,
      accept: call.path.startsWith('/JSSResource') ? 'application/xml' : 'application/json',
      ...(body && { 'content-type': body.type }),
      ...(body && 'length' in body && { 'content-length': String(body.length) }),
    },
    ...(body && { body: 'text' in body ? body.text : body.stream() }),
    ...(silence !== undefined && { silence }),
  };
}

/** A JSON body. */
export function json(value: unknown, type = 'application/json'): Body {
  return { text: JSON.stringify(value), type };
}

/** For answers that say nothing, or nothing to rely on. */
export function nothing(): undefined {
  return undefined;
}
