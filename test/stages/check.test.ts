import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { afterEach, describe, expect, it } from 'vitest';
import { approve, placeHold, startTest, takeBack } from '../../src/lifecycle/changes.ts';
import { definition } from '../../src/lifecycle/definition.ts';
import { digest, type Package, packageId } from '../../src/lifecycle/package.ts';
import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { check } from '../../src/stages/check.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import { type Started, started } from '../github/started.ts';

const day = Temporal.PlainDate.from('2026-09-07');
const now = Temporal.Instant.from('2026-09-09T06:00:00Z');

function packageOf(text: string, id: string, digit: string): Package {
  return {
    version: version(text),
    file: `Firefox-${text}.pkg`,
    size: 1000,
    digest: digest(digit.repeat(128)),
    jamfId: packageId(id),
  };
}

const older = packageOf('1.0', '1', 'a');
const tested = packageOf('2.0', '2', 'b');
const newer = packageOf('3.0', '3', 'c');

/** 1.0 is in production, 2.0 in test, and 3.0 is built. */
const state: TitleState = {
  package: newer,
  testing: { package: tested, definition: version('2.0'), since: day },
  production: { package: older, definition: version('1.0') },
  previous: { package: packageOf('0.9', '9', 'd'), definition: version('0.9') },
};
const stateText = `${editState(undefined, 'Firefox', {}, state)}# A person's note.\n`;

/** The state file after a change, as PatchBot writes it. */
function changed(change: (before: TitleState) => TitleState, text = stateText): string {
  const read = parseState(text, slug('firefox'));
  if (!read.ok) throw new Error('the state of the test is broken');
  return editState(read.document, 'Firefox', read.state, change(read.state));
}

const approved = approve({ package: tested, definition: version('2.0'), tested: day });

const seed = {
  'recipes/patchbot.yaml': 'time-zone: Europe/Zurich\nsoak: 7 days\n',
  'recipes/titles/firefox.yaml': 'recipe: firefox.pkg\npatch: Firefox\ncategory: Apps\n',
  'recipes/titles/slack.yaml': 'recipe: slack.pkg\npatch: Slack\ncategory: Apps\n',
  'state/firefox.yaml': stateText,
  '.github/workflows/daily.yml':
    "on:\n  schedule:\n    - cron: '7 5 * * *'\n      timezone: Europe/Zurich\n",
};

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Opens a pull request that makes these changes, and checks it as the workflow does. */
async function checked(
  files: Readonly<Record<string, string | null>>,
  branch = 'a-change',
  before: (world: Started) => Promise<unknown> = async () => undefined,
  base: Readonly<Record<string, string>> = seed,
): Promise<{ outcome: Outcome; plan: string | undefined; world: Started; number: number }> {
  const world = await started({ seed: base });
  const { simulator, github } = world;
  await simulator.people.commit('anna', 'A change', files, branch);
  const number = await simulator.people.openPull('anna', branch, 'A change');
  await before(world);
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-base-'));
  folders.push(folder);
  await promisify(execFile)('git', ['clone', '--quiet', simulator.gitDir, folder]);
  const outcome = await check({ folder, github, number, now: () => now, log: () => undefined });
  expect(simulator.unknown).toEqual([]);
  return { outcome, plan: simulator.pull(number).comments.at(-1)?.body, world, number };
}

const messages = ({ failures }: Outcome) => failures.map(({ message }) => message);
const request = 'patchbot/firefox/2.0';

