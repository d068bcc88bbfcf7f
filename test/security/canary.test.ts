import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect as connectGitHub } from '../../src/github/github.ts';
import { connect as connectJamf } from '../../src/jamf/jamf.ts';
import { packageId } from '../../src/lifecycle/package.ts';
import { version } from '../../src/lifecycle/version.ts';
import { tell } from '../../src/notify/notify.ts';
import { runAsAction } from '../simulators/action-run.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { later, openRequest, release, startCompany, three } from '../stages/company.ts';
import { canary, filesBelow, readersLog, Search } from './canaries.ts';
import { type Echo, startEcho } from './echo.ts';

/*
 * Secrets are planted in every input and variable that takes one, and the tokens that the simulators
 * mint are watched; then every stage runs, as an action and at a terminal, well and against servers that
 * repeat in their answers all that they were sent. None of it may be anywhere where somebody reads.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const secret = 'canary/of+the=Jamf&client"s secret%';
const password = 'canary/of+the=Jamf&user"s password%';
/** What else a runner's environment holds. */
const around = {
  ACTIONS_RUNTIME_TOKEN: 'canary-of-the-runtime',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-of-the-id-token',
  AWS_SECRET_ACCESS_KEY: 'canary-of-aws',
  NPM_TOKEN: 'canary-of-npm',
  AUTOPKG_SECRET: 'canary-of-autopkg',
};

const search = new Search();
let fleet: Fleet;
let echo: Echo;
/** The runner's home and temporary folder. */
let home: string;
let path: string;
const hook = (name: string) => fleet.webhooks.url(`canary-hook-${name}`);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'patchbot-canary-'));
  fleet = await startCompany(three, {
    jamf: { clientSecret: secret, user: 'anna', password },
  });
  echo = await startEcho();
  const { tokens } = fleet.jamf.simulation;
  const give = tokens.give.bind(tokens);
  let given = 0;
  tokens.give = (...whose) => {
    const token = give(...whose);
    given += 1;
    search.plant(canary(`token ${given} of Jamf Pro`, token));
    return token;
  };
  search.plant(
    canary('the secret of the API client', secret),
    canary('the password', password),
    canary('user and password', `anna:${password}`),
    canary('the token of GitHub', fleet.github.token),
    canary('the signature of the webhooks', 'sig=secret'),
    canary('the address of the webhooks', 'canary-hook-'),
    ...Object.entries(around).map(([name, value]) => canary(name, value)),
  );
  path = await witnesses();
});

afterAll(async () => {
  await Promise.all([fleet.close(), echo.close()]);
  await rm(home, { recursive: true, force: true });
  console.log(
    `canary: ${search.planted} secrets in ${search.forms} forms, looked for in ${search.places} places (${(search.letters / 1e6).toFixed(1)} million letters): ${search.leaks.length} leaked`,
  );
});

/** Programs in front of AutoPkg and git that write down what they can see: their environment, and how they and those that started them were called. */
async function witnesses(): Promise<string> {
  const folder = join(home, 'witnesses');
  await mkdir(folder, { recursive: true });
  const seen = join(home, 'seen');
  const { stdout: git } = await run('which', ['git']);
  const programs = { autopkg: join(fleet.autopkg.path, 'autopkg'), git: git.trim() };
  for (const [name, program] of Object.entries(programs)) {
    const file = join(folder, name);
    await writeFile(
      file,
      `#!/bin/sh
{ env; printf '%s ' "$0" "$@"; p=$PPID
  while [ "\${p:-0}" -gt 1 ] && [ -r /proc/$p/cmdline ]; do
    tr '\\0' ' ' < /proc/$p/cmdline; echo; p=$(cut -d' ' -f4 /proc/$p/stat)
  done; } >> '${seen}-${name}' 2>/dev/null
exec '${program}' "$@"
`,
    );
    await chmod(file, 0o755);
  }
  return [folder, process.env['PATH']].join(delimiter);
}

const environment = () => ({
  PATH: path,
  HOME: home,
  TMPDIR: home,
  GITHUB_WORKSPACE: fleet.folder,
  GITHUB_REPOSITORY: `${fleet.github.owner}/${fleet.github.repo}`,
  GITHUB_API_URL: fleet.github.url,
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_RUN_ID: '1',
  GITHUB_ACTOR: 'patchbot[bot]',
  PATCHBOT_NOW: fleet.now,
  PATCHBOT_AUTOPKG_CACHE: fleet.cache,
  ...around,
});

const client = { 'jamf-client-id': 'patchbot', 'jamf-client-secret': secret };
const user = { 'jamf-user': 'anna', 'jamf-password': password };

