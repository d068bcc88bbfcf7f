import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ApiRefusal } from './errors.ts';
import type { Simulation } from './simulation.ts';
import type { Caller } from './token.ts';
import type { JamfWorld } from './world.ts';
import { parseXml, type Tree } from './xml.ts';

/** What an end point answers: JSON, a classic document, a page as it stands, or nothing. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly xml?: Tree;
  readonly page?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (jamf: Simulation, call: Call) => Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  /** As the published schemas spell it, with `{id}` and the like. */
  readonly template: string;
  readonly pattern: RegExp;
  /** All of them are needed. `undefined`: no token is needed either. */
  readonly privileges: readonly string[] | undefined;
  readonly handler: Handler;
  /** The body is read by the handler as it comes in. */
  readonly streams: boolean;
  /** The versions of Jamf Pro that have it: `[since, before]`, as `[major, minor]`. */
  readonly since: Version;
  readonly before: Version;
  /** From which version on it answers with a `Deprecation` header, and the header's date. */
  readonly deprecated?: Deprecated;
}

interface Deprecated {
  readonly since: Version;
  readonly date: string;
}

export type Version = readonly [number, number];

interface Details {
  readonly streams?: boolean;
  readonly since?: Version;
  readonly before?: Version;
  readonly deprecated?: Deprecated;
}

export function route(
  method: string,
  template: string,
  privileges: string | readonly string[] | undefined,
  handler: Handler,
  { streams = false, since = [0, 0], before = [9999, 0], deprecated }: Details = {},
): Route {
  const source = template
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    method,
    template,
    pattern: new RegExp(`^${source}/?$`),
    privileges: typeof privileges === 'string' ? [privileges] : privileges,
    handler,
    streams,
    since,
    before,
    ...(deprecated && { deprecated }),
  };
}

/** One request, as its end point sees it. */
export class Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body as it comes in, for an end point that `streams`. */
  readonly incoming: IncomingMessage;
  /** What the node that was asked sees: it may lag behind the database. */
  readonly view: JamfWorld;
  readonly caller: Caller | undefined;

  constructor(parts: {
    incoming: IncomingMessage;
    url: URL;
    params: Readonly<Record<string, string>>;
    body: Buffer;
    view: JamfWorld;
    caller: Caller | undefined;
  }) {
    this.incoming = parts.incoming;
    this.method = parts.incoming.method ?? 'GET';
    this.headers = parts.incoming.headers;
    this.path = parts.url.pathname;
    this.query = parts.url.searchParams;
    this.params = parts.params;
    this.body = parts.body;
    this.view = parts.view;
    this.caller = parts.caller;
  }

  get id(): string {
    return this.params.id ?? '';
  }

  json(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(this.body.toString('utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return value as Record<string, unknown>;
    } catch {
      // Answered below, as any other body that is no object.
    }
    throw new ApiRefusal(400, 'INVALID_JSON', 'The body is not a JSON object');
  }

  xml(root: string): Tree {
    return parseXml(this.body.toString('utf8'), root);
  }
}
