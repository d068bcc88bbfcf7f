import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Catalog } from '../../src/autopkg/catalog.ts';
import { newOverride } from '../../src/autopkg/override-file.ts';
import { trustInfoOf } from '../../src/autopkg/trust-info.ts';
import { build } from '../../src/stages/build.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { test } from '../../src/stages/test.ts';
import { noAutoPkg, realAutoPkg } from '../autopkg/real-autopkg.ts';
import { type RecipeRepos, startRecipeRepos } from '../autopkg/recipe-repos.ts';
import { ordinary, startWorkshop, type Workshop } from '../autopkg/workshop.ts';
import type { Fleet } from '../simulators/fleet.ts';
import {
  type CompanyTitle,
  later,
  monday,
  openRequest,
  policyOf,
  startCompany,
  stateOnMain,
} from './company.ts';

const firefox: CompanyTitle = { slug: 'firefox', name: 'Mozilla Firefox' };
const recipe = 'firefox.pkg';
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A company that builds with the real AutoPkg, from a recipe in a pinned repository. */
async function company(): Promise<{ fleet: Fleet; workshop: Workshop }> {
  const workshop = await startWorkshop(realAutoPkg ?? '');
  const repos: RecipeRepos = await startRecipeRepos();
  open.push(workshop, repos);
  await workshop.recipe('firefox', ordinary(workshop.vendor, '/firefox.pkg', '2.0'));
  const files: Record<string, string> = {};
  for (const name of await readdir(workshop.recipes))
    files[name] = await readFile(join(workshop.recipes, name), 'utf8');
  const repo = await repos.add('acme/recipes');
  const pin = { url: repo.url, commit: await repo.commit(files) };
  const parts = {
    identifier: `local.${recipe}`,
    input: { NAME: 'firefox' },
    parent: 'com.example.pkg.firefox',
  };
  const catalog = new Catalog(
    {
      repositories: [pin],
      overridesDir: workshop.settings.overridesDir,
      checkoutsDir: join(workshop.dir, 'checkouts'),
    },
    () => undefined,
  );
  const chain = await catalog.chainOf(recipe, { ...parts, steps: [] });
  const fleet = await startCompany([firefox], {
    autopkg: realAutoPkg ?? '',
    files: {
      'recipes/repos.yaml': `repos:\n  - url: ${pin.url}\n    commit: ${pin.commit}\n`,
      [`recipes/overrides/${recipe}.recipe`]: newOverride({
        ...parts,
        trust: await trustInfoOf(chain),
      }),
    },
  });
  open.push(fleet);
  return { fleet, workshop };
}

const title = realAutoPkg
  ? 'with the real AutoPkg'
  : `with the real AutoPkg (skipped: ${noAutoPkg})`;

describe.skipIf(!realAutoPkg)(title, { timeout: 120_000 }, () => {
  it('a version goes from its release over test, soak and approval to the whole fleet', async () => {
    const { fleet, workshop } = await company();
    workshop.vendor.offer('/firefox.pkg', 'the content of 2.0');
    fleet.jamf.addDefinition(firefox.name, { version: '2.0', releaseDate: '2026-09-06 12:00:00' });

    expect((await fleet.run(build)).failures).toEqual([]);
    expect((await stateOnMain(fleet, 'firefox')).package).toMatchObject({
      file: 'firefox-2.0.pkg',
      size: 18,
    });
    fleet.jamf.resetCounts();
    fleet.github.resetCounts();
    expect((await fleet.run(build)).movedTitles).toEqual([]);
    expect([fleet.jamf.writes, fleet.github.writes]).toEqual([0, 0]);

    expect((await fleet.run(test)).failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toMatchObject({
      enabled: true,
      targetVersion: '2.0',
    });
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    expect((await fleet.run(promote)).failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable')).toMatchObject({
      enabled: true,
      targetVersion: '2.0',
    });
    expect(fleet.jamf.violations).toEqual([]);
  });
});