/** Runs an action with every secret that it takes, and looks at all that it leaves. */
async function action(
  name: string,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  await run('git', ['-C', fleet.folder, 'pull', '--quiet', '--ff-only']);
  const done = await runAsAction(
    join(root, 'actions', name, 'main.ts'),
    {
      'jamf-url': fleet.jamf.url,
      ...('jamf-user' in inputs ? {} : client),
      'github-token': fleet.github.token,
      'webhook-admins': hook('admins'),
      'webhook-testers': hook('testers'),
      'webhook-everyone': hook('everyone'),
      'autopkg-cache': fleet.cache,
      ...inputs,
    },
    { ...environment(), ...env },
    home,
  );
  search.look(
    { where: `the log of the action ${name}`, text: readersLog(done.stdout) },
    { where: `the errors of the action ${name}`, text: done.stderr },
    { where: `the summary of the action ${name}`, text: done.summary },
    { where: `the outputs of the action ${name}`, text: JSON.stringify(done.outputs) },
  );
  return done;
}

/** Runs a verb at a terminal, with the secrets in its environment. */
async function verb(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const done = await run(
    process.execPath,
    [join(root, 'src', 'cli.ts'), '--folder', fleet.folder, ...args],
    {
      env: {
        ...environment(),
        JAMF_URL: fleet.jamf.url,
        JAMF_CLIENT_ID: 'patchbot',
        JAMF_CLIENT_SECRET: secret,
        GITHUB_TOKEN: fleet.github.token,
        PATCHBOT_WEBHOOK_ADMINS: hook('admins'),
        PATCHBOT_WEBHOOK_TESTERS: hook('testers'),
        PATCHBOT_WEBHOOK_EVERYONE: hook('everyone'),
        ...env,
      },
    },
  ).catch((error: { stdout: string; stderr: string }) => error);
  search.look(
    { where: `what "patchbot ${args.join(' ')}" prints`, text: done.stdout },
    { where: `the errors of "patchbot ${args.join(' ')}"`, text: done.stderr },
  );
}

/** Looks at everything that outlives the runs. */
async function lookAtWhatStays(): Promise<void> {
  const log = await run(
    'git',
    ['-C', fleet.github.gitDir, 'log', '--all', '-p', '--format=fuller'],
    {
      maxBuffer: 1e9,
    },
  );
  const pulls = JSON.stringify(fleet.github.pulls);
  const messages = JSON.stringify(fleet.webhooks.messages.map(({ body }) => body));
  search.look(
    { where: 'the commits', text: log.stdout },
    { where: 'the requests and their comments', text: pulls },
    { where: 'the deployments', text: JSON.stringify(fleet.github.deployments) },
    { where: 'the messages', text: messages },
    { where: 'Jamf Pro', text: JSON.stringify(fleet.jamf.snapshot()) },
    ...(await filesBelow(home)),
    ...(await filesBelow(fleet.cache)),
    ...(await filesBelow(join(fleet.folder, 'recipes'))),
  );
}

/** Processes are started one after the other, some thirty of them. */
const patience = { timeout: 180_000 };

describe('the search', () => {
  it('finds a secret in each of its forms, and half of one', () => {
    const found = new Search();
    found.plant(canary('it', secret));
    const form = new URLSearchParams({ secret }).toString();
    const texts = [secret, secret.slice(0, 20), form, btoa(secret), JSON.stringify({ secret })];
    for (const text of texts) found.look({ where: 'a text', text });
    expect(found.leaks).toHaveLength(texts.length);
  });
});

