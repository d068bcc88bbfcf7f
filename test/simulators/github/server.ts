import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type App, Apps } from './apps.ts';
import { Border, type Hook, type RequestLine } from './border.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { contentsRoutes } from './contents.ts';
import { deploymentRoutes } from './deployments.ts';
import type { Faults } from './faults.ts';
import { Gate } from './gate.ts';
import { Git } from './git.ts';
import { gitDataRoutes } from './git-data.ts';
import { graphqlRoutes } from './graphql.ts';
import { type GuardFacts, guardRoutes } from './guard.ts';
import { historyRoutes } from './history.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merge.ts';
import type { CommitStatus, Deployment, Issue, Pull } from './model.ts';
import { People } from './people.ts';
import type { Permissions } from './permissions.ts';
import { pullRoutes } from './pulls.ts';
import { commitSha, refRoutes } from './refs.ts';
import { repositoryRoutes } from './repository.ts';
import { reviewRoutes } from './reviews.ts';
import type { Route } from './router.ts';
import { settle } from './settle.ts';
import { filesAt, type Snapshot, snapshotOf } from './snapshot.ts';
import { statusRoutes } from './statuses.ts';
import { blobChanges, editTree } from './trees.ts';
import { userRoutes } from './users.ts';
import { type Bot, type Permission, World } from './world.ts';

export interface GitHubOptions {
  /** Where the bare repository is made, as `<repo>.git`. */
  readonly dir: string;
  /** The first commit: a folder, or contents by path. */
  readonly seed: string | Readonly<Record<string, string>>;
  readonly owner?: string;
  readonly repo?: string;
  /** The token that is let in. */
  readonly token?: string;
  /** The GitHub App that is installed, which mints tokens for jobs. */
  readonly app?: App;
  /** The simulated time: of commits, `created_at` and so on. */
  readonly clock?: () => Date;
  /** Who the token is; a name that ends in `[bot]` is a GitHub App's installation. */
  readonly bot?: Bot;
  /** Who may do what; without it, everybody may write. */
  readonly collaborators?: Readonly<Record<string, Permission>>;
  /** The repository's setting "automatically delete head branches". */
  readonly deleteBranchOnMerge?: boolean;
  /** The checks that the rules of main require of a pull request. */
  readonly requiredChecks?: readonly string[];
  /** Whether the bot may push and merge past the rules of main; it may unless told otherwise. */
  readonly botPassesRules?: boolean;
}

