import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecipes } from '../../src/recipes/read.ts';
import { readImport, writeImport } from '../../src/setup/import/import.ts';
import { importText } from '../../src/setup/import/text.ts';
import { override, prod, ptch, recipe } from './import-recipes.ts';

let dir: string;
const repository = () => join(dir, 'repository');
const other = () => join(dir, 'other');

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-import-'));
  await write(repository(), { 'recipes/patchbot.yaml': 'time-zone: Europe/Zurich\n' });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function imported(files: Readonly<Record<string, string>>) {
  await write(other(), files);
  return readImport([other()], repository());
}

async function titleOf(files: Readonly<Record<string, string>>) {
  const plan = await imported(files);
  await writeImport(plan, repository());
  const { titles, problems } = await readRecipes(repository());
  expect(problems).toEqual([]);
  const [title, ...more] = titles;
  expect(more).toEqual([]);
  if (!title) throw new Error(`no title was made: ${JSON.stringify(plan)}`);
  return { title, plan };
}

/** A whole original PatchBot for Firefox. */
const firefox = {
  'packages.txt': 'Firefox.pkg\n',
  'patch.txt': 'Firefox.ptch\n',
  'production.txt': 'Firefox.prod\n',
  'Firefox.ptch.recipe': ptch({ package: 'Firefox', patch: 'Mozilla Firefox' }),
  'Firefox.prod.recipe': prod({
    package: 'Firefox',
    patch: 'Mozilla Firefox',
    delta: 3,
    deadline: 2,
  }),
  'overrides/Firefox.pkg.recipe': override('com.github.autopkg.pkg.Firefox_EN', { LOCALE: 'de' }),
};