describe('a secret', patience, () => {
  it('shows nowhere while a version lives its life, and the runner is told to mask it', async () => {
    const [firefox, slack] = three;
    if (!firefox || !slack) throw new Error('three titles');
    await release(fleet, firefox, '2.0');
    await release(fleet, slack, '2.0');
    await fleet.autopkg.fail('zoom.pkg', 'not-found');
    const built = await action('build');
    for (const hidden of [secret, fleet.github.token, hook('admins'), hook('testers')])
      expect(built.stdout).toContain(`::add-mask::${hidden.replaceAll('%', '%25')}`);
    expect(built.stdout).toMatch(/^::add-mask::eyJ/m);
    await action('test');
    fleet.now = later(fleet.now, 7, 4);
    await action('propose');
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    await action('promote', user);
    await action('hold', { titles: 'slack', reason: 'it crashes' });
    await action('emergency', { titles: 'slack', reason: 'hurry' });
    await action('doctor', user);
    await action('reconcile');
    await action('check', { number: '1' });
    await lookAtWhatStays();
    expect(search.leaks).toEqual([]);
    // All of that has really happened, and the witnesses have seen it.
    expect(fleet.github.deployments.length).toBeGreaterThan(0);
    expect(fleet.webhooks.messages.length).toBeGreaterThan(4);
    const seen = await readFile(join(home, 'seen-autopkg'), 'utf8');
    expect(seen).toMatch(/^PATH=.*witnesses/m);
    expect(seen).toMatch(/autopkg run -q/);
  });

  it('shows nowhere at a terminal', async () => {
    for (const args of [['status'], ['plan', '--json'], ['doctor'], ['build', 'zoom']])
      await verb(args);
    await verb(['status'], { JAMF_CLIENT_SECRET: '', JAMF_USER: 'anna', JAMF_PASSWORD: password });
    await lookAtWhatStays();
    expect(search.leaks).toEqual([]);
  });

  it('shows nowhere when a server repeats all that it was sent', async () => {
    await release(fleet, three[0] ?? { slug: '', name: '' }, '3.0');
    await action('build', { 'jamf-url': echo.url });
    await action('test', { 'jamf-url': echo.url, ...user });
    await action('doctor', { 'jamf-url': echo.url });
    await action('propose', {}, { GITHUB_API_URL: echo.url });
    await action('hold', { titles: 'slack', reason: 'x' }, { GITHUB_API_URL: echo.url });
    await action('build', {
      'webhook-admins': `${echo.url}/canary-hook-admins?sig=secret`,
      heartbeat: 'true',
    });
    await verb(['status'], { JAMF_URL: echo.url });
    await verb(['promote'], { GITHUB_API_URL: echo.url });
    expect(echo.requests).toBeGreaterThan(6);
    await lookAtWhatStays();
    expect(search.leaks).toEqual([]);
  });

  it('shows nowhere when it is not taken, or the address has one in it', async () => {
    await action('test', { 'jamf-client-secret': `${secret}x` });
    await action('test', {
      'jamf-url': fleet.jamf.url.replace('//', `//anna:${encodeURIComponent(password)}@`),
    });
    await action('build', {
      'webhook-admins': 'canary-hook-that-is-no-address',
      heartbeat: 'true',
    });
    await action('propose', { 'github-token': `${fleet.github.token}x` });
    expect(search.leaks).toEqual([]);
  });

  it('is in no error that is thrown, however deep one looks', async () => {
    const shown: string[] = [];
    const log = (line: string) => void shown.push(line);
    const look = async (where: string, work: () => Promise<unknown>) => {
      const error = await work().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      search.look({
        where: `the error of ${where}`,
        text: inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
      });
    };
    for (const credentials of [
      { kind: 'client', clientId: 'patchbot', clientSecret: secret },
      { kind: 'user', user: 'anna', password },
    ] as const)
      for (const url of [fleet.jamf.url, echo.url, 'http://127.0.0.1:9']) {
        const settings = {
          url,
          credentials,
          connections: 5,
          readOnly: false,
          log,
          onSecret: () => {},
        };
        const jamf = connectJamf({ ...settings, wait: async () => {} });
        const id = packageId('1');
        await look('patchTitles', () => jamf.patchTitles());
        await look('patchPolicies', () => jamf.patchPolicies());
        await look('definitions', () => jamf.definitions('999'));
        await look('patchPolicyLogs', () => jamf.patchPolicyLogs('999'));
        await look('ensureLinked', () => jamf.ensureLinked('999', version('1'), id));
        await look('ensurePatchPolicy', () => jamf.ensurePatchPolicy('999', { enabled: true }));
        await look('ensureInstallPolicy', () => jamf.ensureInstallPolicy('999', { id, file: 'a' }));
        await jamf.close();
      }
    const { token, owner, repo } = fleet.github;
    for (const apiUrl of [fleet.github.url, echo.url, 'http://127.0.0.1:9']) {
      const github = connectGitHub({ token, owner, repo, apiUrl, log, wait: async () => {} });
      await look('head', () => github.head());
      await look('readFile', () => github.readFile('nowhere', 'nowhere'));
    }
    const url = `${echo.url}/canary-hook-x?sig=secret`;
    const untold = await tell(
      [{ audience: 'admins', tone: 'news', heading: 'a', sections: [] }],
      [{ audience: 'admins', kind: 'teams', url }],
      { wait: async () => {}, log },
    );
    expect(untold).toHaveLength(1);
    search.look({ where: 'messages that were not taken', text: JSON.stringify(untold) });
    search.look({ where: 'logs of the clients', text: shown.join('\n') });
    expect(search.leaks).toEqual([]);
  });
});
