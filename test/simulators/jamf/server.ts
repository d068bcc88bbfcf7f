import type { IncomingMessage } from 'node:http';
import { aboutRoutes } from './about.ts';
import { Border, type Hook, type Inside, type Reply, type RequestLine } from './border.ts';
import { categoryRoutes } from './categories.ts';
import { classicPatchPolicyRoutes } from './classic-patch-policies.ts';
import { classicPolicyRoutes } from './classic-policies.ts';
import { distributionPointRoutes } from './distribution-point.ts';
import { ApiRefusal, ClassicRefusal, OAuthRefusal } from './errors.ts';
import type { Faults } from './faults.ts';
import { type MacsOutcome, macsInstall } from './macs.ts';
import type { JamfOptions } from './options.ts';
import { packageRoutes } from './packages.ts';
import { patchPolicyRoutes } from './patch-policies.ts';
import { type Answer, Call, type Route } from './router.ts';
import { addCategory, addTitle, define, type SeedDefinition, type SeedTitle } from './seed.ts';
import { Simulation } from './simulation.ts';
import { snapshotOf } from './snapshot.ts';
import { titleRoutes } from './titles.ts';
import { admit, tokenRoutes } from './token.ts';
import type { JamfWorld, PatchPolicy } from './world.ts';
import { removePackage } from './world.ts';
import { xmlAsJson, xmlText } from './xml.ts';

export type { JamfOptions } from './options.ts';

/** A Jamf Pro on loopback, and the hands of its admins. */
export interface JamfSimulator {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly world: JamfWorld;
  readonly simulation: Simulation;
  readonly requests: readonly RequestLine[];
  /** How many requests have changed what Jamf Pro has. */
  readonly writes: number;
  /** What no Jamf Pro would have been asked, or would have answered: a test ends with this empty. */
  readonly violations: readonly string[];
  readonly faults: Faults;
  onRequest: Hook | undefined;
  onAnswered: Hook | undefined;
  resetCounts(): void;
  /** All that lasts, comparable between two histories with the same end. */
  snapshot(): unknown;
  addCategory(name: string): void;
  addTitle(seed: SeedTitle): void;
  /** The patch source has a definition. @param title the title's display name. */
  addDefinition(title: string, definition: SeedDefinition): void;
  clearDescription(policy: string): void;
  disablePolicy(policy: string): void;
  setTarget(policy: string, version: string): void;
  /** By its file's name. */
  deletePackage(file: string): void;
  /** Macs in the scope of a patch policy install what it targets. */
  macsInstall(policy: string, outcome: MacsOutcome): void;
  /** All nodes see all writes from now on. */
  propagate(): void;
  close(): Promise<void>;
}

const routes: readonly Route[] = [
  ...tokenRoutes,
  ...aboutRoutes,
  ...categoryRoutes,
  ...packageRoutes,
  ...distributionPointRoutes,
  ...titleRoutes,
  ...patchPolicyRoutes,
  ...classicPatchPolicyRoutes,
  ...classicPolicyRoutes,
];

/** Writes that change nothing of what Jamf Pro has. */
const harmless = /\/(oauth\/token|auth\/[a-z-]+|refresh-inventory)$/;

class Inner implements Inside {
  readonly violations: string[] = [];
  writes = 0;
  readonly #jamf: Simulation;

  constructor(jamf: Simulation) {
    this.#jamf = jamf;
  }

  streams(request: IncomingMessage): boolean {
    return this.#find(request).route?.streams ?? false;
  }