describe('importing an original PatchBot', () => {
  it('makes a title of a .ptch and a .prod recipe, with the days that they say', async () => {
    const { title } = await titleOf(firefox);
    expect(title).toMatchObject({
      slug: 'mozilla-firefox',
      name: 'Mozilla Firefox',
      recipe: 'Firefox.pkg',
      patch: 'Mozilla Firefox',
      category: 'Applications',
      rings: [{ policy: 'Mozilla Firefox Test', soak: { days: 3, kind: 'days' } }],
      deadline: { test: 3, production: 2 },
      policies: {
        production: 'Mozilla Firefox Stable',
        install: 'Install Firefox',
      },
    });
  });

  it('copies the override as it is, with its trust info', async () => {
    await titleOf(firefox);
    const copied = await readFile(
      join(repository(), 'recipes/overrides/Firefox.pkg.recipe'),
      'utf8',
    );
    expect(copied).toBe(firefox['overrides/Firefox.pkg.recipe']);
  });

  it('writes only what differs from the settings', async () => {
    await write(repository(), {
      'recipes/patchbot.yaml':
        'time-zone: Europe/Zurich\nsoak: 3 days\ndeadline: {production: 2}\n',
    });
    const plan = await imported(firefox);
    const text = plan.writes.find(({ path }) => path.startsWith('recipes/titles/'))?.text;
    expect(text?.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'recipe: Firefox.pkg',
      'patch: Mozilla Firefox',
      'category: Applications',
      'policies:',
      '  install: Install Firefox',
      '',
    ]);
  });

  it('takes the package for the patch title where none is named', async () => {
    const { title } = await titleOf({
      'packages.txt': 'Slack.pkg\n',
      'Slack.prod.recipe': prod({ package: 'Slack' }),
    });
    expect(title).toMatchObject({ patch: 'Slack', policies: { install: 'Install Slack' } });
  });

  it('keeps "none" for what has no patch title, and its install policy', async () => {
    const { title } = await titleOf({
      'packages.txt': 'Fonts.pkg\n',
      'Fonts.prod.recipe': prod({ package: 'Fonts', patch: 'None' }),
    });
    expect(title).toMatchObject({
      patch: 'none',
      name: 'Fonts',
      policies: { install: 'Install Fonts' },
    });
  });

  it.each([
    [-1, 0],
    [0, 7],
    [14, 14],
  ])('reads a delta of %d as the original did: %d days in test', async (delta, days) => {
    const { title } = await titleOf({
      'packages.txt': 'Slack.pkg\n',
      'Slack.prod.recipe': prod({ package: 'Slack', delta }),
    });
    expect(title.rings[0].soak.days).toBe(days);
  });

  it('reads the defaults that somebody changed in Production.py', async () => {
    const { title, plan } = await titleOf({
      'packages.txt': 'Slack.pkg\n',
      'Slack.prod.recipe': prod({ package: 'Slack' }),
      'Production.py': 'import x\nDEFAULT_DELTA = 10\nDEFAULT_DEADLINE = 5\n',
    });
    expect(title).toMatchObject({ rings: [{ soak: { days: 10 } }], deadline: { production: 5 } });
    expect(plan.notes.map(({ file }) => file)).toContain('Production.py');
  });

  it('takes days and hours from a recipe that builds, tests and promotes in one', async () => {
    const { title } = await titleOf({
      'Dropbox.jpci.recipe': recipe({
        identifier: 'com.example.jpci.dropbox',
        parent: 'com.github.autopkg.pkg.dropbox',
        input: { PACKAGE: 'Dropbox', DAYS: '5', WEEKDAYS: '03' },
        process: [
          ['com.honestpuck.PatchBot/JPCImporter', { pkg_path: '%pkg_path%' }],
          ['com.honestpuck.PatchBot/PatchManager', { package: '%PACKAGE%' }],
          [
            'com.honestpuck.PatchBot/Production',
            {
              package: '%PACKAGE%',
              min_days_until_prod: '%DAYS%',
              prod_weekdays: '%WEEKDAYS%',
              prod_not_before: '07:00',
              prod_not_after: '17:00',
            },
          ],
        ],
      }),
    });
    expect(title).toMatchObject({
      recipe: 'com.github.autopkg.pkg.dropbox',
      rings: [{ soak: { days: 5 } }],
    });
    expect(title.windows.map(({ weekday, from, to }) => `${weekday} ${from} ${to}`)).toEqual([
      '1 07:00:00 17:00:00',
      '4 07:00:00 17:00:00',
    ]);
  });

  it('lets at rest what its lists did not run', async () => {
    const plan = await imported({ ...firefox, 'patch.txt': 'Slack.ptch\n' });
    expect(plan.writes).toEqual([]);
    expect(plan.left).toContainEqual({
      file: 'Firefox.prod.recipe',
      text: expect.stringContaining('patch.txt does not run Firefox.ptch'),
    });
  });

  it('says of what never left test that it would now be proposed', async () => {
    const { plan } = await titleOf({ ...firefox, 'production.txt': 'Slack.prod\n' });
    expect(plan.notes).toContainEqual({
      file: 'Firefox.prod.recipe',
      text: expect.stringContaining('never left test'),
    });
  });

  it('tells each package that nothing moves on, and each recipe that contradicts another', async () => {
    const plan = await imported({
      ...firefox,
      'packages.txt': '# browsers\nFirefox.pkg\nZoom.pkg\n',
      'Firefox.ptch.recipe': ptch({ package: 'Firefox', patch: 'Firefox' }),
    });
    expect(plan.left.map(({ file, text }) => `${file}: ${text}`)).toEqual([
      expect.stringMatching(/^Firefox.ptch.recipe: .*"Firefox", but .* says "Mozilla Firefox"/),
      expect.stringMatching(/^packages.txt: Zoom.pkg is built, but/),
    ]);
  });

  it('tells a title whose package nobody builds', async () => {
    const plan = await imported({ 'Slack.prod.recipe': prod({ package: 'Slack' }) });
    expect(plan.writes).toEqual([]);
    expect(plan.left).toEqual([
      { file: 'Slack.prod.recipe', text: expect.stringContaining('no recipe builds its package') },
    ]);
  });
});

/** A .jamf recipe as JamfUploader's users write them. */
const jamfRecipe = `
Identifier: com.example.jamf.Firefox
ParentRecipe: com.github.autopkg.pkg.Firefox_EN
Input:
  NAME: Firefox
  CATEGORY: Browsers
  POLICY_NAME: Install Latest %NAME%
  PATCH_SOFTWARE_TITLE: Mozilla %NAME%
Process:
  - Processor: com.github.grahampugh.jamf-upload.processors/JamfCategoryUploader
    Arguments: {category_name: '%CATEGORY%'}
  - Processor: com.github.grahampugh.jamf-upload.processors/JamfPackageUploader
    Arguments: {pkg_category: '%CATEGORY%'}
  - Processor: StopProcessingIf
    Arguments: {predicate: pkg_uploaded == False}
  - Processor: com.github.grahampugh.jamf-upload.processors/JamfComputerGroupUploader
    Arguments: {computergroup_name: '%NAME%-update-smart'}
  - Processor: com.github.grahampugh.jamf-upload.processors/JamfPolicyUploader
    Arguments: {policy_name: '%POLICY_NAME%', policy_template: Policy.xml}
  - Processor: com.github.grahampugh.jamf-upload.processors/JamfPatchUploader
    Arguments: {patch_softwaretitle: '%PATCH_SOFTWARE_TITLE%', patch_name: '%NAME% - %version%'}
`;

