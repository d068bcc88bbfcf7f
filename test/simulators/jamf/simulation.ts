import { Locks } from './locks.ts';
import { Nodes } from './nodes.ts';
import type { JamfOptions } from './options.ts';
import type { Version } from './router.ts';
import { Tokens } from './token.ts';
import { emptyWorld, type JamfWorld, type Note, nextId } from './world.ts';

type Chosen = Required<
  Omit<JamfOptions, 'port' | 'certificate' | 'validate' | 'privileges' | 'roles'>
>;

/** What all end points share: the world, how this Jamf Pro behaves, and what time it is. */
export class Simulation {
  readonly options: Chosen & Pick<JamfOptions, 'privileges' | 'roles'>;
  readonly world: JamfWorld = emptyWorld();
  readonly nodes: Nodes;
  readonly tokens: Tokens;
  readonly locks = new Locks();
  /** How the next uploads go. */
  readonly uploads = {
    failing: 0,
    pendingLooks: 0,
    spoilt: new Set<string>(),
    known: new Map<string, string>(),
  };
  /** When the whole inventory was refreshed last, in milliseconds since 1970. */
  refreshedAt = Number.NEGATIVE_INFINITY;
  /** How many reads after a write of a patch policy show an incomplete `user_interaction`. */
  partialReads: number;
  url = '';

  constructor(options: JamfOptions) {
    this.options = { ...USUAL, ...options };
    this.nodes = new Nodes(this.world, this.options.nodes, this.options.lag, this.options.cookie);
    this.tokens = new Tokens(this.options);
    this.partialReads = this.options.partialReads;
  }

  get now(): Date {
    return this.options.clock();
  }

  /** Whether this Jamf Pro is of the version or newer. */
  isAtLeast([major, minor]: Version): boolean {
    const [ownMajor = 0, ownMinor = 0] = this.options.version.split(/[.-]/).map(Number);
    return ownMajor > major || (ownMajor === major && ownMinor >= minor);
  }

  note(note: string, username: string): Note {
    const id = Number(nextId(this.world, 'note'));
    return { id, username, date: this.now.toISOString(), note, details: null };
  }
}

const USUAL: Chosen = {
  version: '11.30.1-t1784555528405',
  clientId: 'patchbot',
  clientSecret: 'client-secret-for-tests',
  user: 'patchbot-user',
  password: 'password-for-tests',
  tokenSeconds: 1200,
  clock: () => new Date(),
  nodes: 1,
  lag: 20,
  cookie: 'jpro-ingress',
  basicAuth: false,
  orderDirection: 'newest-first',
  counters: 'this-version',
  distributionPoint: 'JAMF_CLOUD',
  duplicatePackageNames: 'refused',
  classicPutAnswers: 'nothing',
  showsTitleOfPatchPolicy: false,
  partialReads: 0,
  titlePatchTypes: ['application/merge-patch+json', 'application/json'],
};