  async answer(request: IncomingMessage, body: Buffer): Promise<Reply> {
    const { nodes } = this.#jamf;
    const node = nodes.choose(request.headers.cookie);
    const { route, url, params } = this.#find(request);
    const classic = url.pathname.startsWith('/JSSResource');
    const isWrite = request.method !== 'GET' && !harmless.test(url.pathname);
    const headers: Record<string, string> = { 'set-cookie': nodes.setCookie(node) };
    try {
      if (!route) {
        this.violations.push(`${request.method} ${url.pathname}: there is no such call`);
        throw classic ? new ClassicRefusal(404) : new ApiRefusal(404);
      }
      if (!this.#jamf.isAtLeast(route.since) || this.#jamf.isAtLeast(route.before))
        throw classic ? new ClassicRefusal(404) : new ApiRefusal(404);
      const caller = this.#jamf.tokens.who(request.headers.authorization);
      if (route.privileges) admit(caller, route.privileges, classic);
      if (isWrite) nodes.beforeWrite(node);
      const view = isWrite ? this.#jamf.world : nodes.view(node);
      const call = new Call({ incoming: request, url, params, body, view, caller });
      const answer = await route.handler(this.#jamf, call);
      if (isWrite) this.writes += 1;
      if (route.deprecated && this.#jamf.isAtLeast(route.deprecated.since))
        headers['deprecation'] = route.deprecated.date;
      return reply(answer, node, { ...headers, ...answer.headers }, request.headers.accept);
    } catch (error) {
      return refused(error, node, headers);
    }
  }

  #find(request: IncomingMessage) {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    for (const route of routes) {
      if (route.method !== request.method) continue;
      const match = route.pattern.exec(url.pathname);
      if (match) return { route, url, params: { ...match.groups } };
    }
    return { route: undefined, url, params: {} };
  }
}

function reply(answer: Answer, node: number, headers: Record<string, string>, accept = ''): Reply {
  const { status } = answer;
  if (answer.json !== undefined)
    return {
      status,
      node,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(answer.json),
    };
  if (answer.xml === undefined) return { status, node, headers, body: '' };
  return accept.includes('application/json')
    ? {
        status,
        node,
        headers: { ...headers, 'content-type': 'application/json;charset=UTF-8' },
        body: JSON.stringify(xmlAsJson(answer.xml)),
      }
    : {
        status,
        node,
        headers: { ...headers, 'content-type': 'text/xml;charset=UTF-8' },
        body: xmlText(answer.xml),
      };
}

function refused(error: unknown, node: number, headers: Record<string, string>): Reply {
  if (error instanceof ClassicRefusal)
    return {
      status: error.status,
      node,
      headers: { ...headers, 'content-type': 'text/html;charset=UTF-8' },
      body: error.html,
    };
  if (error instanceof ApiRefusal || error instanceof OAuthRefusal)
    return {
      status: error.status,
      node,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(error.body),
    };
  throw error;
}

/** Starts a Jamf Pro on loopback. */
export async function startJamf(options: JamfOptions = {}): Promise<JamfSimulator> {
  const simulation = new Simulation(options);
  const inner = new Inner(simulation);
  const border = new Border(inner);
  const url = await border.listen(options.port ?? 0);
  simulation.url = url;
  const { world } = simulation;

  const policyNamed = (name: string): PatchPolicy => {
    const found = [...world.patchPolicies.values()].find((policy) => policy.name === name);
    if (!found) throw new Error(`there is no patch policy "${name}"`);
    return found;
  };

  return {
    url,
    clientId: simulation.options.clientId,
    clientSecret: simulation.options.clientSecret,
    world,
    simulation,
    requests: border.requests,
    violations: inner.violations,
    get writes() {
      return inner.writes;
    },
    faults: border.faults,
    get onRequest() {
      return border.onRequest;
    },
    set onRequest(hook) {
      border.onRequest = hook;
    },
    get onAnswered() {
      return border.onAnswered;
    },
    set onAnswered(hook) {
      border.onAnswered = hook;
    },
    resetCounts() {
      border.requests.length = 0;
      inner.writes = 0;
    },
    snapshot: () => snapshotOf(world),
    addCategory: (name) => void addCategory(simulation, name),
    addTitle: (seed) => void addTitle(simulation, seed),
    addDefinition(name, definition) {
      const title = [...world.titles.values()].find(({ displayName }) => displayName === name);
      if (!title) throw new Error(`there is no patch title "${name}"`);
      define(title, definition);
    },
    clearDescription(name) {
      policyNamed(name).userInteraction['self_service_description'] = '';
    },
    disablePolicy(name) {
      policyNamed(name).enabled = false;
    },
    setTarget(name, version) {
      policyNamed(name).targetVersion = version;
    },
    deletePackage(file) {
      const found = [...world.packages.values()].find(({ record }) => record.fileName === file);
      if (!found) throw new Error(`there is no package ${file}`);
      removePackage(world, found.id);
    },
    macsInstall: (name, outcome) => macsInstall(simulation, policyNamed(name), outcome),
    propagate: () => simulation.nodes.propagate(),
    close: () => border.close(),
  };
}
