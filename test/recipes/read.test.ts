import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { soakText } from '../../src/lifecycle/soak.ts';
import { windowsText } from '../../src/lifecycle/window.ts';
import { readRecipes, SettingsError } from '../../src/recipes/read.ts';
import { problemText } from '../../src/yaml/checked.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-recipes-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const settings = { 'recipes/patchbot.yaml': 'time-zone: Europe/Zurich\n' };
const three = 'recipe: Firefox.pkg\npatch: Mozilla Firefox\ncategory: Browsers\n';

async function read(files: Readonly<Record<string, string>>) {
  const recipes = await readRecipes(await repository({ ...settings, ...files }));
  return { ...recipes, problems: recipes.problems.map(problemText) };
}

describe('a title', () => {
  it('needs three lines: everything else has a default', async () => {
    const { titles, problems } = await read({ 'recipes/titles/firefox.yaml': three });
    expect(problems).toEqual([]);
    const [firefox] = titles;
    expect(firefox).toMatchObject({
      slug: 'firefox',
      name: 'Mozilla Firefox',
      recipe: 'Firefox.pkg',
      patch: 'Mozilla Firefox',
      category: 'Browsers',
      policies: {
        test: 'Mozilla Firefox Test',
        production: 'Mozilla Firefox Stable',
        install: 'Install Mozilla Firefox',
      },
      freezes: [],
      gate: { installs: 0 },
      approval: 'review',
      newer: 'finish',
      patience: 14,
      deadline: { test: 3, production: 7 },
      escalateAfter: 3,
    });
    expect(firefox && soakText(firefox.soak)).toBe('7 days');
    expect(firefox && windowsText(firefox.windows, 'UTC')).toBe('Mon, Tue, Wed, Thu (UTC)');
  });

  it('takes what it does not say from patchbot.yaml, and says the rest itself', async () => {
    const { titles } = await read({
      'recipes/patchbot.yaml': [
        'time-zone: Europe/Zurich',
        'soak: 3 days',
        'approval: auto',
        'deadline: {test: 1, production: 5}',
        "names: {test: 'T {title}'}",
        'freezes: [{from: 2026-12-24, to: 2026-12-31, reason: Christmas}]',
        '',
      ].join('\n'),
      'recipes/titles/firefox.yaml': [
        `${three}name: Firefox`,
        'soak: 5 working days',
        'deadline: {production: 2}',
        'policies: {install: none}',
        'freezes: [{from: 2026-11-01, to: 2026-11-02, reason: audit}]',
        '',
      ].join('\n'),
    });
    expect(titles[0]).toMatchObject({
      name: 'Firefox',
      soak: { days: 5, kind: 'working days' },
      approval: 'auto',
      deadline: { test: 1, production: 2 },
      policies: { test: 'T Firefox', production: 'Firefox Stable', install: 'none' },
      freezes: [{ reason: 'Christmas' }, { reason: 'audit' }],
    });
  });

  it('without a patch title must have a name', async () => {
    const { problems } = await read({
      'recipes/titles/jq.yaml': 'recipe: jq.pkg\npatch: none\ncategory: Tools\n',
      'recipes/titles/zoom.yaml': 'recipe: Zoom.pkg\npatch: 42\ncategory: Tools\n',
    });
    expect(problems).toEqual([
      'recipes/titles/jq.yaml:1:1: jq: "name" is missing: "patch: none" names no application, so write the name that people know it by',
      'recipes/titles/zoom.yaml:1:1: zoom: "name" is missing: "patch: 42" names no application, so write the name that people know it by',
    ]);
  });

  it('that is broken stops itself alone', async () => {
    const { titles, problems } = await read({
      'recipes/titles/firefox.yaml': three,
      'recipes/titles/slack.yaml': 'recipe: Slack.pkg\npatch: *slack\n',
      'recipes/titles/Zoom Client.yaml': three,
    });
    expect(titles.map(({ slug }) => slug)).toEqual(['firefox']);
    expect(problems).toEqual([
      expect.stringMatching(
        /^recipes\/titles\/Zoom Client\.yaml:1:1: Zoom Client: rename the file/,
      ),
      expect.stringMatching(/^recipes\/titles\/slack\.yaml:1:1: slack: this is not YAML/),
    ]);
  });

  it('has its patch title and its install policy for itself', async () => {
    const { problems } = await read({
      'recipes/titles/firefox.yaml': three,
      'recipes/titles/firefox-esr.yaml': three,
    });
    expect(problems).toEqual([
      'recipes/titles/firefox.yaml:1:1: firefox: the patch title "Mozilla Firefox" already belongs to the title firefox-esr: delete one of the two files, or name another in this one',
      'recipes/titles/firefox.yaml:1:1: firefox: the install policy "Install Mozilla Firefox" already belongs to the title firefox-esr: delete one of the two files, or name another in this one',
    ]);
  });

  it('has one file: .yaml and .yml of the same name are told apart by nobody', async () => {
    const { titles, problems } = await read({
      'recipes/titles/firefox.yaml': three,
      'recipes/titles/firefox.yml': three.replace('Mozilla', 'Another'),
    });
    expect(titles.map(({ patch }) => patch)).toEqual(['Mozilla Firefox']);
    expect(problems).toEqual([
      'recipes/titles/firefox.yml:1:1: firefox: recipes/titles/firefox.yaml is of the same title: delete one of the two',
    ]);
  });
});

describe('patchbot.yaml', () => {
  it('that is missing is said, with what to do', async () => {
    const folder = await repository({ 'recipes/titles/firefox.yaml': three });
    await expect(readRecipes(folder)).rejects.toThrow(
      /^recipes\/patchbot\.yaml:1:1: there is no such file in .*"time-zone:"/,
    );
  });

  it('that is wrong stops everything, and says all that is wrong', async () => {
    const folder = await repository({ 'recipes/patchbot.yaml': 'time-zone: Mars\nsoak: long\n' });
    const error = await readRecipes(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as SettingsError).problems.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('that is no file is not called missing', async () => {
    const folder = await repository({ 'recipes/patchbot.yaml/x': '' });
    await expect(readRecipes(folder)).rejects.toThrow(/EISDIR/);
  });

  it('is enough: without any title there is nothing to do, and nothing wrong', async () => {
    expect(await read({})).toMatchObject({ titles: [], problems: [] });
  });
});
