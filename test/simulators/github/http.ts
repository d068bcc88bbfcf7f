import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from './errors.ts';
import { type Fault, type Faults, hasEffect, reset, truncate } from './faults.ts';
import { type Answer, Call, type Route } from './router.ts';
import { settle } from './settle.ts';
import type { World } from './world.ts';

export interface RequestLine {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** What was answered; 0 when no answer went out. */
  status: number;
}

/** Called at the border; one that throws has the connection reset. */
export type Hook = (request: { method: string; path: string }) => void | Promise<void>;

/** The listening side: who may ask, what was asked, and what goes wrong on the way. */
export class Listener {
  readonly requests: RequestLine[] = [];
  readonly unknown: string[] = [];
  writes = 0;
  onRequest: Hook | undefined;
  onAnswered: Hook | undefined;
  readonly #world: World;
  readonly #routes: readonly Route[];
  readonly #token: string;
  readonly #faults: Faults;
  readonly #server: Server;

  constructor(world: World, routes: readonly Route[], token: string, faults: Faults) {
    this.#world = world;
    this.#routes = routes;
    this.#token = token;
    this.#faults = faults;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Listens on a free port of the loopback device; gives the address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const line: RequestLine = { method, path, status: 0 };
    this.requests.push(line);
    response.on('error', () => undefined);
    const fault = this.#faults.take(method, path);
    if (fault?.kind === 'refuse') return void request.socket.destroy();
    try {
      const body = await received(request);
      await this.onRequest?.({ method, path });
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset') return reset(response);
      const answer = hasEffect(fault) ? await this.#answer(request, body) : undefined;
      if (answer && fault?.kind === 'reset-after') reset(response);
      else line.status = this.#send(response, answer, fault);
      await this.onAnswered?.({ method, path });
    } catch {
      // The hook has ended the client, or the client went away while it was asking.
      reset(response);
    }
  }

  async #answer(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const method = request.method ?? 'GET';
    const world = this.#world;
    try {
      this.#authenticate(request);
      const url = new URL(request.url ?? '/', world.url);
      const here = `/repos/${world.owner}/${world.repo}`;
      url.pathname = url.pathname.replace(`/repositories/${world.id}`, here);
      for (const { method: expected, pattern, handler } of this.#routes) {
        const match = expected === method && pattern.exec(url.pathname);
        if (!match) continue;
        const params: Record<string, string> = {};
        for (const [name, value] of Object.entries(match.groups ?? {}))
          params[name] = decodeURIComponent(value);
        if (params.owner !== undefined && !isHere(world, params))
          throw new Refusal(404, 'Not Found');
        if (method !== 'GET' && method !== 'HEAD') this.writes += 1;
        const call = new Call(method, url, request.headers, params, body);
        return await world.exclusively(world.bot.login, async () => {
          await settle(world);
          const answer = await handler(world, call);
          if (method !== 'GET') await settle(world);
          return answer;
        });
      }
      this.unknown.push(`${method} ${url.pathname}`);
      throw new Refusal(404, 'Not Found');
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: error.body };
      const message = `the GitHub simulator failed: ${error instanceof Error ? error.stack : error}`;
      this.unknown.push(`${method} ${request.url}: ${message}`);
      return { status: 500, body: { message } };
    }
  }

  #authenticate(request: IncomingMessage): void {
    const given = request.headers.authorization;
    if (!given) throw new Refusal(401, 'Requires authentication');
    if (given.replace(/^(bearer|token) /i, '') !== this.#token)
      throw new Refusal(401, 'Bad credentials');
  }

  #send(response: ServerResponse, answer: Answer | undefined, fault: Fault | undefined): number {
    const overruled = fault && fault.kind !== 'truncate';
    const fallback = fault?.kind === 'status-after' ? 502 : 500;
    const status = overruled ? (fault.status ?? fallback) : (answer?.status ?? 500);
    const json = overruled ? (fault.body ?? { message: 'Server Error' }) : answer?.body;
    const raw = overruled ? undefined : answer?.raw;
    const body = raw ?? Buffer.from(json === undefined ? '' : JSON.stringify(json));
    const headers = {
      'content-type': raw
        ? 'application/vnd.github.raw; charset=utf-8'
        : 'application/json; charset=utf-8',
      'x-github-media-type': 'github.v3; format=json',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': String(Math.max(0, 5000 - this.requests.length)),
      'x-github-request-id': `SIM:${this.requests.length}`,
      ...answer?.headers,
      ...fault?.headers,
    };
    if (fault?.kind === 'truncate') truncate(response, status, headers, body);
    else if (status === 204) response.writeHead(204).end();
    else response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
    return status;
  }
}

const isHere = (world: World, { owner, repo }: Record<string, string>) =>
  owner?.toLowerCase() === world.owner.toLowerCase() &&
  repo?.toLowerCase() === world.repo.toLowerCase();

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
