import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { add } from '../../src/stages/add.ts';
import { startTrustedCompany, type TrustedCompany } from '../autopkg/trusted-company.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { startCompany } from './company.ts';

let recipes: TrustedCompany;
let fleet: Fleet;
beforeAll(async () => {
  recipes = await startTrustedCompany('autopkg');
  const pins = recipes.pins.map(({ url, commit }) => `  - url: ${url}\n    commit: ${commit}\n`);
  fleet = await startCompany([{ slug: 'firefox', name: 'Mozilla Firefox' }], {
    files: { 'recipes/repos.yaml': `repos:\n${pins.join('')}` },
  });
});
afterAll(async () => {
  await fleet.close();
  await recipes.close();
});

const adding = (patch?: string) =>
  fleet.run((run) =>
    add(run, {
      recipe: 'Stamped.pkg',
      category: 'Apps',
      here: false,
      ...(patch !== undefined && { patch }),
    }),
  );

describe('adding a title of which Jamf Pro is asked', () => {
  it('asks which patch title it is when none is named like it', async () => {
    await expect(adding()).rejects.toThrow(
      /which patch title in Jamf Pro is Stamped\? Say it with --patch/,
    );
  });

  it('finds the patch title by its name, and says what it still lacks', async () => {
    fleet.jamf.addTitle({
      name: 'STAMPED',
      definitions: [{ version: '1.0', releaseDate: '2026-08-01 12:00:00' }],
      policies: { test: false },
    });
    const outcome = await adding();
    expect(outcome.failures).toEqual([]);
    expect(outcome.rows.at(-1)).toMatchObject({ did: 'done', title: 'STAMPED' });
    const [request] = fleet.github.pulls.filter(({ head }) => head === 'patchbot-add/stamped');
    expect(request?.body).toMatch(/no patch policy "STAMPED Test"/);
    const added = (await fleet.github.files('patchbot-add/stamped'))['recipes/titles/stamped.yaml'];
    expect(added).toContain('patch: STAMPED\ncategory: Apps\n');
  });
});
