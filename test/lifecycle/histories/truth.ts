import type { Temporal } from 'temporal-polyfill';
import type { Hold } from '../../../src/lifecycle/hold.ts';
import type { Digest, Package } from '../../../src/lifecycle/package.ts';
import type { Production } from '../../../src/lifecycle/title.ts';
import type { Version } from '../../../src/lifecycle/version.ts';
import type { World } from './world.ts';

/** The lifecycle has done what it must never do. */
export class Broken extends Error {
  constructor(what: string, world: World) {
    super(`${what}, at ${world.now.toString({ smallestUnit: 'minute' })}`);
    this.name = 'Broken';
  }
}

/**
 * What really happened, written down apart from state: when each package was tested, what people said,
 * what the fleet was offered. Against this it is judged what the lifecycle does.
 */
export class Truth {
  readonly #testedSince = new Map<Digest, Temporal.PlainDate>();
  readonly #offered = new Set<Digest>();
  readonly #noes = new Set<string>();
  #holds: Hold[] = [];
  /** The days on which the fleet got another version without an emergency. */
  readonly promotions: Temporal.PlainDate[] = [];

  held(hold: Hold): void {
    this.#holds = [...this.#holds.filter((one) => !isSame(one, hold)), hold];
  }

  declined(version: Version): void {
    this.#noes.add(version.text);
  }

  /** Somebody takes back what was said: of one version, or of all that are in play. */
  released(of: (version: Version | undefined) => boolean): void {
    this.#holds = this.#holds.filter((hold) => !of(hold.version));
    for (const text of this.#noes) if (of({ kind: 'version', text })) this.#noes.delete(text);
  }

  isHeld(version: Version, today: Temporal.PlainDate, alsoTitle = true): boolean {
    return this.#holds.some(
      (hold) =>
        (hold.version ? hold.version.text === version.text : alsoTitle) &&
        !(hold.until && hold.until.toString() <= today.toString()),
    );
  }

  /** A package goes to testers. */
  testMoves(world: World): void {
    if (world.title.halt !== undefined) throw new Broken('a test moved in a halt', world);
  }

  tested(world: World, its: Package, begins: boolean): void {
    if (begins) this.#testedSince.set(its.digest, world.moment.today);
  }

  proposed(world: World, version: Version): void {
    if (this.#noes.has(version.text))
      throw new Broken(`${version.text} was proposed again after a no`, world);
    if (this.isHeld(version, world.moment.today))
      throw new Broken(`${version.text} was proposed while it is held`, world);
  }

  /** The fleet is offered a package by the promote stage. */
  offered(world: World, production: Production, how: 'promote' | 'roll-back'): void {
    const { version, digest } = production.package;
    const { today } = world.moment;
    const name = version.text;
    if (this.isHeld(version, today, how === 'promote'))
      throw new Broken(`${name} was offered to the fleet while it is held`, world);
    for (const [ring, { enabled, target }] of world.rings)
      if (!enabled && how === 'promote' && isStoppedInJamf(world, production, ring, target))
        throw new Broken(`${name} was offered though its test policy was disabled`, world);
    if (production.emergency) return;
    if (how === 'roll-back' && this.#offered.has(digest)) return;
    this.#mustHaveSoaked(world, production);
    if (how === 'roll-back') return;
    if (world.title.halt !== undefined) throw new Broken(`${name} was offered in a halt`, world);
    if (!isOfficeHour(world.now)) throw new Broken(`${name} was offered outside the window`, world);
    if (world.title.freezes.some(({ from, to }) => isWithin(today, from, to)))
      throw new Broken(`${name} was offered in a freeze`, world);
    this.promotions.push(today);
  }

  /** That the fleet is offered it is recorded: from then on one can go back to it. */
  recorded({ package: its }: Production): void {
    this.#offered.add(its.digest);
  }

  #mustHaveSoaked(world: World, { package: its }: Production): void {
    const name = its.version.text;
    const since = this.#testedSince.get(its.digest);
    if (!since) throw new Broken(`a package of ${name} was offered that nobody tested`, world);
    const days = world.title.rings.reduce((sum, { soak }) => sum + soak.days, 0);
    if (since.add({ days }).toString() > world.moment.today.toString())
      throw new Broken(`${name} was offered after less than its soak`, world);
  }
}

function isStoppedInJamf(
  world: World,
  { package: its, definition }: Production,
  ring: string,
  target?: Version,
) {
  if (!definition || target?.text !== definition.text) return false;
  // A version that is tested anew (its package was built anew) leaves the wider rings: PatchBot has
  // disabled those itself, until it comes to them again.
  const { testing } = world.state;
  const isEntered = ring === world.title.rings[0].name || testing?.rings?.has(ring);
  if (!isEntered) return false;
  // What PatchBot offers the fleet already, it has disabled for the testers itself.
  const { production, state } = world;
  if (production.enabled && production.target?.text === definition.text) return false;
  if (state.offered?.version.text === its.version.text) return false;
  return state.testing?.package.digest === its.digest;
}

/** The window of these histories, told by the clock: Monday to Thursday, 08:00 to 16:00. */
function isOfficeHour(now: Temporal.ZonedDateTime): boolean {
  return now.dayOfWeek <= 4 && now.hour >= 8 && now.hour < 16;
}

function isWithin(day: Temporal.PlainDate, from: Temporal.PlainDate, to: Temporal.PlainDate) {
  const text = day.toString();
  return from.toString() <= text && text <= to.toString();
}

/** Somebody says of the same version something new: the newer word counts. */
function isSame(a: Hold, b: Hold): boolean {
  return a.by === b.by && a.version?.text === b.version?.text;
}