describe('importing a JamfUploader setup', () => {
  it('makes a title of a .jamf recipe, with the recipe that builds its package', async () => {
    const { title, plan } = await titleOf({ 'Firefox.jamf.recipe.yaml': jamfRecipe });
    expect(title).toMatchObject({
      slug: 'mozilla-firefox',
      recipe: 'com.github.autopkg.pkg.Firefox_EN',
      patch: 'Mozilla Firefox',
      category: 'Browsers',
      policies: { install: 'Install Latest Firefox' },
    });
    expect(plan.notes.map(({ text }) => text)).toEqual([
      expect.stringContaining('its patch policy "Firefox - %version%" is replaced by two'),
      expect.stringContaining('JamfComputerGroupUploader: PatchBot makes no groups'),
      expect.stringContaining('there is no override of it here'),
    ]);
  });

  it('reads an override of a .jamf recipe, and what it says wins', async () => {
    const { title, plan } = await titleOf({
      'recipes/Firefox.jamf.recipe.yaml': jamfRecipe,
      'overrides/Firefox.jamf.recipe': override('com.example.jamf.Firefox', {
        CATEGORY: 'Web',
        POLICY_NAME: 'Firefox aktuell',
        LOCALE: 'de',
      }),
      'overrides/Firefox.pkg.recipe': override('com.github.autopkg.pkg.Firefox_EN'),
    });
    expect(title).toMatchObject({
      recipe: 'Firefox.pkg',
      category: 'Web',
      policies: { install: 'Firefox aktuell' },
    });
    expect(plan.notes.map(({ text }) => text).join('\n')).toMatch(
      /carry over its inputs.*: LOCALE/,
    );
    expect(plan.writes.map(({ path }) => path)).toContain('recipes/overrides/Firefox.pkg.recipe');
  });

  it('moves the policy alone where there is no patch title', async () => {
    const { title } = await titleOf({
      'Fonts.jamf.recipe': recipe({
        identifier: 'com.example.jamf.fonts',
        parent: 'com.example.pkg.fonts',
        input: { NAME: 'Fonts' },
        process: [
          [
            'com.github.grahampugh.jamf-upload.processors/JamfPackageUploader',
            { pkg_category: 'Fonts' },
          ],
          [
            'com.github.grahampugh.jamf-upload.processors/JamfPolicyUploader',
            { policy_name: 'Fonts' },
          ],
        ],
      }),
    });
    expect(title).toMatchObject({ patch: 'none', name: 'Fonts', policies: { install: 'Fonts' } });
  });

  it('makes nothing of a recipe that only uploads, and says what is missing', async () => {
    const plan = await imported({
      'VLC.jamf.recipe': recipe({
        identifier: 'com.example.jamf.vlc',
        parent: 'com.github.autopkg.pkg.VLC',
        process: [
          [
            'com.github.grahampugh.jamf-upload.processors/JamfPackageUploader',
            { pkg_category: 'Media' },
          ],
        ],
      }),
    });
    expect(plan.writes).toEqual([]);
    expect(plan.left).toEqual([
      { file: 'VLC.jamf.recipe', text: expect.stringContaining('which patch title or policy') },
    ]);
  });
});

