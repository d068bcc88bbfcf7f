import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
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
  it('has its name letter by letter in the names of its policies', async () => {
    const name = "A$$B $& $' $1";
    const { titles } = await read({
      'recipes/titles/a.yaml': `recipe: A.pkg\npatch: ${JSON.stringify(name)}\ncategory: Apps\n`,
    });
    expect(titles[0]?.policies).toMatchObject({
      production: `${name} Stable`,
      install: `Install ${name}`,
    });
    expect(titles[0]?.rings[0]?.policy).toBe(`${name} Test`);
  });

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
      keep: { versions: 3, days: 30 },
      tags: [],
    });
    expect(firefox?.rings).toEqual([
      { name: 'test', soak: { days: 7, kind: 'days' }, policy: 'Mozilla Firefox Test' },
    ]);
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
      rings: [{ name: 'test', soak: { days: 5, kind: 'working days' }, policy: 'T Firefox' }],
      approval: 'auto',
      deadline: { test: 1, production: 2 },
      policies: { production: 'Firefox Stable', install: 'none' },
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

describe('a tag', () => {
  const all = [
    'time-zone: Europe/Zurich',
    'soak: 7 days',
    'approval: review',
    'deadline: {test: 5, production: 9}',
    'tags:',
    '  browsers:',
    '    soak: 3 days',
    '    approval: auto',
    '    deadline: {test: 1}',
    '    freezes: [{from: 2026-11-01, to: 2026-11-02, reason: audit}]',
    '  critical:',
    '    soak: 14 days',
    '    patience: 2 days',
    'freezes:',
    '  - {from: 2026-12-24, to: 2026-12-31, reason: Christmas}',
    '  - {from: 2026-12-01, to: 2026-12-02, reason: election, tags: [browsers]}',
    '  - {from: 2026-12-03, to: 2026-12-04, reason: fair, titles: [zoom]}',
    '',
  ].join('\n');
  const files = {
    'recipes/patchbot.yaml': all,
    'recipes/titles/firefox.yaml': `${three}tags: [browsers, critical]\ndeadline: {production: 2}\n`,
    'recipes/titles/zoom.yaml': 'recipe: Zoom.pkg\npatch: Zoom\ncategory: Apps\n',
  };

  it('gives its titles settings: the title counts before its tags, the first tag before the next, all last', async () => {
    const { titles, problems } = await read(files);
    expect(problems).toEqual([]);
    const [firefox, zoom] = titles;
    expect(firefox).toMatchObject({
      tags: ['browsers', 'critical'],
      rings: [{ soak: { days: 3 } }],
      approval: 'auto',
      patience: 2,
      deadline: { test: 1, production: 2 },
    });
    expect(zoom).toMatchObject({
      tags: [],
      rings: [{ soak: { days: 7 } }],
      approval: 'review',
      patience: 14,
      deadline: { test: 5, production: 9 },
    });
  });

  it('has its freezes, as all titles have theirs, and some by name', async () => {
    const { titles } = await read(files);
    expect(titles.map(({ freezes }) => freezes.map(({ reason }) => reason))).toEqual([
      ['Christmas', 'election', 'audit'],
      ['Christmas', 'fair'],
    ]);
  });

  it('or a title that nobody has is told: a freeze of it would be none', async () => {
    const { 'recipes/titles/zoom.yaml': _, ...others } = files;
    const wrong = { ...others, 'recipes/titles/firefox.yaml': `${three}tags: [browser]\n` };
    const { problems, titles } = await read(wrong);
    expect(titles).toHaveLength(1);
    expect(problems).toEqual([
      expect.stringMatching(
        /^recipes\/patchbot\.yaml:16:65: no title has the tag "browsers": give it to those that are meant \("tags: \[browsers\]" in their files\), or delete it here$/,
      ),
      expect.stringMatching(
        /^recipes\/patchbot\.yaml:17:63: there is no recipes\/titles\/zoom\.yaml/,
      ),
      expect.stringMatching(/^recipes\/patchbot\.yaml:7:5: no title has the tag "browsers"/),
      expect.stringMatching(/^recipes\/patchbot\.yaml:12:5: no title has the tag "critical"/),
    ]);
  });

  it('may belong to a title whose file is broken just now', async () => {
    const broken = { ...files, 'recipes/titles/firefox.yaml': 'tags: [browsers\n' };
    const { problems } = await read(broken);
    expect(problems.filter((one) => one.includes('no title has the tag'))).toEqual([]);
  });
});

