import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'plist';
import { describe, expect, it } from 'vitest';
import { readRecipes } from '../../src/recipes/read.ts';
import { reposSchema } from '../../src/recipes/schema.ts';
import { parseChecked } from '../../src/yaml/checked.ts';

const root = join(import.meta.dirname, '..', '..');
const { titles, problems } = await readRecipes(root);

describe('the catalog that is shipped', () => {
  it('is read without a problem, and names at least eight applications', () => {
    expect(problems).toEqual([]);
    expect(titles.length).toBeGreaterThanOrEqual(8);
  });

  it.each(titles.map(({ slug, recipe }) => [slug, recipe]))(
    '%s is built by an override that is there, with its parent and its trust info',
    async (_, recipe) => {
      const file = join(root, 'recipes', 'overrides', `${recipe}.recipe`);
      const override = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      expect(override['Identifier']).toEqual(expect.stringMatching(/\./));
      expect(override['ParentRecipe']).toEqual(expect.stringMatching(/\./));
      const trust = override['ParentRecipeTrustInfo'] as Record<string, object>;
      expect(Object.keys(trust['parent_recipes'] ?? {})).not.toEqual([]);
    },
  );

  it('names every file that editors check it by', async () => {
    for (const { slug } of titles) {
      const text = await readFile(join(root, 'recipes', 'titles', `${slug}.yaml`), 'utf8');
      expect(text.split('\n')[0]).toBe(
        '# yaml-language-server: $schema=../../schemas/title.schema.json',
      );
    }
  });

  it('comes from repositories that are each pinned to a commit', async () => {
    const file = 'recipes/repos.yaml';
    const text = await readFile(join(root, file), 'utf8');
    expect(parseChecked(text, file, reposSchema)).toMatchObject({ ok: true });
  });
});