describe('the check of a promotion request', () => {
  it('passes exactly what PatchBot would propose, and writes no comment', async () => {
    const { outcome, plan } = await checked({ 'state/firefox.yaml': changed(approved) }, request);
    expect(messages(outcome)).toEqual([]);
    expect(outcome.rows).toMatchObject([
      { slug: 'firefox', version: '2.0', text: 'this is exactly what PatchBot proposes' },
    ]);
    expect(plan).toBeUndefined();
  });

  it('passes it while main has moved on in the same file', async () => {
    const { outcome } = await checked(
      { 'state/firefox.yaml': changed(approved) },
      request,
      ({ simulator }) =>
        simulator.people.commit('bea', 'Hold', {
          'state/firefox.yaml': changed(placeHold({ reason: 'why', by: 'bea', since: day })),
        }),
    );
    expect(messages(outcome)).toEqual([]);
  });

  it('passes an emergency of the newest package', async () => {
    const emergency = { by: 'anna', reason: 'CVE-2026-1' };
    const text = changed(approve({ package: newer, definition: version('3.0 (71)'), emergency }));
    const { outcome } = await checked({ 'state/firefox.yaml': text }, 'patchbot/firefox/3.0');
    expect(messages(outcome)).toEqual([]);
  });

  it('passes a rollback that PatchBot asks for, and none that says more', async () => {
    const held = placeHold({ version: version('1.0'), reason: 'why', by: 'bea', since: day });
    const text = changed((before) => held(takeBack(version('1.0'))(before)));
    const branch = 'patchbot/rollback.firefox/12345678';
    const exact = await checked({ 'state/firefox.yaml': text }, branch);
    expect(messages(exact.outcome)).toEqual([]);
    const more = await checked({ 'state/firefox.yaml': `${text}# And this.\n` }, branch);
    expect(messages(more.outcome).join()).toContain('says more than the rollback to 0.9');
  });

  it.each<[string, Readonly<Record<string, string | null>>, string]>([
    [
      'changes another file, too',
      { 'state/firefox.yaml': changed(approved), 'actions/build/action.yml': 'name: mine\n' },
      'this one changes actions/build/action.yml',
    ],
    [
      'promotes another package of that version',
      {
        'state/firefox.yaml': changed(
          approve({ package: { ...tested, digest: newer.digest }, definition: version('2.0') }),
        ),
      },
      'neither the package in test (2.0, Firefox-2.0.pkg)',
    ],
    [
      'promotes what was not tested',
      { 'state/firefox.yaml': changed(approve({ package: newer, definition: version('3.0') })) },
      'production would be 3.0',
    ],
    [
      'aims at another patch definition',
      { 'state/firefox.yaml': changed(approve({ package: tested, definition: version('3.0') })) },
      'production would be 2.0',
    ],
    [
      'says that it was tested longer than it was',
      {
        'state/firefox.yaml': changed(
          approve({
            package: tested,
            definition: version('2.0'),
            tested: day.subtract({ days: 30 }),
          }),
        ),
      },
      'production would be 2.0',
    ],
    [
      'calls an emergency what is neither built nor in test',
      {
        'state/firefox.yaml': changed(
          approve({ package: older, emergency: { by: 'anna', reason: 'now' } }),
        ).replace('"1.0"', '"1.1"'),
      },
      'an emergency would promote',
    ],
    [
      'takes out a note of somebody',
      { 'state/firefox.yaml': changed(approved).replace("# A person's note.\n", '') },
      'says more than the approval of 2.0',
    ],
    [
      'backdates the test along with it',
      { 'state/firefox.yaml': changed(approved).replace('since: 2026-09-07', 'since: 2026-08-07') },
      'says more than the approval of 2.0',
    ],
    ['deletes the state', { 'state/firefox.yaml': null }, 'this one changes state/firefox.yaml'],
    ['approves nothing', { 'state/firefox.yaml': `${stateText}# Hi.\n` }, 'it approves no version'],
  ])('fails one that %s', async (_, files, words) => {
    const { outcome } = await checked(files, request);
    expect(messages(outcome).join('\n')).toContain(words);
  });
});

