import type { IncomingMessage } from 'node:http';
import type { Apps } from './apps.ts';
import type { Reply } from './border.ts';
import { Refusal } from './errors.ts';
import { type Answer, Call, type Route } from './router.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

/** From a request to its handler: who may ask, and for what. */
export class Gate {
  /** Requests that no route takes, and handlers that broke. */
  readonly unknown: string[] = [];
  writes = 0;
  readonly #world: World;
  readonly #routes: readonly Route[];
  readonly #apps: Apps;
  #count = 0;

  constructor(world: World, routes: readonly Route[], apps: Apps) {
    this.#world = world;
    this.#routes = [...apps.routes, ...routes];
    this.#apps = apps;
  }

  async answer(request: IncomingMessage, body: Buffer): Promise<Reply> {
    this.#count += 1;
    const { status, body: json, raw, headers } = await this.#handled(request, body);
    return {
      status,
      body: raw ?? (json === undefined ? '' : JSON.stringify(json)),
      headers: {
        'content-type': `application/${raw ? 'vnd.github.raw' : 'json'}; charset=utf-8`,
        'x-github-media-type': 'github.v3; format=json',
        'x-github-request-id': `SIM:${this.#count}`,
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': String(Math.max(0, 5000 - this.#count)),
        'x-ratelimit-reset': String(Math.ceil(this.#world.clock().getTime() / 1000) + 3600),
        ...headers,
      },
    };
  }

  async #handled(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const { method = 'GET', url = '/' } = request;
    try {
      const [path = '/'] = url.split('?');
      this.#apps.permit(request.headers.authorization, method, path);
      const { call, route } = this.#find(request, body);
      const reads = method === 'GET' || route.reads === true;
      if (!reads) this.writes += 1;
      const world = this.#world;
      return await world.exclusively(world.bot.login, async () => {
        await settle(world);
        const answer = await route.handler(world, call);
        if (!reads) await settle(world);
        return answer;
      });
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: error.body };
      const message = `the GitHub simulator failed: ${error instanceof Error ? error.stack : error}`;
      this.unknown.push(`${method} ${url}: ${message}`);
      return { status: 500, body: { message } };
    }
  }

  #find(request: IncomingMessage, body: Buffer): { call: Call; route: Route } {
    const { method = 'GET' } = request;
    const { owner, repo, id, url: base } = this.#world;
    const url = new URL(request.url ?? '/', base);
    // GitHub's own links name the repository by its id.
    url.pathname = url.pathname.replace(`/repositories/${id}`, `/repos/${owner}/${repo}`);
    for (const route of this.#routes) {
      const match = route.method === method && route.pattern.exec(url.pathname);
      if (!match) continue;
      const params = decoded(match.groups ?? {});
      if (params.owner !== undefined) {
        const named = `${params.owner}/${params.repo}`.toLowerCase();
        if (named !== `${owner}/${repo}`.toLowerCase()) throw new Refusal(404, 'Not Found');
      }
      return { call: new Call(method, url, request.headers, params, body), route };
    }
    this.unknown.push(`${method} ${url.pathname}`);
    throw new Refusal(404, 'Not Found');
  }
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    try {
      params[name] = decodeURIComponent(value);
    } catch {
      throw new Refusal(400, 'Problems parsing the address');
    }
  }
  return params;
}
