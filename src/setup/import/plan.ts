import { type Slug, slug, type Title } from '../../lifecycle/title.ts';
import type { SettingsFile } from '../../recipes/schema.ts';
import { fromJamfUploader, isJamfRecipe } from './jamf-uploader.ts';
import { fromOriginal } from './original.ts';
import { isOverride, overridesFor } from './overrides.ts';
import { isRecipeFile, type RecipeFile, readRecipeFile, type SourceFile } from './recipe-file.ts';
import { titleFileText } from './title-file.ts';
import type { Note, WantedTitle } from './wanted.ts';

/** What the repository has already. */
export interface Existing {
  readonly settings: SettingsFile;
  readonly titles: readonly Pick<Title, 'slug' | 'patch' | 'policies'>[];
  /** Every file of recipes/titles and recipes/overrides, relative to the repository: broken ones too. */
  readonly files: ReadonlySet<string>;
}

/** A file that an import writes. */
export interface PlannedFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly from: readonly string[];
}

/** What an import would do, and what it can't. */
export interface ImportPlan {
  readonly writes: readonly PlannedFile[];
  /** Files of the repository that stay as they are, and what would have been there. */
  readonly kept: readonly Note[];
  /** Files of the imported folder that could not be carried over, and why. */
  readonly left: readonly Note[];
  /** What is carried over, but is to be looked at. */
  readonly notes: readonly Note[];
  /** How many files have nothing to do with it. */
  readonly passedOver: number;
}

/**
 * Works out what an import writes: title files, and the overrides that they need. It never writes
 * over a file, nor beside a title that moves the same things. Pure.
 */
export function planImport(sources: readonly SourceFile[], existing: Existing): ImportPlan {
  const left: Note[] = [];
  const recipes = recipesIn(sources, left);
  const others = sources.filter(({ path }) => !isRecipeFile(path));
  const original = fromOriginal(recipes, others);
  const uploader = fromJamfUploader(recipes);
  left.push(...original.left, ...uploader.left);

  const kept: Note[] = [];
  const writes: PlannedFile[] = [];
  const taken = [...existing.titles];
  const needed = new Set<string>();
  const used = new Set(original.read);
  for (const wanted of [...original.titles, ...uploader.titles]) {
    for (const file of wanted.from) used.add(file);
    for (const { path, name } of recipes) if (name === wanted.recipe) used.add(path);
    const planned = planTitle(wanted, existing, taken);
    if ('kept' in planned) kept.push(planned.kept);
    else if ('left' in planned) left.push(planned.left);
    else {
      writes.push(planned.write);
      needed.add(wanted.recipe);
    }
  }
  const overrides = overridesFor(needed, recipes);
  for (const { file, from, text } of overrides.copied) {
    const path = `recipes/overrides/${file}`;
    if (existing.files.has(path) || writes.some((one) => one.path === path))
      kept.push({ file: path, text: `is there already; ${from} is not copied over it` });
    else writes.push({ path, text, from: [from] });
  }
  left.push(...overrides.left, ...replaced(others));
  for (const { file } of left) used.add(file);
  left.push(...unused(recipes, used));
  return {
    writes,
    kept,
    left,
    notes: [...original.notes, ...uploader.notes, ...overrides.notes],
    passedOver: others.filter(({ path }) => !used.has(path)).length,
  };
}

function recipesIn(sources: readonly SourceFile[], left: Note[]): readonly RecipeFile[] {
  return sources
    .filter(({ path }) => isRecipeFile(path))
    .flatMap((source) => {
      try {
        return [readRecipeFile(source)];
      } catch (error) {
        left.push({ file: source.path, text: (error as Error).message });
        return [];
      }
    });
}

type PlannedTitle =
  | { readonly write: PlannedFile }
  | { readonly kept: Note }
  | { readonly left: Note };

function planTitle(
  wanted: WantedTitle,
  existing: Existing,
  taken: Existing['titles'][number][],
): PlannedTitle {
  const file = wanted.from[0] ?? wanted.name;
  const short = slugOf(wanted.name);
  if (!short) return { left: { file, text: `no file name can be made of "${wanted.name}"` } };
  const path = `recipes/titles/${short}.yaml`;
  const from = wanted.from.join(', ');
  if (existing.files.has(path) || existing.files.has(path.replace(/yaml$/, 'yml')))
    return { kept: { file: path, text: `is there already; ${from} would have written it` } };
  const same = taken.find(
    (title) =>
      title.slug === short ||
      (wanted.patch !== 'none' && title.patch === wanted.patch) ||
      (wanted.policies.install !== 'none' && title.policies.install === wanted.policies.install),
  );
  if (same)
    return {
      kept: {
        file: `recipes/titles/${same.slug}.yaml`,
        text: `moves the same patch title or install policy; ${from} would have written ${path}`,
      },
    };
  try {
    const text = titleFileText(short, wanted, existing.settings);
    taken.push({
      slug: short,
      patch: wanted.patch,
      policies: { production: '', install: wanted.policies.install ?? 'none' },
    });
    return { write: { path, text, from: wanted.from } };
  } catch (error) {
    return { left: { file, text: `no title can be made of it: ${(error as Error).message}` } };
  }
}

/** "GoogleChrome" and "Google Chrome" become google-chrome. */
function slugOf(name: string): Slug | undefined {
  const text = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  try {
    return slug(text);
  } catch {
    return undefined;
  }
}

/** Recipes of which nothing was taken, and why. */
function unused(recipes: readonly RecipeFile[], used: ReadonlySet<string>): Note[] {
  return recipes
    .filter((recipe) => !used.has(recipe.path) && !isJamfRecipe(recipe, recipes))
    .map((recipe) => ({
      file: recipe.path,
      text: isOverride(recipe)
        ? 'no title here uses this override'
        : 'a recipe of its own: PatchBot runs recipes from the repositories in recipes/repos.yaml',
    }));
}

/** Files with a known purpose, which something else now serves. */
function replaced(others: readonly SourceFile[]): Note[] {
  const known: readonly (readonly [RegExp, string])[] = [
    [
      /(^|\/)(Teams|PatchTeams|ProdTeams)\.py$/,
      'PatchBot tells the channels itself: see "channels" in recipes/patchbot.yaml',
    ],
    [/(^|\/)(autopkg|patchbot)\.sh$/, 'the workflows in .github/workflows run instead'],
    [
      /(^|\/)com\.honestpuck\.patchbot\.plist$/,
      'the workflows in .github/workflows run instead: unload this job, or two systems move the same policies',
    ],
    [
      /(^|\/)repos\.txt$/,
      'recipes/repos.yaml pins each repository to a commit that somebody has read: name there those that your overrides need',
    ],
    [
      /(^|\/)com\.github\.autopkg\.plist$/,
      "AutoPkg's preferences hold credentials: they stay on the runner, and those for Jamf Pro become secrets of the repository",
    ],
  ];
  return others.flatMap(({ path }) => {
    const found = known.find(([pattern]) => pattern.test(path));
    return found ? [{ file: path, text: found[1] }] : [];
  });
}
