import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jamfAddress } from '../../src/setup/init/address.ts';
import { newAppLink } from '../../src/setup/init/github-app.ts';
import { nextSteps } from '../../src/setup/init/next-steps.ts';
import { remoteOf } from '../../src/setup/init/repository.ts';
import { editSchedules, editSettings } from '../../src/setup/init/settings-file.ts';

const root = join(import.meta.dirname, '..', '..');

/** Answers as a Jamf Pro does to somebody without a token, and on another path as something else. */
let jamf: Server;
let jamfUrl: string;

beforeAll(async () => {
  jamf = createServer((request, response) => {
    const isJamf = request.url === '/api/v1/jamf-pro-version';
    response.writeHead(isJamf ? 401 : 404, { 'content-type': 'application/json' });
    response.end(isJamf ? '{"httpStatus":401,"errors":[]}' : '<html>');
  });
  await new Promise<void>((done) => jamf.listen(0, '127.0.0.1', done));
  jamfUrl = `http://127.0.0.1:${(jamf.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => jamf.close(done)));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbot-init-'));
  await cp(join(root, 'recipes'), join(folder, 'recipes'), { recursive: true });
  await cp(join(root, '.github', 'workflows'), join(folder, '.github', 'workflows'), {
    recursive: true,
  });
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', folder, ...args]);
  await git('init', '--quiet');
  await git('remote', 'add', 'origin', 'git@github.com:acme/patches.git');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (path: string) => readFile(join(folder, path), 'utf8');

/** Answers to all questions, given by flags. */
function answersByFlags(): string[] {
  return [
    '--yes',
    ...['--jamf-url', jamfUrl, '--time-zone', 'Asia/Tokyo', '--soak', '0', '--windows', 'always'],
    ...['--channels', 'admins=slack'],
  ];
}

/** Runs `patchbot init` as a person does; what they type comes line by line. */
async function init(
  typed: readonly string[],
  args: readonly string[] = [],
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(
    process.execPath,
    [join(root, 'src', 'cli.ts'), '--folder', folder, 'init', ...args],
    { env: { PATH: process.env['PATH'], HOME: folder, TZ: 'America/New_York' } },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdin.end(typed.map((line) => `${line}\n`).join(''));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, out, err };
}

describe('setting a repository up', () => {
  it('asks, writes what was answered and leaves every comment and other setting in its place', async () => {
    const before = await read('recipes/patchbot.yaml');
    const { code, out, err } = await init([
      jamfUrl,
      '', // the remote's own name
      '', // this machine's time zone
      '5 working days',
      'Mon-Wed 09:00-15:00, Thu 09:00-12:00',
      'slack',
      'none',
      '', // teams
      '-', // no credentials now
      'google-chrome, slack',
      'y',
    ]);
    expect(err).toBe('');
    expect(code).toBe(0);
    const after = await read('recipes/patchbot.yaml');
    expect(parse(after)).toEqual({
      ...parse(before),
      'time-zone': 'America/New_York',
      soak: '5 working days',
      windows: ['Mon-Wed 09:00-15:00', 'Thu 09:00-12:00'],
      channels: { admins: 'slack', everyone: 'teams' },
    });
    const comments = (text: string) => text.split('\n').filter((line) => line.startsWith('#'));
    expect(comments(after)).toEqual(comments(before));
    expect((await readdir(join(folder, 'recipes/titles'))).sort()).toEqual([
      'google-chrome.yaml',
      'slack.yaml',
    ]);
    expect(await read('.github/workflows/daily.yml')).toContain('timezone: America/New_York\n');
    expect(out).toContain('gh secret set JAMF_CLIENT_SECRET --env patchbot --repo acme/patches');
    expect(out).toContain('gh secret set PATCHBOT_WEBHOOK_ADMINS');
    expect(out).not.toContain('gh secret set PATCHBOT_WEBHOOK_TESTERS');
  });

  it('asks again when an answer makes no sense, and says what to write', async () => {
    const { code, out } = await init(
      ['a week', '7 days', 'Monday', 'always', 'mail', 'none', 'none', 'none', '-', 'all', 'n'],
      ['--jamf-url', jamfUrl, '--time-zone', 'Europe/Zurich', '--repository', 'acme/patches'],
    );
    expect(code).toBe(0);
    expect(out).toContain('write a soak such as "7 days"');
    expect(out).toContain('write a window such as');
    expect(out).toContain('write teams, slack or none');
  });

  it.each([
    ['a no', ['n']],
    ['the end of the input', []],
  ])('writes nothing after %s', async (_what, last) => {
    const files = ['recipes/patchbot.yaml', '.github/workflows/daily.yml'];
    const before = await Promise.all(files.map(read));
    await init(
      ['', '', '', '1 day', '', '', '', '', '-', 'slack', ...last],
      ['--jamf-url', jamfUrl],
    );
    expect(await Promise.all(files.map(read))).toEqual(before);
    expect((await readdir(join(folder, 'recipes/titles'))).length).toBeGreaterThan(8);
  });

  it('asks nothing when told to, and keeps what it is not told', async () => {
    const before = await read('recipes/patchbot.yaml');
    const told = ['--yes', '--jamf-url', jamfUrl, '--soak', '3 days'];
    expect(await init([], told)).toMatchObject({ code: 0, err: '' });
    expect(await read('recipes/patchbot.yaml')).toBe(
      before.replace('soak: 7 days', 'soak: 3 days'),
    );
    const again = await init([], told);
    expect(again.out).toContain('The files say this already.');
  });

  it('writes the settings of a repository that has none yet', async () => {
    await rm(join(folder, 'recipes/patchbot.yaml'));
    const { code } = await init([], answersByFlags());
    expect(code).toBe(0);
    expect(parse(await read('recipes/patchbot.yaml'))).toEqual({
      'time-zone': 'Asia/Tokyo',
      soak: 0,
      windows: [],
      channels: { admins: 'slack' },
    });
  });

  it.each([
    ['something else answers', () => `${jamfUrl}/elsewhere`, 'not as Jamf Pro does'],
    ['nobody answers', () => 'http://127.0.0.1:9', 'ECONNREFUSED'],
    ['it is no address', () => 'jamf pro', 'write an address such as'],
    [
      'it would send secrets in the clear',
      () => 'http://jamf.example.com',
      'is no address of Jamf Pro',
    ],
  ])('takes no address of Jamf Pro at which %s', async (_what, url, reason) => {
    const { code, err } = await init([], ['--yes', '--jamf-url', url()]);
    expect(code).toBe(1);
    expect(err).toContain(reason);
  });

  it('repeats what it does not understand, and says what there is', async () => {
    const zone = await init([], ['--yes', '--time-zone', 'Mars/Base']);
    expect(zone.err).toContain('"Mars/Base": no such time zone');
    const titles = await init([], ['--yes', '--titles', 'nosuch']);
    expect(titles.err).toMatch(/there is no nosuch in recipes\/titles\/: the titles are \w/);
  });

  it('says which flag is missing when it may not ask', async () => {
    const { code, err } = await init([], ['--yes']);
    expect(code).toBe(1);
    expect(err).toContain('add --jamf-url');
  });

  it('changes no file that is broken, and says where', async () => {
    await writeFile(join(folder, 'recipes/patchbot.yaml'), 'time-zone: [');
    const { code, err } = await init([], answersByFlags());
    expect(code).toBe(1);
    expect(err).toContain('recipes/patchbot.yaml is no YAML');
    expect(await read('recipes/patchbot.yaml')).toBe('time-zone: [');
  });
});

describe('the steps that are left to do by hand', () => {
  const steps = nextSteps({
    answers: {
      jamfUrl: 'https://acme.jamfcloud.com',
      repository: 'acme/patches',
      timeZone: 'UTC',
      soak: '7 days',
      windows: [],
      channels: { admins: 'teams', testers: 'slack', everyone: 'teams' },
    },
    privileges: ['Read Packages'],
    serverUrl: 'https://github.com',
  });

  it('set every secret and variable that the workflows name, and no other', async () => {
    const workflows = join(root, '.github', 'workflows');
    const texts = await Promise.all(
      (await readdir(workflows)).map((name) => readFile(join(workflows, name), 'utf8')),
    );
    const named = [...texts.join('\n').matchAll(/\b(secrets|vars)\.([A-Z_]+)/g)].map(
      ([, kind, name]) => `${kind === 'vars' ? 'variable' : 'secret'} ${name}`,
    );
    const set = [...steps.matchAll(/gh (secret|variable) set ([A-Z_]+)/g)].map(
      ([, kind, name]) => `${kind} ${name}`,
    );
    const optional = ['variable PATCHBOT_AUTOPKG_CACHE', 'secret GITHUB_TOKEN'];
    const needed = [...new Set(named)].filter((one) => !optional.includes(one));
    expect([...new Set(set)].sort()).toEqual(needed.sort());
  });

  it('push before the rules of main refuse it', () => {
    expect(steps.indexOf('git push')).toBeGreaterThan(0);
    expect(steps.indexOf('git push')).toBeLessThan(steps.indexOf('docs/ruleset.json'));
  });

  it('let main alone use the environments, in an order that GitHub takes', () => {
    for (const name of ['patchbot', 'emergency']) {
      const environment = `repos/acme/patches/environments/${name}`;
      const made = steps.indexOf(
        `gh api --method PUT ${environment} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'`,
      );
      const limited = steps.indexOf(
        `gh api --method POST ${environment}/deployment-branch-policies -f name=main`,
      );
      expect(made).toBeGreaterThan(0);
      expect(limited).toBeGreaterThan(made);
    }
  });

  it('set what a job is chosen by in the repository, since no environment is known by then', async () => {
    const workflows = join(root, '.github', 'workflows');
    const texts = await Promise.all(
      (await readdir(workflows)).map((name) => readFile(join(workflows, name), 'utf8')),
    );
    const chosenBy = [...texts.join('\n').matchAll(/^ {4}(?:if|runs-on): .*\bvars\.([A-Z_]+)/gm)];
    expect(new Set(chosenBy.map(([, name]) => name)).size).toBe(2);
    for (const [, name] of chosenBy)
      expect(steps).toMatch(new RegExp(`gh variable set ${name} --repo acme/patches`));
  });

  it('have the numbers of docs/setup.md', async () => {
    const page = await readFile(join(root, 'docs', 'setup.md'), 'utf8');
    const there = [...page.matchAll(/^## (\d+)\. /gm)].map(([, number]) => number);
    expect(steps.match(/^\d+(?=\. )/gm)).toEqual(there.slice(2));
    expect(steps).toMatch(/^3\. .*API roles and clients/);
    expect(page).toContain('## 3. An API client');
  });

  it('can be pasted into the shell of a Mac, which knows no comments at a prompt', () => {
    expect(steps).not.toMatch(/ #/);
  });

  it('put no secret on a command line', () => {
    for (const [command] of steps.matchAll(/^.*gh secret set.*$/gm))
      expect(command).not.toMatch(/--body|-b |echo|<<</);
  });

  it('make a GitHub App that may do what the workflows ask of it', async () => {
    const workflows = join(root, '.github', 'workflows');
    const wanted = new Set<string>();
    for (const name of await readdir(workflows)) {
      const { jobs } = parse(await readFile(join(workflows, name), 'utf8')) as {
        jobs: Record<string, { steps?: { uses?: string; with?: Record<string, string> }[] }>;
      };
      for (const { uses, with: given } of Object.values(jobs).flatMap((job) => job.steps ?? []))
        if (uses === './actions/token')
          for (const [permission, level] of Object.entries(given ?? {}))
            if (level === 'write' || level === 'read')
              wanted.add(`${permission.replaceAll('-', '_')}=write`);
    }
    expect(wanted.size).toBeGreaterThan(2);
    const link = new URL(newAppLink('acme/patches', 'organization', 'https://github.com'));
    expect(link.pathname).toBe('/organizations/acme/settings/apps/new');
    expect(link.search.split(/[?&]/)).toEqual(expect.arrayContaining([...wanted]));
    expect(link.searchParams.get('webhook_active')).toBe('false');
    expect(link.searchParams.get('public')).toBe('false');
  });
});

describe('what people write', () => {
  it.each([
    ['acme', 'https://acme.jamfcloud.com'],
    ['acme.jamfcloud.com', 'https://acme.jamfcloud.com'],
    [' https://acme.jamfcloud.com/ ', 'https://acme.jamfcloud.com'],
    ['https://acme.jamfcloud.com/index.html?foo=1', 'https://acme.jamfcloud.com'],
    ['https://acme.jamfcloud.com/legacy/patch.html', 'https://acme.jamfcloud.com/legacy'],
    ['https://jamf.acme.example:8443/jss', 'https://jamf.acme.example:8443/jss'],
    ['https://me:secret@acme.jamfcloud.com', undefined],
    ['ftp://acme', undefined],
    ['jamf pro', undefined],
    ['', undefined],
  ])('"%s" is the address %s', (text, address) => {
    expect(jamfAddress(text)).toBe(address);
  });

  it.each([
    ['git@github.com:acme/patches.git', 'acme/patches', 'https://github.com'],
    ['https://github.com/acme/patches', 'acme/patches', 'https://github.com'],
    [
      'https://token@github.acme.example/acme/patches.git',
      'acme/patches',
      'https://github.acme.example',
    ],
    ['ssh://git@github.com:22/acme/patches.git', 'acme/patches', 'https://github.com'],
  ])('the remote %s is %s at %s', (remote, repository, serverUrl) => {
    expect(remoteOf(remote)).toEqual({ repository, serverUrl });
  });

  it('a remote that is a folder is no repository on GitHub', () => {
    expect(remoteOf('/srv/git/patches.git')).toBeUndefined();
  });

  it('the same answers again change nothing', () => {
    const text = 'time-zone: UTC # ours\nsoak:   7 days\nwindows: [Mon]\n';
    const answers = {
      timeZone: 'UTC',
      soak: '7 days',
      windows: ['Mon'],
      channels: { admins: 'none', testers: 'none', everyone: 'none' },
    } as const;
    expect(editSettings(text, answers)).toEqual({ text, changes: [] });
  });

  it('schedules change their time zone and nothing else', () => {
    const workflow =
      "on:\n  schedule:\n    - cron: '7 5 * * *'\n      timezone: Europe/Zurich # ours\n    - cron: '1 1 * * *'\n      timezone: 'Etc/GMT+1'\njobs:\n  a: {env: {timezone: x}}\n";
    expect(editSchedules(workflow, 'America/New_York')).toBe(
      workflow
        .replace('Europe/Zurich', 'America/New_York')
        .replace("'Etc/GMT+1'", 'America/New_York'),
    );
  });
});
