import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type OpenRun, openRun } from '../../src/open-run.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import type { Run } from '../../src/stages/run.ts';
import { type ActionRun, runAsAction } from './action-run.ts';
import { type AutoPkgWorld, autopkgWorld } from './autopkg/world.ts';
import type { App } from './github/apps.ts';
import { type GitHubSimulator, startGitHub } from './github/server.ts';
import { type JamfOptions, type JamfSimulator, startJamf } from './jamf/server.ts';
import { startWebhooks, type WebhookCatcher } from './webhooks.ts';

const git = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/** How one run differs from the next. */
export interface RunOptions {
  readonly titles?: readonly string[];
  readonly dryRun?: boolean;
  readonly actor?: string;
  readonly heartbeat?: boolean;
}

/** A whole company on loopback: Jamf Pro, GitHub, the channels, AutoPkg, and a runner's working copy. */
export interface Fleet {
  readonly jamf: JamfSimulator;
  readonly github: GitHubSimulator;
  readonly webhooks: WebhookCatcher;
  readonly autopkg: AutoPkgWorld;
  /** AutoPkg's cache folder. */
  readonly cache: string;
  /** The working copy in which stages run. */
  readonly folder: string;
  /** The simulated instant: 2026-09-07T06:00:00Z. */
  now: string;
  /** Runs a stage in this process, on the newest main, as a workflow would. */
  run(stage: (run: Run) => Promise<Outcome>, options?: RunOptions): Promise<Outcome>;
  /** Opens a run without running a stage, for what only looks. */
  open(options?: RunOptions): Promise<OpenRun>;
  /** Runs an action as the runner does: a process of its own, on the newest main. */
  action(name: string, inputs?: Readonly<Record<string, string>>): Promise<ActionRun>;
  /** Runs the command line as a process of its own, on the newest main. */
  spawn(
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** What a fleet starts with. */
export interface FleetOptions {
  readonly now: string;
  /** The repository's first commit: a folder, or contents by path. */
  readonly repository: string | Readonly<Record<string, string>>;
  readonly jamf?: JamfOptions;
  /** The GitHub App that mints tokens for workflows. */
  readonly app?: App;
  /** An AutoPkg program instead of the simulated one. */
  readonly autopkg?: string;
}

/** Brings everything up; nothing is known to any of them but what the options say. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-fleet-'));
  const time = { now: options.now };
  const clock = () => new Date(time.now);
  const jamf = await startJamf({ clock, ...options.jamf });
  const github = await startGitHub({
    dir,
    seed: options.repository,
    clock,
    ...(options.app && { app: options.app }),
  });
  const webhooks = await startWebhooks({ clock });
  const cache = join(dir, 'autopkg');
  const autopkg = await autopkgWorld(cache);
  const folder = join(dir, 'checkout');
  await git('git', ['clone', '--quiet', github.gitDir, folder]);

  const path = [autopkg.path, process.env['PATH']].join(delimiter);
  const update = () => git('git', ['-C', folder, 'pull', '--quiet', '--ff-only']);
  const open = (run: RunOptions = {}) =>
    openRun({
      folder,
      jamf: { url: jamf.url, clientId: 'patchbot', clientSecret: 'client-secret-for-tests' },
      github: {
        token: github.token,
        repository: `${github.owner}/${github.repo}`,
        apiUrl: github.url,
      },
      webhooks: {
        admins: webhooks.url('admins'),
        testers: webhooks.url('testers'),
        everyone: webhooks.url('everyone'),
      },
      titles: (run.titles ?? []).join(','),
      dryRun: run.dryRun ?? false,
      heartbeat: run.heartbeat ?? false,
      actor: run.actor ?? 'patchbot[bot]',
      now: time.now,
      autopkg: options.autopkg ?? join(autopkg.path, 'autopkg'),
      autopkgCache: cache,
      recipeRepos: join(dir, 'recipe-repos'),
      log: () => undefined,
      onSecret: () => undefined,
    });

  return {
    jamf,
    github,
    webhooks,
    autopkg,
    cache,
    folder,
    get now() {
      return time.now;
    },
    set now(instant) {
      time.now = instant;
    },
    open,
    async run(stage, run) {
      await update();
      const opened = await open(run);
      try {
        return await stage(opened.run);
      } finally {
        await opened.close();
      }
    },
    async action(name, inputs = {}) {
      await update();
      return runAsAction(
        join(root, 'actions', name, 'main.ts'),
        {
          'jamf-url': jamf.url,
          'jamf-client-id': 'patchbot',
          'jamf-client-secret': 'client-secret-for-tests',
          'github-token': github.token,
          'webhook-admins': webhooks.url('admins'),
          'webhook-testers': webhooks.url('testers'),
          'webhook-everyone': webhooks.url('everyone'),
          'autopkg-cache': cache,
          ...inputs,
        },
        {
          PATH: path,
          HOME: dir,
          TMPDIR: dir,
          GITHUB_WORKSPACE: folder,
          GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
          GITHUB_API_URL: github.url,
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_RUN_ID: '1',
          GITHUB_ACTOR: 'patchbot[bot]',
          PATCHBOT_NOW: time.now,
        },
        dir,
      );
    },
    async spawn(args, environment = {}) {
      await update();
      return spawn(process.execPath, [join(root, 'src', 'cli.ts'), '--folder', folder, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: path,
          HOME: dir,
          TMPDIR: dir,
          JAMF_URL: jamf.url,
          JAMF_CLIENT_ID: 'patchbot',
          JAMF_CLIENT_SECRET: 'client-secret-for-tests',
          GITHUB_TOKEN: github.token,
          GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
          GITHUB_API_URL: github.url,
          GITHUB_ACTOR: 'patchbot[bot]',
          PATCHBOT_WEBHOOK_ADMINS: webhooks.url('admins'),
          PATCHBOT_WEBHOOK_TESTERS: webhooks.url('testers'),
          PATCHBOT_WEBHOOK_EVERYONE: webhooks.url('everyone'),
          PATCHBOT_AUTOPKG_CACHE: cache,
          PATCHBOT_NOW: time.now,
          ...environment,
        },
      });
    },
    async close() {
      await Promise.all([jamf.close(), github.close(), webhooks.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
