import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { slug } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { hold } from '../../src/stages/hold.ts';
import { parseState } from '../../src/state/read.ts';
import { type ActionRun, runAsAction } from '../simulators/action-run.ts';
import { type Fleet, startFleet } from '../simulators/fleet.ts';
import { later, monday } from '../stages/company.ts';
import { corpus, pwned, short } from './corpus.ts';
import { aliveInCard, aliveInMarkdown, foreignCommands, unprintable } from './readers.ts';

/*
 * A company whose titles, versions, policies and reasons are all hostile, and whose AutoPkg prints the
 * whole corpus with each run. Its versions live their whole life, in the processes that a workflow
 * starts, and end as plain text everywhere.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const ours = ['https://github.com/acme/patchbot'];

interface HostileTitle {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
}

/** What can be a name and a version: the others are refused where they come in, which has tests of its own. */
function possible(text: string): boolean {
  try {
    version(text);
    return !/\p{Cc}/u.test(text) && text.trim() === text && text.length <= 100;
  } catch {
    return false;
  }
}

/** Every ninth payload, so that a life of them all takes seconds; the tests of words have them all. */
const titles: readonly HostileTitle[] = short
  .map(({ text }) => text)
  .filter(possible)
  .filter((_, index) => index % 9 === 0)
  // Names must differ for Jamf Pro, which doesn't see upper and lower case.
  .map((text, index) => ({
    slug: `t${index}`,
    name: `${text} ${index}`,
    // The package's file has the version in its name, so no recipe can make one with a slash.
    version: text.includes('/') ? text.replaceAll('/', '-') : text,
  }));

let fleet: Fleet;
let home: string;
let path: string;
/** How much was taken for more than text. */
let executed = 0;
const ran: { name: string; done: ActionRun }[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'patchbot-hostile-'));
  fleet = await startFleet({
    now: monday,
    repository: {
      'recipes/patchbot.yaml':
        'time-zone: Europe/Zurich\nsoak: 7 days\nwindows: [Mon-Thu 08:00-16:00]\n',
      'recipes/titles/broken.yaml': `recipe: a.pkg\npatch: "${pwned}"\n"::error::${pwned}": 1\n`,
      ...Object.fromEntries(
        titles.map(({ slug: short, name }) => [
          `recipes/titles/${short}.yaml`,
          `recipe: ${short}.pkg\npatch: ${JSON.stringify(name)}\ncategory: Apps\n`,
        ]),
      ),
    },
  });
  fleet.jamf.addCategory('Apps');
  for (const { slug: short, name, version: text } of titles) {
    const releaseDate = '2026-08-01 12:00:00';
    // Beside the right definition one with a hostile version of each kind, that no package has.
    const others = [`${text} `.repeat(2), `</software_version>${text}`, `\u202E${text}`];
    fleet.jamf.addTitle({
      name,
      definitions: [...others, text].map((one) => ({ version: one, releaseDate })),
    });
    await fleet.autopkg.release(`${short}.pkg`, text);
  }
  path = await loudAutoPkg();
}, 120_000);

afterAll(async () => {
  await fleet.close();
  await rm(home, { recursive: true, force: true });
  console.log(
    `hostile: ${titles.length} titles with hostile names and versions through every stage, ${corpus.length} texts printed by AutoPkg in each of its runs: ${executed} executed`,
  );
});

/** An AutoPkg that prints the whole corpus before it works. */
async function loudAutoPkg(): Promise<string> {
  const folder = join(home, 'bin');
  await mkdir(folder);
  const said = join(home, 'said');
  const texts = corpus.map(({ text }) => text.slice(0, 200));
  await writeFile(said, `${texts.join('\n')}\n`);
  const file = join(folder, 'autopkg');
  const program = join(fleet.autopkg.path, 'autopkg');
  await writeFile(file, `#!/bin/sh\ncat '${said}'; cat '${said}' >&2\nexec '${program}' "$@"\n`);
  await chmod(file, 0o755);
  return [folder, process.env['PATH']].join(delimiter);
}

async function action(
  name: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  await run('git', ['-C', fleet.folder, 'pull', '--quiet', '--ff-only']);
  const done = await runAsAction(
    join(root, 'actions', name, 'main.ts'),
    {
      'jamf-url': fleet.jamf.url,
      'jamf-client-id': 'patchbot',
      'jamf-client-secret': 'client-secret-for-tests',
      'github-token': fleet.github.token,
      'webhook-admins': fleet.webhooks.url('admins'),
      'webhook-testers': fleet.webhooks.url('testers'),
      'webhook-everyone': fleet.webhooks.url('everyone'),
      'autopkg-cache': fleet.cache,
      ...inputs,
    },
    {
      PATH: path,
      HOME: home,
      TMPDIR: home,
      GITHUB_WORKSPACE: fleet.folder,
      GITHUB_REPOSITORY: 'acme/patchbot',
      GITHUB_API_URL: fleet.github.url,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_RUN_ID: '1',
      GITHUB_ACTOR: 'patchbot[bot]',
      PATCHBOT_NOW: fleet.now,
    },
    home,
  );
  ran.push({ name, done });
  return done;
}

/** Each title's failures but those that are to be: the broken file's. */
function failures(done: ActionRun): readonly string[] {
  return done.annotations
    .filter(({ level, properties }) => level === 'error' && properties['title'] !== 'broken')
    .map(({ properties, message }) => `${properties['title']}: ${message}`);
}

