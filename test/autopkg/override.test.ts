import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlistValue, build as plist } from 'plist';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findOverride,
  missingOverride,
  readOverride,
  recipeName,
} from '../../src/autopkg/override.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbot-overrides-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function override(file: string, content: PlistValue): Promise<string> {
  const path = join(folder, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : plist(content));
  return path;
}

describe('an override', () => {
  it('is read with its identifier, its parent, and whether somebody vouched for it', async () => {
    const path = await override('Firefox.pkg.recipe', {
      Identifier: 'local.pkg.Firefox',
      ParentRecipe: 'com.github.autopkg.pkg.Firefox',
      ParentRecipeTrustInfo: { parent_recipes: {}, non_core_processors: {} },
    });
    expect(await readOverride(path)).toEqual({
      path,
      name: 'Firefox.pkg',
      identifier: 'local.pkg.Firefox',
      parent: 'com.github.autopkg.pkg.Firefox',
      trusted: true,
    });
  });

  it('is read in YAML, and as older AutoPkg wrote it', async () => {
    const yaml = await override(
      'Zoom.pkg.recipe.yaml',
      'Identifier: local.Zoom\nParentRecipe: up\n',
    );
    expect(await readOverride(yaml)).toMatchObject({ identifier: 'local.Zoom', parent: 'up' });
    const old = await override('Old.pkg.recipe', {
      Input: { IDENTIFIER: 'local.Old' },
      Recipe: { identifier: 'com.example.Old' },
    });
    expect(await readOverride(old)).toMatchObject({
      identifier: 'local.Old',
      parent: 'com.example.Old',
      trusted: false,
    });
  });

  it('is missed where there is none of a name, and the nearest one named', async () => {
    await override('Firefox.pkg.recipe', { Identifier: 'local.pkg.Firefox' });
    await override('Broken.pkg.recipe', 'no plist');
    expect(await missingOverride('Fierfox.pkg', folder)).toBe(
      'there is no override Fierfox.pkg in recipes/overrides: did you mean Firefox.pkg?',
    );
    expect(await missingOverride('MicrosoftExcel365.pkg', folder)).toBe(
      'there is no override MicrosoftExcel365.pkg in recipes/overrides',
    );
    for (const there of ['Firefox.pkg', 'local.pkg.Firefox', 'Broken.pkg'])
      expect(await missingOverride(there, folder)).toBeUndefined();
  });

  it('is found by identifier before any is found by name, in folders too', async () => {
    await override('a/Firefox.pkg.recipe', { Identifier: 'local.pkg.Firefox' });
    await override('b.recipe', { Identifier: 'Firefox.pkg' });
    expect((await findOverride('Firefox.pkg', folder))?.path).toBe(join(folder, 'b.recipe'));
    expect((await findOverride('local.pkg.Firefox', folder))?.name).toBe('Firefox.pkg');
    expect(await findOverride('Slack.pkg', folder)).toBeUndefined();
  });

  it('that is broken stands in nobody else’s way', async () => {
    await override('Broken.pkg.recipe', '<plist><dict></array></plist>');
    await override('Firefox.pkg.recipe', { Identifier: 'local.pkg.Firefox' });
    expect((await findOverride('Firefox.pkg', folder))?.identifier).toBe('local.pkg.Firefox');
    await expect(readOverride(join(folder, 'Broken.pkg.recipe'))).rejects.toThrow();
  });

  it('has the name of its file less the ending', () => {
    for (const file of ['Chrome.pkg.recipe', 'Chrome.pkg.recipe.yaml', 'x/Chrome.pkg.recipe.plist'])
      expect(recipeName(file)).toBe('Chrome.pkg');
    expect(recipeName('Chrome.pkg')).toBe('Chrome.pkg');
  });
});
