import { createHash } from 'node:crypto';
import type { JamfWorld } from './world.ts';

/**
 * The nodes of Jamf Cloud behind one address. They share a database, but each sees another's writes
 * only after a while (Jamf: "Sticky Sessions for Jamf Cloud"). A cookie keeps a client on its node;
 * one without it gets the next node at every request.
 */
export class Nodes {
  readonly #world: JamfWorld;
  readonly #count: number;
  readonly #lag: number;
  /** By node, oldest first: the world before a write of another node, and how long it is shown. */
  #stale: { world: JamfWorld; until: number }[][];
  #turn = 0;
  #requests = 0;

  readonly #cookie: string;

  /** @param cookie what the balancer calls its cookie */
  constructor(world: JamfWorld, count: number, lag: number, cookie: string) {
    this.#cookie = cookie;
    this.#world = world;
    this.#count = count;
    this.#lag = lag;
    this.#stale = Array.from({ length: count }, () => []);
  }

  /** The node that answers a request with these cookies. */
  choose(cookies: string | undefined): number {
    this.#requests += 1;
    const kept = (cookies ?? '').split(/;\s*/);
    for (let node = 0; node < this.#count; node += 1)
      if (kept.includes(`${this.#cookie}=${valueFor(node)}`)) return node;
    this.#turn += 1;
    return (this.#turn - 1) % this.#count;
  }

  /** What keeps a client on its node. Without `Secure`, since the simulator is on plain HTTP. */
  setCookie(node: number): string {
    return `${this.#cookie}=${valueFor(node)}; Path=/; HttpOnly`;
  }

  view(node: number): JamfWorld {
    const waiting = this.#stale[node] ?? [];
    while (waiting[0] && waiting[0].until < this.#requests) waiting.shift();
    return waiting[0]?.world ?? this.#world;
  }

  /** To be called before a write on a node: the others go on seeing the world as it is now. */
  beforeWrite(node: number): void {
    if (this.#count === 1) return;
    const world = structuredClone(this.#world);
    const until = this.#requests + this.#lag;
    this.#stale.forEach((waiting, other) => {
      if (other !== node) waiting.push({ world, until });
    });
  }

  /** All nodes see all writes from now on. */
  propagate(): void {
    this.#stale = this.#stale.map(() => []);
  }
}

const valueFor = (node: number): string =>
  createHash('md5').update(`node ${node}`).digest('hex').slice(0, 16);
