import { Border, type Hook, type RequestLine } from './border.ts';
import { arrive, define, type SeedDefinition } from './definitions.ts';
import type { Faults } from './faults.ts';
import { Inner } from './inner.ts';
import { type MacsOutcome, macsCheckIn, macsInstall } from './macs.ts';
import type { JamfOptions } from './options.ts';
import { addPolicy, addStoredPackage } from './seed-policies.ts';
import { addCategory, addTitle, type SeedTitle } from './seed-titles.ts';
import { Simulation } from './simulation.ts';
import { snapshotOf } from './snapshot.ts';
import type { JamfWorld, PatchPolicy } from './world.ts';
import { removePackage } from './world.ts';

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
  /** Why nothing is checked against the published schemas; `undefined` when all is. */
  readonly unchecked: string | undefined;
  readonly faults: Faults;
  onRequest: Hook | undefined;
  onAnswered: Hook | undefined;
  resetCounts(): void;
  /** All that lasts, comparable between two histories with the same end. */
  snapshot(): unknown;
  addCategory(name: string): void;
  addTitle(seed: SeedTitle): void;
  /** A policy that installs packages, named by their files. */
  addPolicy(name: string, files?: readonly string[]): void;
  /** A package that somebody has put there, with its file. @returns its id. */
  addPackage(file: string, size?: number): string;
  /** The patch source has a definition, or will have. @param title the title's display name. */
  addDefinition(title: string, definition: SeedDefinition): void;
  clearDescription(policy: string): void;
  disablePolicy(policy: string): void;
  setTarget(policy: string, version: string): void;
  /** By its file's name. */
  deletePackage(file: string): void;
  /** The next uploads are lost between Jamf Pro and its storage: the file is there with size 0. */
  failUploads(times: number): void;
  /** Each upload from now on is looked at in vain so many times ("availability pending"). */
  delayUploads(looks: number): void;
  /**
   * Tells the digest of a file before it comes, so that it need not be computed: SHA3-512 is what
   * holds a large upload up. For benchmarks; nothing is said of a file that comes spoilt.
   */
  expectUpload(file: string, sha3512: string): void;
  /** An upload by this name stays pending for ever, as after one that failed half way. */
  spoilName(file: string): void;
  /** The next writes of a record collide with somebody else's: 409. */
  collide(times: number): void;
  /** Macs in the scope of a patch policy install what it targets. */
  macsInstall(policy: string, outcome: MacsOutcome): void;
  /** So many Macs for each enabled patch policy install what it targets. */
  macsCheckIn(macs: number): void;
  /** All nodes see all writes from now on. */
  propagate(): void;
  close(): Promise<void>;
}

/** Starts a Jamf Pro on loopback. */
export async function startJamf(options: JamfOptions = {}): Promise<JamfSimulator> {
  const simulation = new Simulation(options);
  const inner = new Inner(simulation, options.validate ?? true);
  const border = new Border(inner, options.certificate);
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
    unchecked: inner.unchecked,
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
    snapshot() {
      arrive(simulation);
      return snapshotOf(world);
    },
    addCategory: (name) => void addCategory(simulation, name),
    addTitle: (seed) => void addTitle(simulation, seed),
    addPolicy: (name, files) => addPolicy(simulation, name, files),
    addPackage: (file, size) => addStoredPackage(simulation, file, size),
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
    failUploads(times) {
      simulation.uploads.failing += times;
    },
    delayUploads(looks) {
      simulation.uploads.pendingLooks = looks;
    },
    expectUpload: (file, sha3512) => void simulation.uploads.known.set(file, sha3512),
    spoilName: (file) => void simulation.uploads.spoilt.add(file),
    collide: (times) => simulation.locks.collide(times),
    macsCheckIn: (macs) => macsCheckIn(simulation, macs),
    macsInstall: (name, outcome) => macsInstall(simulation, policyNamed(name), outcome),
    propagate: () => simulation.nodes.propagate(),
    close: () => border.close(),
  };
}
