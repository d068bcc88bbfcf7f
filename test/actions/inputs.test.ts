import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'actions');
const names = (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'main.ts')));

interface Metadata {
  readonly inputs: Readonly<Record<string, { description: string; default?: string }>>;
  readonly outputs: Readonly<Record<string, { description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

async function metadataOf(name: string): Promise<Metadata> {
  return parse(await readFile(join(folder, name, 'action.yml'), 'utf8'));
}

/** What the actions can't do without. */
const enough = {
  titles: 'firefox',
  reason: 'why',
  number: '1',
  comment: '1',
  'github-token': 'none',
};

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-inputs-'));
  const files = {
    'recipes/patchbot.yaml': 'time-zone: Europe/Zurich\n',
    'recipes/titles/firefox.yaml': 'recipe: Firefox.pkg\npatch: Firefox\ncategory: Apps\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
});

afterAll(() => rm(dir, { recursive: true, force: true }));

/** Runs an action that is not told its repository, and so ends before it asks anybody anything. */
async function inputsReadBy(name: string, inputs: Readonly<Record<string, string>> = {}) {
  const file = join(dir, `read-by-${name}`);
  const output = join(dir, `output-of-${name}`);
  for (const empty of [file, output]) await writeFile(empty, '');
  const env: Record<string, string> = {
    INPUTS_READ: file,
    GITHUB_WORKSPACE: dir,
    GITHUB_OUTPUT: output,
  };
  for (const [key, value] of Object.entries({ ...enough, ...inputs }))
    env[`INPUT_${key.toUpperCase()}`] = value;
  const args = [
    '--import',
    join(import.meta.dirname, 'recording-inputs.ts'),
    join(folder, name, 'main.ts'),
  ];
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { env }, (_error, stdout, stderr) => resolve(stdout + stderr)),
  );
  return { read: new Set((await readFile(file, 'utf8')).split('\n').filter(Boolean)), said };
}

describe.each(names)('the action %s', (name) => {
  it('reads the inputs that its action.yml names, no fewer and no more', async () => {
    const { read, said } = await inputsReadBy(name);
    expect(said).toMatch(/GITHUB_REPOSITORY|the address of Jamf Pro is missing/);
    const { inputs } = await metadataOf(name);
    expect([...read].toSorted()).toEqual(Object.keys(inputs).toSorted());
  });

  it('runs the bundle of that name on Node 24, and says what every input and output is', async () => {
    const { inputs, outputs, runs } = await metadataOf(name);
    expect(runs).toEqual({ using: 'node24', main: `../dist/${name}.js` });
    expect(Object.keys(outputs)).toEqual(['moved', 'failed', 'quiet']);
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)])
      expect(description).toMatch(/^\S.*\.$/);
  });
});

it('says the same of an input wherever an action has it', async () => {
  const said = new Map<string, Set<string>>();
  for (const name of names)
    for (const [input, about] of Object.entries((await metadataOf(name)).inputs)) {
      // The check has the workflow's own token, which is nobody's.
      if (name === 'check' && input === 'github-token') continue;
      // An emergency and a hold are for titles named one by one, and have reasons of their own.
      if (['titles', 'reason', 'mode'].includes(input)) continue;
      said.set(input, (said.get(input) ?? new Set()).add(JSON.stringify(about)));
    }
  expect([...said].filter(([, texts]) => texts.size > 1)).toEqual([]);
});

describe('an input that makes no sense', () => {
  it.each([
    ['hold', { do: 'hodl' }, 'the input "do" is "hodl": write hold or release'],
    ['hold', { until: '2026-13-01' }, 'the input "until" is "2026-13-01": there is no day'],
    ['hold', { until: 'Friday' }, 'write a date such as 2026-12-24'],
    [
      'comment',
      { comment: '1; id' },
      'the input "comment" is "1; id": write the number of a comment',
    ],
    ['emergency', { mode: 'drect' }, 'the input "mode" is "drect": write pull-request or direct'],
  ])('stops %s with %o before anything is done', async (name, inputs, words) => {
    expect((await inputsReadBy(name, inputs)).said).toContain(words);
  });
});
