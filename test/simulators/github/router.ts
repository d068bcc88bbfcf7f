import type { IncomingHttpHeaders } from 'node:http';
import type { ZodType, z } from 'zod';
import { Refusal } from './errors.ts';
import type { World } from './world.ts';

export interface Answer {
  readonly status: number;
  /** Sent as JSON; nothing when undefined. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (world: World, call: Call) => Answer | Promise<Answer>;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handler: Handler;
  /** Changes nothing, though it is no GET. */
  readonly reads?: boolean;
}

/** One request, as a handler reads it. */
export class Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly #params: Readonly<Record<string, string>>;
  readonly #body: Buffer;

  constructor(
    method: string,
    url: URL,
    headers: IncomingHttpHeaders,
    params: Readonly<Record<string, string>>,
    body: Buffer,
  ) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#params = params;
    this.#body = body;
  }

  /** A part of the path. */
  param(name: string): string {
    const value = this.#params[name];
    if (value === undefined) throw new Error(`the route has no {${name}}`);
    return value;
  }

  number(name: string): number {
    const value = this.param(name);
    if (!/^\d+$/.test(value)) throw new Refusal(404, 'Not Found');
    return Number(value);
  }

  query(name: string): string | undefined {
    return this.url.searchParams.get(name) ?? undefined;
  }

  /** The body; what GitHub's schema does not know is refused, so that a wrong call fails its test. */
  read<Schema extends ZodType>(schema: Schema): z.infer<Schema> {
    let json: unknown;
    try {
      json = this.#body.length > 0 ? JSON.parse(this.#body.toString()) : {};
    } catch {
      throw new Refusal(400, 'Problems parsing JSON');
    }
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(
      ({ path, message }) => `For '${path.join('/') || 'links'}', ${message}.`,
    );
    throw new Refusal(422, `Invalid request.\n\n${issues.join('\n')}`);
  }
}

/**
 * A route below `/repos/{owner}/{repo}`, unless the path begins with a slash.
 * `{name}` is one segment, `{+name}` may hold slashes.
 */
export function route(method: string, path: string, handler: Handler): Route {
  const whole = path.startsWith('/') ? path : `/repos/{owner}/{repo}${path && `/${path}`}`;
  const source = whole
    .replace(/[.]/g, '\\.')
    .replace(/\{(\+?)(\w+)\}/g, (_, plus, name) => `(?<${name}>${plus ? '.+' : '[^/]+'})`);
  return { method, pattern: new RegExp(`^${source}/?$`), handler };
}

export const ok = <Body>(body: Body): Answer => ({ status: 200, body });
export const created = <Body>(body: Body): Answer => ({ status: 201, body });
export const noContent = (): Answer => ({ status: 204 });

/** The page of a list that was asked for (30 a page, 100 at most), with GitHub's Link header. */
export function page<Item>(
  world: World,
  call: Call,
  items: readonly Item[],
  wrap: (items: Item[]) => unknown = (slice) => slice,
): Answer {
  const positive = (name: string, fallback: number) => {
    const value = Number(call.query(name));
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  const perPage = Math.min(positive('per_page', 30), 100);
  const at = positive('page', 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const body = wrap(items.slice((at - 1) * perPage, at * perPage));
  const link = (number: number, rel: string) => {
    const query = new URLSearchParams(call.url.searchParams);
    query.set('page', String(number));
    // GitHub's links name the repository by id, not by owner and name.
    const path = call.url.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${world.id}`);
    return `<${world.url}${path}?${query}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (at > 1) links.push(link(at - 1, 'prev'));
  if (at < last) links.push(link(at + 1, 'next'), link(last, 'last'));
  if (at > 1) links.push(link(1, 'first'));
  return { status: 200, body, headers: links.length > 0 ? { link: links.join(', ') } : {} };
}
