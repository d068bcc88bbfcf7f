import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { afterEach, expect } from 'vitest';
import { digest, type Package, packageId } from '../../src/lifecycle/package.ts';
import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { openRun } from '../../src/open-run.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import type { Run } from '../../src/stages/run.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import { problemText } from '../../src/yaml/checked.ts';
import {
  type GitHubOptions,
  type GitHubSimulator,
  startGitHub,
} from '../simulators/github/server.ts';
import { type JamfSimulator, startJamf } from '../simulators/jamf/server.ts';
import type { PackageRecord } from '../simulators/jamf/world.ts';
import { packageRecord } from '../simulators/jamf-asker.ts';
import { startWebhooks, type WebhookCatcher } from '../simulators/webhooks.ts';

const git = promisify(execFile);

/**
 * GitHub and the channels, and of Jamf the packages alone: for titles that have no patch title, where
 * everything between a package and its approval happens on GitHub.
 */
export interface Office {
  readonly github: GitHubSimulator;
  readonly webhooks: WebhookCatcher;
  readonly jamf: JamfSimulator;
  now: string;
  run(stage: (run: Run) => Promise<Outcome>, options?: OfficeRun): Promise<Outcome>;
  /** Where a title stands on main. */
  state(title: string): Promise<TitleState>;
  close(): Promise<void>;
}

export interface OfficeRun {
  readonly titles?: readonly string[];
  readonly actor?: string;
  readonly dryRun?: boolean;
}

/** A title of the office: its version in test since a day, and what production offers. */
export interface OfficeTitle {
  readonly slug: string;
  readonly name: string;
  /** More lines of its title file. */
  readonly more?: string;
  readonly testing?: { readonly version: string; readonly since: string };
  /** The newest package; what is in test when absent. */
  readonly built?: string;
  readonly production?: string;
}

/** A Monday, 09:00 in Zurich: the window is open. */
export const mondayMorning = '2026-09-14T07:00:00Z';

/** Starts an office that ends with its test; what it asked of the simulators must have made sense to them. */
export async function office(...args: Parameters<typeof startOffice>): Promise<Office> {
  const started = await startOffice(...args);
  offices.push(started);
  return started;
}

const offices: Office[] = [];

afterEach(async () => {
  for (const one of offices.splice(0)) {
    expect(one.github.unknown).toEqual([]);
    expect(one.webhooks.refused).toEqual([]);
    await one.close();
  }
});

export async function startOffice(
  titles: readonly OfficeTitle[],
  options: {
    readonly settings?: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly github?: Partial<GitHubOptions>;
  } = {},
): Promise<Office> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-office-'));
  const time = { now: mondayMorning };
  const clock = () => new Date(time.now);
  const seed: Record<string, string> = {
    'recipes/patchbot.yaml': `time-zone: Europe/Zurich\nsoak: 7 days\nwindows: [Mon-Thu 08:00-16:00]\n${options.settings ?? ''}`,
    ...options.files,
  };
  for (const title of titles) {
    seed[`recipes/titles/${title.slug}.yaml`] =
      `recipe: ${title.slug}.pkg\npatch: none\nname: ${title.name}\ncategory: Apps\n${title.more ?? ''}`;
    seed[`state/${title.slug}.yaml`] = editState(undefined, title.name, {}, factsOf(title));
  }
  const github = await startGitHub({ dir, seed, clock, ...options.github });
  const webhooks = await startWebhooks({ clock });
  const jamf = await startJamf({ clock });
  for (const { slug: short, testing, built, production } of titles)
    for (const text of new Set([testing?.version, built, production]))
      if (text !== undefined) addPackage(jamf, packageOf(short, text));
  jamf.propagate();
  const folder = join(dir, 'checkout');
  await git('git', ['clone', '--quiet', github.gitDir, folder]);
  return {
    github,
    webhooks,
    jamf,
    get now() {
      return time.now;
    },
    set now(instant) {
      time.now = instant;
    },
    async run(stage, { titles: only = [], actor = 'patchbot[bot]', dryRun = false } = {}) {
      await git('git', ['-C', folder, 'pull', '--quiet', '--ff-only']);
      const opened = await openRun({
        folder,
        jamf: { url: jamf.url, clientId: jamf.clientId, clientSecret: jamf.clientSecret },
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
        titles: only.join(','),
        dryRun,
        heartbeat: false,
        actor,
        now: time.now,
        log: () => undefined,
        onSecret: () => undefined,
      });
      return stage(opened.run).finally(() => opened.close());
    },
    async state(title) {
      const read = parseState((await github.files())[`state/${title}.yaml`], slug(title));
      if (!read.ok) throw new Error(read.problems.map(problemText).join('\n'));
      return read.state;
    },
    async close() {
      await Promise.all([github.close(), webhooks.close(), jamf.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Jamf has the package, as after its upload. */
export function addPackage(
  { world }: JamfSimulator,
  { file, size, digest, jamfId }: Package,
): void {
  const record = packageRecord(file, {
    hashType: 'SHA3_512',
    hashValue: digest,
    sha3512: digest,
    size: String(size),
    cloudTransferStatus: 'READY',
  }) as PackageRecord;
  world.packages.set(jamfId, { id: jamfId, record, history: [] });
}

/** A package of a version, always the same. */
export function packageOf(title: string, text: string): Package {
  const hex = Buffer.from(`${title} ${text}`).toString('hex');
  return {
    version: version(text),
    file: `${title}-${text}.pkg`,
    size: 1_000_000,
    digest: digest(hex.padEnd(128, '0').slice(0, 128)),
    jamfId: packageId(String(Number.parseInt(hex.slice(-6), 16))),
  };
}

/** Where a title stands, as the stages before would have written it. */
export function factsOf({
  slug: short,
  testing,
  production,
  built = testing?.version,
}: OfficeTitle) {
  const facts: TitleState = {
    ...(built && { package: packageOf(short, built) }),
    ...(testing && {
      testing: {
        package: packageOf(short, testing.version),
        since: Temporal.PlainDate.from(testing.since),
      },
    }),
    ...(production && {
      production: { package: packageOf(short, production) },
      offered: {
        version: version(production),
        digest: packageOf(short, production).digest,
        since: Temporal.PlainDate.from('2026-08-01'),
      },
    }),
  };
  return facts;
}
