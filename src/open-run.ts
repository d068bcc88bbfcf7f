import { homedir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { connect as connectGitHub, type GitHub } from './github/github.ts';
import { type Credentials, connect as connectJamf, type Jamf, type Progress } from './jamf/jamf.ts';
import { type Slug, slug, type Title } from './lifecycle/title.ts';
import type { Audience, Channel } from './notify/notify.ts';
import type { Settings } from './recipes/defaults.ts';
import { readRecipes } from './recipes/read.ts';
import type { Run } from './stages/run.ts';

/** What a run is told from outside: by an action's inputs, or by a terminal's flags and environment. */
export interface Told {
  readonly folder: string;
  readonly jamf: {
    readonly url?: string;
    readonly clientId?: string;
    readonly clientSecret?: string;
    readonly user?: string;
    readonly password?: string;
  };
  readonly github: {
    readonly token?: string;
    /** "acme/patchbot" */
    readonly repository?: string;
    readonly apiUrl?: string;
    readonly serverUrl?: string;
    readonly branch?: string;
  };
  readonly webhooks: { readonly [audience in Audience]?: string };
  /** Short names of titles, or of groups, separated by commas or white space; empty means all. */
  readonly titles?: string;
  readonly alreadyTold?: string;
  readonly dryRun: boolean;
  readonly heartbeat: boolean;
  readonly actor?: string;
  readonly runUrl?: string;
  /** An instant instead of the clock's, to rehearse another day: 2026-12-01T09:00:00Z. */
  readonly now?: string;
  /** The AutoPkg program; `autopkg` on the path when left out. */
  readonly autopkg?: string;
  /** Where each title has a folder for AutoPkg; in the user's Library when left out. */
  readonly autopkgCache?: string;
  /** Where what is remembered of earlier AutoPkg runs is kept; with the cache when left out. */
  readonly autopkgMemory?: string;
  /** Where the pinned recipe repositories are kept between runs; in the user's cache when left out. */
  readonly recipeRepos?: string;
  readonly log: (line: string) => void;
  /** Gets lines that belong together, under their heading; when absent they go to the log one by one. */
  readonly fold?: (heading: string, lines: readonly string[]) => void;
  /** How uploads show how far they are; a line in the log now and then when absent. */
  readonly progress?: Progress;
  /** Gets each secret as it becomes known, to be masked in logs. */
  readonly onSecret: (secret: string) => void;
}

/** A run, and what must be closed after it. */
export interface OpenRun {
  readonly run: Run;
  close(): Promise<void>;
}

/**
 * Reads recipes/ and makes ready the connections; nothing is asked of Jamf or GitHub before a stage
 * needs it.
 *
 * @throws SettingsError when recipes/patchbot.yaml can't be used.
 * @throws Error when something that was told makes no sense.
 */
export async function openRun(told: Told): Promise<OpenRun> {
  const recipes = await readRecipes(told.folder);
  const { timeZone } = recipes.settings;
  const fixed = told.now ? instant(told.now) : undefined;
  let jamf: Jamf | undefined;
  const github = openGitHub(told);
  const only = names(told.titles).flatMap((name) => meantBy(name, recipes.titles));
  const run: Run = {
    folder: told.folder,
    recipes,
    // A stage that doesn't ask Jamf anything (placing a hold) needs no credentials for it.
    get jamf() {
      jamf ??= openJamf(told, recipes.settings);
      return jamf;
    },
    ...(github && { github }),
    autopkg: {
      ...(told.autopkg && { command: told.autopkg }),
      overridesDir: join(told.folder, 'recipes', 'overrides'),
      cacheDir: told.autopkgCache ?? join(homedir(), 'Library', 'AutoPkg', 'PatchBot'),
      ...(told.autopkgMemory && { memoryDir: told.autopkgMemory }),
    },
    ...(told.recipeRepos && { checkoutsDir: told.recipeRepos }),
    channels: channelsOf(told, recipes.settings),
    now: () => (fixed ?? Temporal.Now.instant()).toZonedDateTimeISO(timeZone),
    actor: told.actor ?? 'somebody at a terminal',
    serverUrl: told.github.serverUrl ?? 'https://github.com',
    ...(told.runUrl && { url: told.runUrl }),
    dryRun: told.dryRun,
    heartbeat: told.heartbeat,
    ...(only.length > 0 && { only }),
    told: names(told.alreadyTold),
    log: told.log,
    fold: told.fold ?? ((heading, lines) => [heading, ...lines].forEach(told.log)),
  };
  return { run, close: async () => jamf?.close() };
}

/** The titles that a name stands for: the one of that short name, or all of the group that is called so. */
function meantBy(name: string, titles: readonly Title[]): readonly Slug[] {
  const wanted = slug(name);
  if (titles.some((title) => title.slug === wanted)) return [wanted];
  const group = titles.filter((title) => title.group === wanted);
  return group.length > 0 ? group.map((title) => title.slug) : [wanted];
}

function openJamf(told: Told, settings: Settings): Jamf {
  const { url } = told.jamf;
  if (!url)
    throw new Error(
      'the address of Jamf Pro is missing: set JAMF_URL, such as https://acme.jamfcloud.com (in a workflow: the input jamf-url)',
    );
  return connectJamf({
    url,
    credentials: credentialsOf(told),
    connections: settings.connections,
    readOnly: told.dryRun,
    log: told.log,
    ...(told.progress && { progress: told.progress }),
    onSecret: told.onSecret,
  });
}

function credentialsOf({ jamf }: Told): Credentials {
  const { clientId, clientSecret, user, password } = jamf;
  if (clientId && clientSecret) return { kind: 'client', clientId, clientSecret };
  if (user && password) return { kind: 'user', user, password };
  throw new Error(
    'the credentials for Jamf Pro are missing: set JAMF_CLIENT_ID and JAMF_CLIENT_SECRET, of an API client made under Settings > API roles and clients (in a workflow: the inputs jamf-client-id and jamf-client-secret)',
  );
}

/** The repository on GitHub; undefined when there is no token for it. Nothing is asked of it yet. */
export function openGitHub(told: Pick<Told, 'github' | 'dryRun' | 'log'>): GitHub | undefined {
  const { token, repository, apiUrl, branch } = told.github;
  if (!token || !repository) return undefined;
  const [owner, repo, ...rest] = repository.split('/');
  if (!owner || !repo || rest.length > 0)
    throw new Error(`GITHUB_REPOSITORY is "${repository}": write it as owner/name`);
  return connectGitHub({
    token,
    owner,
    repo,
    ...(apiUrl && { apiUrl }),
    ...(branch && { base: branch }),
    readOnly: told.dryRun,
    log: told.log,
  });
}

function channelsOf(told: Told, settings: Settings): Channel[] {
  const audiences = ['admins', 'testers', 'everyone'] as const;
  return audiences.flatMap((audience) => {
    const url = told.webhooks[audience];
    return url ? [{ audience, kind: settings.channels[audience], url }] : [];
  });
}

function names(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter(Boolean);
}

/** Reads PATCHBOT_NOW. @throws Error when it is no instant. */
export function instant(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch {
    throw new Error(`PATCHBOT_NOW is "${text}": write an instant such as 2026-12-01T09:00:00Z`);
  }
}
