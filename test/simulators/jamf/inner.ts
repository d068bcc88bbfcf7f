import type { IncomingMessage } from 'node:http';
import type { Inside, Reply } from './border.ts';
import { arrive } from './definitions.ts';
import { ApiRefusal, ClassicRefusal, OAuthRefusal } from './errors.ts';
import { refused, reply } from './reply.ts';
import { type Answer, Call, type Route } from './router.ts';
import { routes } from './routes.ts';
import { wrongInAnswer, wrongInRequest } from './schemas/check.ts';
import { missing } from './schemas/published.ts';
import type { Simulation } from './simulation.ts';
import { admit, byPassword, type Caller } from './token.ts';

/** Writes that change nothing of what Jamf Pro has. */
const harmless = /\/(oauth\/token|auth\/[a-z-]+|refresh-inventory)$/;

/** Who is asked, and what: a request on its way to its end point. */
interface Asked {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly route: Route;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
}

/** What lies behind the border: finds the end point, lets the caller in, and checks both ways. */
export class Inner implements Inside {
  readonly violations: string[] = [];
  writes = 0;
  readonly #jamf: Simulation;
  /** Why nothing is checked, if nothing is. */
  readonly unchecked: string | undefined;

  constructor(jamf: Simulation, checks: boolean) {
    this.#jamf = jamf;
    this.unchecked = checks ? missing : 'it was told not to check';
  }

  streams(request: IncomingMessage): boolean {
    return find(request).route?.streams ?? false;
  }

  async answer(request: IncomingMessage, body: Buffer): Promise<Reply> {
    const { nodes } = this.#jamf;
    const node = nodes.choose(request.headers.cookie);
    const { route, url, params } = find(request);
    const headers: Record<string, string> = { 'set-cookie': nodes.setCookie(node) };
    if (!route) {
      this.violations.push(`${request.method} ${url.pathname}: there is no such call`);
      return refused(notFound(url), node, headers);
    }
    const asked = { request, body, route, url, params };
    this.#checkRequest(asked);
    try {
      const answer = await this.#ask(asked, node);
      this.#checkAnswer(asked, answer);
      if (route.deprecated && this.#jamf.isAtLeast(route.deprecated.since))
        headers['deprecation'] = route.deprecated.date;
      return reply(answer, node, { ...headers, ...answer.headers }, request.headers.accept ?? '');
    } catch (error) {
      if (error instanceof ApiRefusal || error instanceof OAuthRefusal)
        this.#checkAnswer(asked, { status: error.status, json: error.body });
      return refused(error, node, headers);
    }
  }

  async #ask(asked: Asked, node: number): Promise<Answer> {
    const { request, body, route, url, params } = asked;
    const jamf = this.#jamf;
    if (!jamf.isAtLeast(route.since) || jamf.isAtLeast(route.before)) throw notFound(url);
    arrive(jamf);
    const caller = this.#caller(asked);
    if (route.privileges) admit(caller, route.privileges, isClassic(url));
    const isWrite = request.method !== 'GET' && !harmless.test(url.pathname);
    if (isWrite) jamf.nodes.beforeWrite(node);
    const view = jamf.nodes.view(node);
    const call = new Call({ incoming: request, url, params, body, view, caller });
    const answer = await route.handler(jamf, call);
    if (isWrite) this.writes += 1;
    return answer;
  }

  #caller({ request, url }: Asked): Caller | undefined {
    const { authorization } = request.headers;
    const { tokens, options } = this.#jamf;
    const mayByPassword = options.basicAuth && !url.pathname.startsWith('/api/');
    return (
      tokens.who(authorization) ?? (mayByPassword ? byPassword(options, authorization) : undefined)
    );
  }

  #checkRequest({ request, body, route, url }: Asked): void {
    if (this.unchecked !== undefined) return;
    const wrong = wrongInRequest({
      method: route.method,
      template: route.template,
      query: url.searchParams,
      contentType: request.headers['content-type'],
      body: route.streams ? undefined : body,
    });
    for (const what of wrong)
      this.violations.push(`${route.method} ${url.pathname}: asks: ${what}`);
  }

  #checkAnswer({ route, url }: Asked, answer: Answer): void {
    if (this.unchecked !== undefined) return;
    for (const what of wrongInAnswer(route.method, route.template, answer))
      this.violations.push(`${route.method} ${url.pathname}: answers ${answer.status}: ${what}`);
  }
}

const isClassic = (url: URL): boolean => url.pathname.startsWith('/JSSResource');

const notFound = (url: URL): Error =>
  isClassic(url) ? new ClassicRefusal(404) : new ApiRefusal(404);

function find(request: IncomingMessage) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const match = route.pattern.exec(url.pathname);
    if (match) return { route, url, params: { ...match.groups } };
  }
  return { route: undefined, url, params: {} };
}
