import type { RecipeFile } from './recipe-file.ts';
import type { Note } from './wanted.ts';

/** Names of inputs whose values don't belong into a repository. */
const secretKey =
  /passw|secret|token|api_?key|credential|webhook|licen[cs]e|serial|private_?key|^(JSS|SMB)\d*_(URL|PASSWORD|USERNAME)$/i;

/** An override that is copied as it is, its trust info included. */
export interface CopiedOverride {
  readonly from: string;
  /** The file's name in recipes/overrides/. */
  readonly file: string;
  readonly text: string;
}

/**
 * The overrides that titles need, to be copied: whoever has vouched for their parents has done so for
 * the same parents here. One that could hold a secret is left, for a repository forgets nothing.
 *
 * @param wanted the names of the recipes that titles name.
 */
export function overridesFor(
  wanted: ReadonlySet<string>,
  recipes: readonly RecipeFile[],
): { copied: readonly CopiedOverride[]; left: readonly Note[]; notes: readonly Note[] } {
  const copied: CopiedOverride[] = [];
  const left: Note[] = [];
  const notes: Note[] = [];
  const here = new Set(recipes.map(({ name }) => name));
  for (const name of [...wanted].filter((one) => !here.has(one)).sort())
    notes.push({
      file: name,
      text: 'there is no override of it here: make one, so that its recipes are trusted ("autopkg make-override --override-dir recipes/overrides" and this name), and write the override\'s own name as "recipe:" in the title\'s file',
    });
  for (const recipe of recipes) {
    if (!wanted.has(recipe.name)) continue;
    const file = recipe.path.slice(recipe.path.lastIndexOf('/') + 1);
    const secrets = secretsIn(recipe.input);
    if (!isOverride(recipe))
      left.push({
        file: recipe.path,
        text: `it is a recipe of its own, not an override: keep it in a recipe repository, name that in recipes/repos.yaml, and make an override of it (autopkg make-override --override-dir recipes/overrides ${recipe.identifier ?? recipe.name})`,
      });
    else if (secrets.length > 0)
      left.push({
        file: recipe.path,
        text: `its ${secrets.join(', ')} may be secret, and a repository forgets nothing: take it out, keep it in AutoPkg's preferences on the runner, and import again`,
      });
    else {
      copied.push({ from: recipe.path, file, text: recipe.text });
      if (!recipe.trusted)
        notes.push({
          file: recipe.path,
          text: `nobody has vouched for its parents: read them, then run autopkg update-trust-info --override-dir recipes/overrides ${recipe.name}`,
        });
    }
  }
  return { copied, left, notes };
}

/** Whether it only sets what another recipe is given. */
export function isOverride(recipe: RecipeFile): boolean {
  return recipe.parent !== undefined && recipe.process.length === 0;
}

function secretsIn(input: RecipeFile['input']): string[] {
  return Object.entries(input)
    .filter(([key, value]) => secretKey.test(key) && String(value ?? '') !== '')
    .map(([key]) => key);
}