describe('rings', () => {
  const withRings = (more: string, settingsMore = '') => ({
    'recipes/patchbot.yaml': `time-zone: Europe/Zurich\n${settingsMore}`,
    'recipes/titles/firefox.yaml': `${three}${more}`,
  });

  it('are named in order, each with its soak, and each has its patch policy', async () => {
    const { titles, problems } = await read(
      withRings('rings: [pilot 2 days, early 5 working days]\n'),
    );
    expect(problems).toEqual([]);
    expect(titles[0]?.rings).toEqual([
      { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'Mozilla Firefox Pilot' },
      { name: 'early', soak: { days: 5, kind: 'working days' }, policy: 'Mozilla Firefox Early' },
    ]);
  });

  it('may be those of all titles; a title that has a soak of its own has one ring', async () => {
    const all = "rings: [pilot 2 days, early 5 days]\nnames: {test: '{title} {ring} (test)'}\n";
    const { titles } = await read({
      ...withRings('', all),
      'recipes/titles/zoom.yaml': 'recipe: Z.pkg\npatch: Zoom\ncategory: Apps\nsoak: 1 day\n',
    });
    expect(titles.map(({ rings }) => rings.map(({ policy }) => policy))).toEqual([
      ['Mozilla Firefox pilot (test)', 'Mozilla Firefox early (test)'],
      ['Zoom test (test)'],
    ]);
  });

  it('may have policies with names of their own', async () => {
    const { titles } = await read(
      withRings('rings: [pilot 2 days, early 5 days]\npolicies: {rings: {early: Firefox B}}\n'),
    );
    expect(titles[0]?.rings.map(({ policy }) => policy)).toEqual([
      'Mozilla Firefox Pilot',
      'Firefox B',
    ]);
  });

  it.each([
    ['rings: [pilot 2 days]\nsoak: 1 day\n', '5:7: firefox: write either "soak" or "rings"'],
    ['rings: [pilot]\n', '4:9: firefox: write a ring as its name and its soak'],
    ['rings: [Pilot 2 days]\n', '4:9: firefox: write a ring as its name and its soak'],
    ['rings: [pilot 900 days]\n', '4:9: firefox: a soak must not be longer than 366 days'],
    ['rings: [a 0, b 2 days]\n', '4:8: firefox: a ring that another one follows must soak'],
    ['rings: []\n', '4:8: firefox: name at least one ring'],
    ['rings: [a 1 day, a 2 days]\n', '4:8: firefox: a ring is there twice'],
    [
      'rings: [a 1 day, b 2 days]\npolicies: {test: X}\n',
      '5:18: firefox: the title has the rings a, b: name the patch policy of each under "rings"',
    ],
    [
      'rings: [a 1 day, b 2 days]\npolicies: {rings: {c: X}}\n',
      '5:23: firefox: the title has no ring "c": its rings are a, b',
    ],
    [
      'rings: [a 1 day, b 2 days]\npolicies: {rings: {a: X, b: X}}\n',
      '5:11: firefox: two of its rings have the patch policy "X"',
    ],
  ])('are refused when they make no sense: %j', async (more, message) => {
    const { problems } = await read(withRings(more));
    expect(problems[0]).toContain(`recipes/titles/firefox.yaml:${message}`);
  });

  it('must not all have one patch policy, by a template that leaves the ring out', async () => {
    const { problems } = await read(
      withRings('rings: [a 1 day, b 2 days]\n', "names: {test: '{title} Test'}\n"),
    );
    expect(problems[0]).toContain(
      'two of its rings have the patch policy "Mozilla Firefox Test": write {ring} into',
    );
  });
});

describe('a pin, a halt, what is kept, and limits', () => {
  it('are read', async () => {
    const { titles, settings } = await read({
      'recipes/patchbot.yaml':
        'time-zone: UTC\nhalt: Jamf Pro is being moved\nkeep: {versions: 5}\nlimits: {promotions: 10}\n',
      'recipes/titles/firefox.yaml': `${three}pin: 126.*\npin-reason: tax\nkeep: {days: 90}\n`,
      'recipes/titles/zoom.yaml':
        'recipe: Z.pkg\npatch: Zoom\ncategory: Apps\npin: n-1\npin-reason: caution\n',
    });
    expect(settings.promotions).toBe(10);
    expect(titles[0]).toMatchObject({
      halt: 'Jamf Pro is being moved',
      pin: { to: { kind: 'begins', with: '126' }, reason: 'tax' },
      keep: { versions: 5, days: 90 },
    });
    expect(titles[1]?.pin).toEqual({ to: { kind: 'behind' }, reason: 'caution' });
  });

  it.each([
    ['pin: 126\npin-reason: x\n', '4:6: firefox: write the pin in quotes'],
    ['pin: 126.10\npin-reason: x\n', '4:6: firefox: write the pin in quotes'],
    ['pin: "*"\npin-reason: x\n', '4:6: firefox: write the pin in quotes'],
    ['pin: "1*"\npin-reason: x\n', '4:6: firefox: write the pin in quotes'],
    ['pin: 126.*\n', '"pin-reason" is missing: write why the title is pinned'],
    ['keep: {versions: 0}\n', '4:18: firefox: keep at least one older version'],
    ['gate: {failure-rate: 101 %}\n', '4:22: firefox: write "failure-rate" in percent'],
  ])('are refused with what to write instead: %j', async (more, message) => {
    const { problems } = await read({ 'recipes/titles/firefox.yaml': `${three}${more}` });
    expect(problems[0]).toContain(message);
  });

  it('a gate may have a share of failures', async () => {
    const { titles } = await read({
      'recipes/titles/firefox.yaml': `${three}gate: {installs: 10, failure-rate: 2.5 %}\n`,
    });
    expect(titles[0]?.gate).toEqual({ installs: 10, failureRate: 2.5 });
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