describe('the check of a catalog change', () => {
  it('fails for a recipe that no override has, and lets be what was so before', async () => {
    const pin = `repos:\n  - url: https://github.com/autopkg/recipes\n    commit: ${'a'.repeat(40)}\n`;
    const { outcome } = await checked(
      {
        'recipes/titles/firefox.yaml': seed['recipes/titles/firefox.yaml'].replace(
          'firefox.pkg',
          'Fierfox.pkg',
        ),
      },
      'typo',
      undefined,
      {
        ...seed,
        'recipes/repos.yaml': pin,
        'recipes/overrides/firefox.pkg.recipe.yaml':
          'Identifier: local.firefox\nParentRecipe: up\n',
      },
    );
    expect(messages(outcome)).toEqual([
      expect.stringContaining(
        'there is no override Fierfox.pkg in recipes/overrides: did you mean firefox.pkg?',
      ),
    ]);
  });

  it('shows what the next runs would do differently, and edits that comment when asked again', async () => {
    const files = {
      'recipes/titles/firefox.yaml': `${seed['recipes/titles/firefox.yaml']}soak: 1 day\n`,
      'recipes/titles/zoom.yaml': 'recipe: zoom.pkg\npatch: "Zoom | <b>@all</b>"\ncategory: Apps\n',
      'recipes/titles/slack.yaml': null,
    };
    const { outcome, plan, world, number } = await checked(files);
    expect(messages(outcome)).toEqual([]);
    expect(plan).toContain('soak: 7 days, now 1 day');
    expect(plan).toContain('| Firefox |');
    expect(plan).toContain('_(new)_');
    expect(plan).toContain('_(gone:');
    expect(plan).toContain('&#124; &lt;b&gt;@&#8203;all');
    const folder = folders[0] ?? '';
    await check({ folder, github: world.github, number, now: () => now, log: () => undefined });
    expect(world.simulator.pull(number).comments).toHaveLength(1);
  });

  it('says of each condition of a promotion that this waits for none, once, and so it can be required', async () => {
    const { world, number } = await checked({ 'README.md': 'Hi\n' });
    const said = world.simulator.statuses.map(({ context, state }) => `${context} ${state}`);
    expect(said).toEqual(
      ['soak', 'gate', 'hold', 'window'].map((name) => `patchbot/${name} success`),
    );
    expect(world.simulator.statuses[0]?.sha).toBe(world.simulator.pull(number).head_sha);
  });

  it('points at the line that is wrong', async () => {
    const { outcome } = await checked({
      'recipes/titles/firefox.yaml':
        'recipe: firefox.pkg\npatch: Firefox\ncategory: Apps\nsaok: 1\n',
    });
    expect(outcome.failures).toMatchObject([
      { file: 'recipes/titles/firefox.yaml', line: 4, column: 1 },
    ]);
  });

  it('does not hold against it what was wrong before', async () => {
    const { outcome, plan } = await checked(
      { 'recipes/titles/firefox.yaml': `${seed['recipes/titles/firefox.yaml']}soak: 1 day\n` },
      'a-change',
      undefined,
      { ...seed, 'recipes/titles/slack.yaml': 'saok: 1\n' },
    );
    expect(messages(outcome)).toEqual([]);
    expect(plan).toContain('soak: 7 days, now 1 day');
  });

  it('says that nothing can be told when patchbot.yaml cannot be read', async () => {
    const { outcome, plan } = await checked({ 'recipes/patchbot.yaml': 'time-zone: Mars\n' });
    expect(messages(outcome).join()).toContain('no such time zone');
    expect(plan).toContain('once the errors are mended');
  });

  it('warns when the schedules keep another time than recipes/patchbot.yaml', async () => {
    const { outcome } = await checked({ 'recipes/patchbot.yaml': 'time-zone: Asia/Tokyo\n' });
    expect(outcome.rows).toContainEqual(
      expect.objectContaining({ did: 'warned', title: '.github/workflows/daily.yml' }),
    );
  });

  it('says nothing of a change that touches neither recipes nor state', async () => {
    const { outcome, plan } = await checked({ 'README.md': 'Hello\n' });
    expect(outcome.rows).toEqual([]);
    expect(plan).toBeUndefined();
  });
});

describe('the check of a change that a person makes in state/', () => {
  it('shows a hold in the plan', async () => {
    const text = changed(placeHold({ reason: 'macros crash', by: 'anna', since: day }));
    const { outcome, plan } = await checked({ 'state/firefox.yaml': text });
    expect(messages(outcome)).toEqual([]);
    expect(plan).toContain('macros crash');
  });

  it('passes a rollback to what production was before', async () => {
    const text = changed((before) => {
      const { previous, ...rest } = before;
      return { ...rest, ...(previous && { production: previous }) };
    });
    const { outcome } = await checked({ 'state/firefox.yaml': text }, 'revert-1-patchbot');
    expect(messages(outcome)).toEqual([]);
    expect(outcome.rows).toContainEqual(
      expect.objectContaining({ text: 'merging this rolls it back', version: '0.9' }),
    );
  });

  it('fails a promotion of what was not tested', async () => {
    const text = changed(approve({ package: newer, definition: version('3.0') }));
    const { outcome } = await checked({ 'state/firefox.yaml': text });
    expect(messages(outcome).join()).toContain('PatchBot would not propose it');
  });

  it('fails a promotion past its soak, though it is of what is in test', async () => {
    const { outcome } = await checked({ 'state/firefox.yaml': changed(approved) });
    expect(messages(outcome).join()).toContain('past its soak');
  });

  it('fails a file that does not parse, at its line', async () => {
    const { outcome } = await checked({ 'state/firefox.yaml': `${stateText}hold: yes\n` });
    expect(outcome.failures).toMatchObject([{ file: 'state/firefox.yaml' }]);
  });

  it('fails the state of a title that there is not', async () => {
    const { outcome } = await checked({ 'state/nobody.yaml': 'schema: 1\n' });
    expect(messages(outcome).join()).toContain('there is no title nobody');
  });

  it('takes a start of a test for what it is', async () => {
    const text = changed(startTest(newer, definition('3.0'), day));
    const { outcome } = await checked({ 'state/firefox.yaml': text });
    expect(messages(outcome)).toEqual([]);
  });
});
