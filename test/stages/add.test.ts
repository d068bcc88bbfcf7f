import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { add } from '../../src/stages/add.ts';
import type { Run } from '../../src/stages/run.ts';
import { downloadRecipe, plist } from '../autopkg/stamp-recipes.ts';
import { overridePath, startTrustingCompany, type TrustingCompany } from './trusting-company.ts';

let company: TrustingCompany;
beforeEach(async () => {
  company = await startTrustingCompany();
  // Nobody looks after it yet.
  await company.github.people.commit('anna', 'Drop Stamped', {
    [overridePath]: null,
    'recipes/titles/stamped.yaml': null,
  });
});
afterEach(() => company.close());

const stamped = {
  recipe: 'Stamped.pkg',
  patch: 'none',
  name: 'Stamped',
  category: 'Apps',
  here: false,
};

describe('adding a title', () => {
  it('asks for its override and its title file, and shows all that it would run', async () => {
    const outcome = await company.run((run) => add(run, stamped));
    expect(outcome.failures).toEqual([]);
    const { number, title, body } = company.request();
    expect(title).toBe('Add Stamped');
    for (const shown of [
      'parent as reviewed',
      'import stamping',
      'module as reviewed',
      'class Finish',
    ])
      expect(body).toContain(shown);
    expect(body).toContain('The signature of the download is not verified');
    expect(body).toContain('Jamf Pro was not asked');

    await company.github.people.merge(number, 'anna');
    expect(await company.vouches()).toBe(true);
    expect((await company.github.files())['recipes/titles/stamped.yaml']).toBe(
      '# yaml-language-server: $schema=../../schemas/title.schema.json\nrecipe: Stamped.pkg\npatch: none\ncategory: Apps\nname: Stamped\n',
    );
  });

  it('finds the recipe by its identifier, too', async () => {
    await company.run((run) => add(run, { ...stamped, recipe: 'com.example.pkg.Stamped' }));
    expect(company.request().title).toBe('Add Stamped');
  });

  it('can write the files here instead, for a commit by hand, and never over others', async () => {
    let folder = '';
    const here = (run: Run) => {
      folder = run.folder;
      return add(run, { ...stamped, here: true });
    };
    expect((await company.run(here)).rows.at(-1)).toMatchObject({ did: 'done' });
    expect(await readFile(join(folder, overridePath), 'utf8')).toContain('com.example.pkg.Stamped');
    expect(company.github.pulls).toEqual([]);
    await expect(company.run(here)).rejects.toThrow('is there already');
    await rm(join(folder, 'recipes/titles/stamped.yaml'));
    await expect(company.run(here)).rejects.toThrow(`${overridePath} is there already`);
  });

  it('says which repositories it looked in for a recipe that none of them has', async () => {
    await expect(
      company.run((run) => add(run, { ...stamped, recipe: 'Nothing.pkg' })),
    ).rejects.toThrow(/none of the pinned repositories \(.*first-recipes, .*second-recipes\) has/);
  });

  it('does not choose between two recipes of one name', async () => {
    const twin = downloadRecipe.replace('com.example.download.Stamped', 'com.example.twin');
    const commit = await company.recipes.first.commit({ 'Twin/Stamped.pkg.recipe': twin });
    const repos = (await company.github.files())['recipes/repos.yaml'] ?? '';
    await company.github.people.commit('anna', 'Pin', {
      'recipes/repos.yaml': repos.replace(/(first-recipes\n {4}commit: )\w+/, `$1${commit}`),
    });
    await expect(company.run((run) => add(run, stamped))).rejects.toThrow(
      /2 recipes are called Stamped\.pkg.*com\.example\.twin.*or com\.example\.pkg\.Stamped/,
    );
  });

  it('does not add what its makers have given up', async () => {
    const deprecated = plist(`	<key>Identifier</key>
	<string>com.example.old</string>
	<key>Input</key>
	<dict/>
	<key>Process</key>
	<array>
		<dict>
			<key>Processor</key>
			<string>DeprecationWarning</string>
		</dict>
	</array>`);
    const commit = await company.recipes.first.commit({ 'Old/Old.pkg.recipe': deprecated });
    const repos = (await company.github.files())['recipes/repos.yaml'] ?? '';
    await company.github.people.commit('anna', 'Pin', {
      'recipes/repos.yaml': repos.replace(/(first-recipes\n {4}commit: )\w+/, `$1${commit}`),
    });
    await expect(company.run((run) => add(run, { ...stamped, recipe: 'Old.pkg' }))).rejects.toThrow(
      'is deprecated',
    );
  });

  it('says what is missing when it is not told enough', async () => {
    const { category: _, ...less } = stamped;
    await expect(company.run((run) => add(run, less))).rejects.toThrow('"category" is missing');
  });
});