describe('an import', () => {
  it('writes nothing until it is asked to, and then never over a file', async () => {
    await write(other(), firefox);
    const plan = await readImport([other()], repository());
    expect(await readdir(join(repository(), 'recipes'))).toEqual(['patchbot.yaml']);
    await write(repository(), { 'recipes/titles/mozilla-firefox.yaml': 'mine\n' });
    const { written, there } = await writeImport(plan, repository());
    expect(written.map(({ path }) => path)).toEqual(['recipes/overrides/Firefox.pkg.recipe']);
    expect(there.map(({ path }) => path)).toEqual(['recipes/titles/mozilla-firefox.yaml']);
    const mine = await readFile(join(repository(), 'recipes/titles/mozilla-firefox.yaml'), 'utf8');
    expect(mine).toBe('mine\n');
  });

  it('has nothing to do the second time', async () => {
    await writeImport(await imported(firefox), repository());
    expect((await readImport([other()], repository())).writes).toEqual([]);
  });

  it('makes no second title of what another moves already', async () => {
    await write(repository(), {
      'recipes/titles/browser.yaml': 'recipe: A.pkg\npatch: Mozilla Firefox\ncategory: Web\n',
    });
    const plan = await imported(firefox);
    expect(plan.writes).toEqual([]);
    expect(plan.kept).toEqual([
      { file: 'recipes/titles/browser.yaml', text: expect.stringContaining('moves the same') },
    ]);
  });

  it('copies no override that may hold a secret, and shows its value nowhere', async () => {
    const plan = await imported({
      ...firefox,
      'overrides/Firefox.pkg.recipe': override('com.github.autopkg.pkg.Firefox_EN', {
        LICENSE_KEY: 'hunter2',
      }),
      'com.github.autopkg.plist': recipe({ input: { API_PASSWORD: 'hunter2' } }),
    });
    expect(plan.left.map(({ text }) => text).join('\n')).toContain('its LICENSE_KEY may be secret');
    expect(JSON.stringify(plan)).not.toContain('hunter2');
  });

  it('says of each file that can not be read why, and reads the others', async () => {
    const { plan } = await titleOf({
      ...firefox,
      'Broken.prod.recipe': '<plist><dict>',
      'Binary.prod.recipe': 'bplist00…',
      'List.prod.recipe.yaml': 'a: [1',
      'Text.prod.recipe.yaml': 'hello',
    });
    expect(Object.fromEntries(plan.left.map(({ file, text }) => [file, text]))).toEqual({
      'Broken.prod.recipe': 'it is no whole property list in XML',
      'Binary.prod.recipe': expect.stringContaining('convert it first'),
      'List.prod.recipe.yaml': expect.stringContaining('it is no YAML'),
      'Text.prod.recipe.yaml': expect.stringContaining('it is no AutoPkg recipe'),
    });
  });

  it('makes nothing of names that would leave the folder, break the file or the terminal', async () => {
    const plan = await imported({
      'packages.txt': 'a.pkg\n',
      'a.ptch.recipe': ptch({ package: 'a', patch: '../../etc/passwd' }),
      'b.ptch.recipe': ptch({ package: 'b', patch: 'x: {y}&#10;recipe: evil' }),
      'b.pkg.recipe': override('com.example.pkg.b'),
      'c.ptch.recipe': ptch({ package: 'c', patch: '———' }),
      'c.pkg.recipe': override('com.example.pkg.c'),
    });
    expect(plan.writes.map(({ path }) => path)).toEqual(['recipes/titles/etc-passwd.yaml']);
    expect(plan.left.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('no title can be made of it'),
        expect.stringContaining('no file name can be made'),
      ]),
    );
    const text = importText(plan, { done: 'nothing' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in it.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it('does not follow links out of the folder', async () => {
    await write(dir, { 'secret.ptch.recipe': ptch({ package: 'Secret' }) });
    await mkdir(other(), { recursive: true });
    await symlink(join(dir, 'secret.ptch.recipe'), join(other(), 'Secret.ptch.recipe'));
    const plan = await readImport([other()], repository());
    expect(plan).toMatchObject({ writes: [], left: [], notes: [] });
  });

  it('shows what it would write, and says the same of many files once', async () => {
    const plan = await imported({
      ...firefox,
      'Slack.download.recipe': recipe({ identifier: 'a', process: [] }),
      'Zoom.download.recipe': recipe({ identifier: 'b', process: [] }),
    });
    expect(importText(plan, { done: 'nothing' })).toBe(`Would be written
  recipes/titles/mozilla-firefox.yaml  (from Firefox.prod.recipe, Firefox.ptch.recipe)
      recipe: Firefox.pkg
      patch: Mozilla Firefox
      category: Applications
      policies:
        install: Install Firefox
      soak: 3 days
      deadline:
        production: 2
  recipes/overrides/Firefox.pkg.recipe  (from overrides/Firefox.pkg.recipe)

Could not be carried over
  a recipe of its own: PatchBot runs recipes from the repositories in recipes/repos.yaml:
      Slack.download.recipe
      Zoom.download.recipe

2 files would be written: to write them, add --write.
`);
  });

  it('names files by their paths in the folder, however the folder is written', async () => {
    const plan = await imported({
      'a/Slack.download.recipe': recipe({ identifier: 'a', process: [] }),
    });
    const asHere = await readImport([relative(process.cwd(), other())], repository());
    expect(plan.left.map(({ file }) => file)).toEqual(['a/Slack.download.recipe']);
    expect(asHere.left).toEqual(plan.left);
    const here = process.cwd();
    try {
      process.chdir(other());
      expect((await readImport(['.'], repository())).left).toEqual(plan.left);
    } finally {
      process.chdir(here);
    }
  });

  it('takes a command that somebody wrote down for no recipe', async () => {
    const plan = await imported({
      'command.txt': 'autopkg run -q -vvv --report-plist report.plist Firefox.pkg\n',
    });
    expect(plan).toMatchObject({ writes: [], left: [], notes: [], passedOver: 1 });
  });

  it('says plainly that it found nothing, or nothing more', async () => {
    const nothing = importText(await imported({ 'notes.txt': 'Hello\n' }), { done: 'nothing' });
    expect(nothing).toMatch(/Nothing was found that could be imported: name the folders/);
    await writeImport(await imported(firefox), repository());
    const again = importText(await readImport([other()], repository()), { done: 'nothing' });
    expect(again).toMatch(/Nothing is left to write/);
  });
});
