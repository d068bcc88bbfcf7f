import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Fleet } from '../../simulators/fleet.ts';
import { readWorkflows, root } from '../workflow.ts';

const git = promisify(execFile);

/** What starts a workflow. */
export interface Trigger {
  /** Its file: daily.yml. */
  readonly workflow: string;
  readonly event:
    | 'schedule'
    | 'push'
    | 'workflow_dispatch'
    | 'pull_request_target'
    | 'issue_comment';
  /** What GitHub says of the event, besides the repository. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly actor?: string;
  /** Secrets that are not set. */
  readonly without?: readonly string[];
}

/** What is left of a run. */
export interface WorkflowRun {
  readonly green: boolean;
  /** What GitHub would show, secrets masked. */
  readonly log: string;
}

/** A machine that runs workflows as they are in the repository, with `act` in host mode. */
export class Runner {
  readonly #act: string;
  readonly #fleet: Fleet;
  readonly #dir: string;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #secrets: Readonly<Record<string, string>>;

  constructor(options: {
    /** The program. */
    act: string;
    fleet: Fleet;
    /** A folder of its own. */
    dir: string;
    variables: Readonly<Record<string, string>>;
    secrets: Readonly<Record<string, string>>;
  }) {
    this.#act = options.act;
    this.#fleet = options.fleet;
    this.#dir = options.dir;
    this.#variables = options.variables;
    this.#secrets = options.secrets;
  }

  async run(trigger: Trigger): Promise<WorkflowRun> {
    const { github } = this.#fleet;
    const dir = await mkdtemp(join(this.#dir, 'run-'));
    const token = github.grant(await permissionsOf(trigger.workflow));
    try {
      const checkout = join(dir, 'checkout');
      await git('git', ['clone', '--quiet', github.gitDir, checkout]);
      return await this.#ran(await this.#arguments(trigger, dir, checkout, token), dir);
    } finally {
      github.revoke(token);
      await rm(dir, { recursive: true, force: true });
    }
  }

  async #arguments(
    trigger: Trigger,
    dir: string,
    checkout: string,
    token: string,
  ): Promise<string[]> {
    const { github, jamf } = this.#fleet;
    const repository = `${github.owner}/${github.repo}`;
    const event = join(dir, 'event.json');
    const secrets = join(dir, 'secrets');
    const given = Object.entries({ ...this.#secrets, GITHUB_TOKEN: token }).filter(
      ([name]) => !trigger.without?.includes(name),
    );
    await writeFile(
      event,
      JSON.stringify({
        repository: {
          name: github.repo,
          full_name: repository,
          private: true,
          default_branch: 'main',
          owner: { login: github.owner },
        },
        ...trigger.payload,
      }),
    );
    await writeFile(
      secrets,
      given.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join(''),
      { mode: 0o600 },
    );
    const environment = {
      GITHUB_REPOSITORY: repository,
      GITHUB_API_URL: github.url,
      PATCHBOT_NOW: this.#fleet.now,
    };
    const variables = { JAMF_URL: jamf.url, ...this.#variables };
    const each = (flag: string, values: Readonly<Record<string, string>>) =>
      Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
    return [
      trigger.event,
      ...['--directory', checkout],
      ...['--workflows', join(checkout, '.github', 'workflows', trigger.workflow)],
      ...['--eventpath', event],
      ...['--actor', trigger.actor ?? 'anna'],
      ...['--platform', 'self-hosted=-self-hosted'],
      ...['--platform', 'ubuntu-24.04=-self-hosted'],
      ...(await localActions()).flatMap((one) => ['--local-repository', one]),
      ...each('--env', environment),
      ...each('--var', variables),
      ...['--secret-file', secrets],
      ...['--action-cache-path', join(dir, 'cache')],
      '--no-cache-server',
    ];
  }

  #ran(args: readonly string[], dir: string): Promise<WorkflowRun> {
    // What a runner has: AutoPkg, git, Node. The secrets come by file, never by the environment.
    const path = [
      this.#fleet.autopkg.path,
      join(root, 'node_modules', '.bin'),
      process.env['PATH'],
    ];
    const child = spawn(this.#act, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { HOME: dir, XDG_CONFIG_HOME: dir, TMPDIR: dir, PATH: path.join(delimiter) },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        log += String(chunk);
      });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ green: code === 0, log }));
    });
  }
}

/** The one action of others that act can't do itself, in the version that actions/token names. */
async function localActions(): Promise<string[]> {
  const text = await readFile(join(root, 'actions', 'token', 'action.yml'), 'utf8');
  const [, action] = /uses: (actions\/create-github-app-token@[0-9a-f]{40})/.exec(text) ?? [];
  if (!action) throw new Error('actions/token mints no token');
  const standIn = join(import.meta.dirname, 'create-github-app-token');
  return [`${action}=${process.env['PATCHBOT_TOKEN_ACTION'] ?? standIn}`];
}

/** What GitHub lets the own token of a workflow do: what its jobs ask for, and no more. */
async function permissionsOf(file: string): Promise<Record<string, 'read' | 'write'>> {
  const found = (await readWorkflows()).find((workflow) => workflow.file === file);
  if (!found) throw new Error(`there is no workflow ${file}`);
  return Object.fromEntries(
    Object.values(found.jobs)
      .flatMap(({ permissions = {} }) => Object.entries(permissions))
      .map(([name, level]) => [name.replaceAll('-', '_'), level === 'write' ? 'write' : 'read']),
  );
}
