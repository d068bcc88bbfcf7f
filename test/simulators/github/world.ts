import { notFound } from './errors.ts';
import type { Git, Signature } from './git.ts';
import { type GuardFacts, guarded } from './guard.ts';
import type { CheckRun, CommitStatus, Deployment, Issue, Label, Pull } from './model.ts';

export interface Bot {
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read';

/** What the simulated GitHub knows, besides what is in the git repository. */
export class World {
  readonly id = 4211;
  readonly git: Git;
  readonly owner: string;
  readonly repo: string;
  readonly bot: Bot;
  readonly clock: () => Date;
  /** Who may do what; undefined: everybody may write. */
  readonly collaborators: Readonly<Record<string, Permission>> | undefined;
  readonly deleteBranchOnMerge: boolean;
  /** The checks that the rules of main require of a pull request. */
  readonly requiredChecks: readonly string[];
  /** Whether the bot may push and merge past the rules, as an App that commits to main must. */
  readonly botPassesRules: boolean;
  /** Where the server listens. */
  url = '';
  /** Who is acting: the token's owner, or the person who clicks. */
  actor: string;

  readonly issues: Issue[] = [];
  readonly pulls: Pull[] = [];
  readonly labels: Label[] = [];
  readonly deployments: Deployment[] = [];
  readonly statuses: CommitStatus[] = [];
  readonly checkRuns: CheckRun[] = [];
  /** The commits that GitHub has signed. */
  readonly signed = new Set<string>();
  /** Merges that were tried, by the two commits: the merged tree, or undefined for a conflict. */
  readonly merges = new Map<string, string | undefined>();
  /** How often a pull request's merge is still "being computed" (`mergeable: null`) when asked. */
  slowMergeable = 0;
  /** What guards main, and whether the schedules run. */
  guard: GuardFacts = guarded();

  #lastId = 1000;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    git: Git;
    owner: string;
    repo: string;
    bot: Bot;
    clock: () => Date;
    collaborators: Readonly<Record<string, Permission>> | undefined;
    deleteBranchOnMerge: boolean;
    requiredChecks: readonly string[];
    botPassesRules: boolean;
  }) {
    this.git = options.git;
    this.owner = options.owner;
    this.repo = options.repo;
    this.bot = options.bot;
    this.clock = options.clock;
    this.collaborators = options.collaborators;
    this.deleteBranchOnMerge = options.deleteBranchOnMerge;
    this.requiredChecks = options.requiredChecks;
    this.botPassesRules = options.botPassesRules;
    this.actor = options.bot.login;
  }

  /** One at a time: whoever acts sees the whole of what was done before, and nothing half done. */
  exclusively<Result>(actor: string, act: () => Result | Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(async () => {
      this.actor = actor;
      return act();
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The simulated instant, as GitHub writes it: whole seconds, UTC. */
  now(): string {
    return this.clock()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Issues and pull requests share their numbers. */
  nextNumber(): number {
    return this.issues.length + this.pulls.length + 1;
  }

  /** A REST address below this repository. */
  api(path: string): string {
    return `${this.url}/repos/${this.owner}/${this.repo}${path}`;
  }

  /** An address for people below this repository. */
  html(path: string): string {
    return `https://github.com/${this.owner}/${this.repo}${path}`;
  }

  thread(number: number): Issue | Pull {
    const found = [...this.issues, ...this.pulls].find((thread) => thread.number === number);
    if (!found) throw notFound();
    return found;
  }

  pull(number: number): Pull {
    const found = this.pulls.find((pull) => pull.number === number);
    if (!found) throw notFound();
    return found;
  }

  permission(login: string): Permission | 'none' {
    if (login === this.owner) return 'admin';
    return this.collaborators ? (this.collaborators[login] ?? 'none') : 'write';
  }

  /** How commits name a person or the bot. */
  signature(login: string): Signature {
    const date = this.clock();
    const email = `${userId(login)}+${login}@users.noreply.github.com`;
    if (login === this.bot.login)
      return { name: this.bot.name ?? login, email: this.bot.email ?? email, date };
    return { name: login, email, date };
  }

  /** GitHub itself, committer of what is made in its web pages. */
  webFlow(): Signature {
    return { name: 'GitHub', email: 'noreply@github.com', date: this.clock() };
  }
}

/** A user's id: the same for the same login, in every run. */
export function userId(login: string): number {
  let hash = 7;
  for (const letter of login) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 90_000_000;
  return hash + 1_000_000;
}