describe('hostile names, versions, reasons and output', { timeout: 240_000 }, () => {
  it('live the whole life of a version, each exactly as it is', async () => {
    const built = await action('build');
    expect(failures(built)).toEqual([]);
    expect(built.stdout.length).toBeGreaterThan(corpus.length * titles.length);
    expect(failures(await action('test'))).toEqual([]);
    fleet.now = later(monday, 7, 4);
    expect(failures(await action('propose'))).toEqual([]);
    expect(fleet.github.pulls).toHaveLength(titles.length);
    for (const { number } of fleet.github.pulls) await fleet.github.people.merge(number, 'anna');
    expect(failures(await action('promote'))).toEqual([]);
    const files = await fleet.github.files();
    for (const title of titles) {
      const read = parseState(files[`state/${title.slug}.yaml`], slug(title.slug));
      expect(read.ok && read.state.offered?.version.text).toBe(title.version);
      const policy = [...fleet.jamf.world.patchPolicies.values()].find(
        ({ name }) => name === `${title.name} Stable`,
      );
      expect(policy).toMatchObject({ enabled: true, targetVersion: title.version });
    }
    expect(fleet.jamf.violations).toEqual([]);
  });

  it('are a reason to hold, a reason for an emergency and a name of who asks', async () => {
    const texts = short.map(({ text }) => text).filter((text) => text.trim() !== '');
    for (const [index, text] of texts.filter((_, at) => at % 16 === 0).entries()) {
      const title = titles[index % titles.length]?.slug ?? '';
      const outcome = await fleet.run((one) => hold(one, { reason: text }), {
        titles: [title],
        actor: text,
      });
      expect(outcome.failures).toEqual([]);
    }
    const all = texts.filter((text) => !text.includes('\0') && text.length < 500).join(' ');
    for (const mode of ['pull-request', 'direct']) {
      await fleet.autopkg.release('t0.pkg', `9 ${mode} ::error::${pwned}`);
      fleet.jamf.addDefinition(titles[0]?.name ?? '', {
        version: `9 ${mode} ::error::${pwned}`,
        releaseDate: '2026-09-09 12:00:00',
      });
      await action('hold', { do: 'release', titles: 't0' });
      await action('build', { titles: 't0' });
      await action('emergency', { titles: 't0', reason: all.slice(0, 20_000), mode });
    }
    await action('hold', { titles: 't1', reason: all.slice(0, 20_000), version: `1.0 ${pwned}` });
    await action('reconcile');
    await action('doctor');
  });

  it('are no command in any log, no output and nothing alive in a summary', () => {
    expect(ran.length).toBeGreaterThan(10);
    const found = ran.flatMap(({ name, done }) => [
      ...foreignCommands(`${done.stdout}\n${done.stderr}`).map((one) => ({ action: name, ...one })),
      ...aliveInMarkdown(done.summary, { links: ours }).map((one) => ({ action: name, ...one })),
      ...Object.keys(done.outputs).filter((key) => !['moved', 'failed', 'quiet'].includes(key)),
    ]);
    executed += found.length;
    expect(found.slice(0, 8)).toEqual([]);
  });

  it('are nothing alive in requests, issues and messages', () => {
    const bodies = fleet.github.pulls.map(({ body }) => body ?? '');
    const issues = fleet.github.issues.map(({ body }) => body ?? '');
    const found = [
      ...[...bodies, ...issues].flatMap((body) => aliveInMarkdown(body, { links: ours })),
      ...fleet.github.pulls.flatMap(({ title }) => unprintable(title)),
      ...fleet.webhooks.messages.flatMap(({ body }) => aliveInCard(body, ours)),
      ...fleet.webhooks.refused,
    ];
    expect(bodies.length).toBeGreaterThanOrEqual(titles.length);
    expect(fleet.webhooks.messages.length).toBeGreaterThan(5);
    executed += found.length;
    expect(found.slice(0, 8)).toEqual([]);
  });

  it('are no file outside state/, no branch but its own and no trailer of a commit', async () => {
    const git = async (...args: string[]) =>
      (await run('git', ['-C', fleet.github.gitDir, ...args], { maxBuffer: 1e9 })).stdout;
    const seed = (await git('rev-list', '--max-parents=0', 'main')).trim();
    const touched = await git('log', '--all', '-m', '--name-only', '--format=', `^${seed}`, 'main');
    const outside = touched
      .split('\n')
      .filter((file) => file && !/^state\/_?[a-z0-9]+\.yaml$/.test(file));
    executed += outside.length;
    expect(outside).toEqual([]);
    const trailers = await git('log', '--all', '--format=%(trailers:key=Co-authored-by)');
    expect(trailers.trim()).toBe('');
    for (const { head } of fleet.github.pulls) {
      expect(head).toMatch(/^patchbot\/[a-z0-9]+\/[A-Za-z0-9._+-]+$/);
      await run('git', ['check-ref-format', '--branch', head]);
    }
    const files = await fleet.github.files();
    for (const [file, text] of Object.entries(files))
      if (file.startsWith('state/') && file.endsWith('.yaml'))
        expect(Object.keys(parse(text) as object)).not.toContain(pwned);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith(pwned))).toEqual([]);
    expect((await readdir(home)).filter((name) => name.includes(pwned))).toEqual([]);
  });
});