/** GitHub on loopback: its REST API over a real bare repository. */
export interface GitHubSimulator {
  /** The REST API's base, octokit's `baseUrl`. */
  readonly url: string;
  /** The bare repository: `git clone` takes this path. */
  readonly gitDir: string;
  readonly owner: string;
  readonly repo: string;
  readonly token: string;
  readonly requests: readonly RequestLine[];
  /** Requests that were not for GitHub to know: a test ends with this empty. */
  readonly unknown: readonly string[];
  /** How many requests other than GET were let in, successful or not. */
  readonly writes: number;
  resetCounts(): void;
  readonly faults: Faults;
  /** Called before a request is looked at. One that throws resets the connection. */
  onRequest: Hook | undefined;
  /** Called when a request was answered. */
  onAnswered: Hook | undefined;
  /** What people do in the web pages; none of it counts as a request. */
  readonly people: People;
  pull(number: number): Pull;
  readonly pulls: readonly Pull[];
  readonly issues: readonly Issue[];
  readonly deployments: readonly Deployment[];
  readonly statuses: readonly CommitStatus[];
  /** The tokens that the App has minted and that nobody has revoked, with what they may do. */
  readonly tokens: ReadonlyMap<string, Permissions>;
  /** Gives out a token that may do just this: what a workflow's own token is. */
  grant(permissions: Permissions): string;
  /** Ends a token. */
  revoke(token: string): void;
  /** How often each change of a pull request answers `mergeable: null` before it says more. */
  slowMergeable: number;
  /** What guards main, and whether the schedules run: all is well unless changed. */
  readonly guard: GuardFacts;
  /** The files at a branch, tag or commit (main unless told), as text by path. */
  files(ref?: string): Promise<Record<string, string>>;
  /** The subjects of main's commits, newest first. */
  log(ref?: string): Promise<string[]>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

const routes: readonly Route[] = [
  ...userRoutes,
  ...repositoryRoutes,
  ...refRoutes,
  ...gitDataRoutes,
  ...contentsRoutes,
  ...statusRoutes,
  ...checkRoutes,
  ...pullRoutes,
  ...mergeRoutes,
  ...reviewRoutes,
  // Last of these: `commits/{ref}` takes whatever the longer ones have left.
  ...historyRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...deploymentRoutes,
  ...guardRoutes,
  ...graphqlRoutes,
];

export async function startGitHub(options: GitHubOptions): Promise<GitHubSimulator> {
  const { owner = 'acme', repo = 'patchbot', token = 'github-token-for-tests' } = options;
  const git = await Git.init(join(options.dir, `${repo}.git`));
  const world = new World({
    git,
    owner,
    repo,
    bot: options.bot ?? { login: 'patchbot[bot]' },
    clock: options.clock ?? (() => new Date()),
    collaborators: options.collaborators,
    deleteBranchOnMerge: options.deleteBranchOnMerge ?? false,
    requiredChecks: options.requiredChecks ?? [],
    botPassesRules: options.botPassesRules ?? true,
  });
  const people = new People(world);
  const files = typeof options.seed === 'string' ? await folder(options.seed) : options.seed;
  const tree = await editTree(git, undefined, await blobChanges(git, files));
  const founder = world.signature(owner);
  const first = await git.commit(tree, [], 'First commit\n', founder, founder);
  await git.updateRefs([{ ref: 'refs/heads/main', from: undefined, to: first }]);
  const apps = new Apps(token, options.app);
  const gate = new Gate(world, routes, apps);
  const border = new Border((request, body) => gate.answer(request, body));
  world.url = await border.listen();
  /** What a person would see now, pushes into the bare repository included. */
  const settled = <Result>(look: () => Promise<Result>) =>
    world.exclusively(world.bot.login, async () => {
      await settle(world);
      return look();
    });

  return {
    url: world.url,
    gitDir: git.dir,
    owner,
    repo,
    token,
    requests: border.requests,
    unknown: gate.unknown,
    get writes() {
      return gate.writes;
    },
    resetCounts() {
      border.requests.length = 0;
      gate.writes = 0;
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
    people,
    pull: (number) => world.pull(number),
    pulls: world.pulls,
    issues: world.issues,
    deployments: world.deployments,
    statuses: world.statuses,
    tokens: apps.tokens,
    grant: (permissions) => apps.grant(permissions),
    revoke: (token) => void apps.tokens.delete(token),
    get slowMergeable() {
      return world.slowMergeable;
    },
    set slowMergeable(times) {
      world.slowMergeable = times;
    },
    guard: world.guard,
    files: (ref = 'main') =>
      settled(async () => filesAt(world, (await commitSha(git, ref)) ?? ref)),
    log: (ref = 'main') =>
      settled(async () => {
        const log = await git.run(['log', '--format=%s', (await commitSha(git, ref)) ?? ref, '--']);
        return log.trimEnd().split('\n');
      }),
    snapshot: () => settled(() => snapshotOf(world)),
    async close() {
      await border.close();
      git.close();
    },
  };
}

/** The files of a folder, by path with slashes. */
async function folder(root: string): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const item of await readdir(root, { withFileTypes: true, recursive: true })) {
    const path = join(item.parentPath, item.name);
    const name = relative(root, path).split(sep).join('/');
    if (item.isFile() && !/(^|\/)(\.git|node_modules)\//.test(name))
      files[name] = await readFile(path);
  }
  return files;
}
