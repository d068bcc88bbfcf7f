import { filled, type RecipeFile, type RecipeStep, stepsOf } from './recipe-file.ts';
import type { Converted, Note, WantedTitle } from './wanted.ts';

/*
 * JamfUploader: AutoPkg processors that put packages, policies and patch policies into Jamf Pro, called
 * by .jamf recipes that have a .pkg recipe as their parent.
 * https://github.com/grahampugh/jamf-upload/tree/main/JamfUploaderProcessors
 */

/** Those that PatchBot does itself, or does without. */
const understood = new Set(['JamfPackageUploader', 'JamfPatchUploader', 'JamfPolicyUploader']);
const needless: Readonly<Record<string, string>> = {
  JamfCategoryUploader: 'the category must be there: "patchbot doctor" says which is missing',
  JamfPatchChecker: 'PatchBot waits for the patch definition by itself',
  JamfPackageCleaner: 'old packages are for "patchbot cleanup"',
  JamfPackageRecalculator: 'done with every upload',
};

/** A recipe that no other of the folder builds on, and those that it builds on, itself first. */
interface Chain {
  readonly recipes: readonly RecipeFile[];
  /** The first parent that uploads nothing: the recipe that builds the package. */
  readonly builtBy?: string;
}

/** Makes titles of JamfUploader's recipes, and says what cannot be carried over. Pure. */
export function fromJamfUploader(recipes: readonly RecipeFile[]): Converted {
  const left: Note[] = [];
  const notes: Note[] = [];
  const titles: WantedTitle[] = [];
  for (const chain of chainsIn(recipes)) {
    const title = titleOf(chain, recipes, left, notes);
    if (title) titles.push(title);
  }
  return { titles, left, notes };
}

/** Whether a recipe, or what it builds on in the folder, runs JamfUploader. */
export function isJamfRecipe(recipe: RecipeFile, all: readonly RecipeFile[]): boolean {
  return upwards(recipe, all).some((one) =>
    stepsOf(one).some(({ processor }) => processor === 'JamfPackageUploader'),
  );
}

function titleOf(
  { recipes: [own, ...parents], builtBy }: Chain,
  all: readonly RecipeFile[],
  left: Note[],
  notes: Note[],
): WantedTitle | undefined {
  if (!own) return undefined;
  const chain = [own, ...parents];
  // What an override says wins over what its parent says.
  const input = Object.assign(
    {},
    ...chain.toReversed().map((one) => one.input),
  ) as RecipeFile['input'];
  const steps = chain.toReversed().flatMap((one) => stepsOf(one, input));
  const step = (processor: string) => steps.findLast((one) => one.processor === processor);
  const name = filled(String(input['NAME'] ?? own.name.replace(/\.jamf$/, '')), input);
  if (!builtBy) {
    left.push({
      file: own.path,
      text: 'it has no parent recipe: what builds the package nobody says',
    });
    return undefined;
  }
  const patch = known(step('JamfPatchUploader')?.arguments['patch_softwaretitle']);
  const install = known(step('JamfPolicyUploader')?.arguments['policy_name']);
  const category =
    known(step('JamfPackageUploader')?.arguments['pkg_category']) ??
    known(String(input['CATEGORY'] ?? ''));
  const recipe = overrideOf(builtBy, all) ?? builtBy;
  if (!patch && !install) {
    left.push({
      file: own.path,
      text: 'it only uploads a package: which patch title or policy that belongs to nobody says. Write recipes/titles/….yaml by hand, with its parent as "recipe:", "patch:" and "category:"',
    });
    return undefined;
  }
  if (!category) {
    left.push({ file: own.path, text: 'it says no category for the package ("pkg_category")' });
    return undefined;
  }
  notes.push(...notesOn(own.path, steps, patch, install));
  const kept = Object.keys(own.input).filter((key) => !isJamfKey(key));
  if (parents.length > 0 && own.process.length === 0 && kept.length > 0)
    notes.push({
      file: own.path,
      text: `an override of a .jamf recipe is not used any more: override ${builtBy} instead (autopkg make-override --override-dir recipes/overrides ${builtBy}) and carry over its inputs, where the recipe knows them: ${kept.join(', ')}`,
    });
  return {
    from: chain.map(({ path }) => path),
    recipe,
    name: patch ?? name,
    patch: patch ?? 'none',
    category,
    policies: { install: install ?? 'none' },
  };
}

/** What JamfUploader did, and PatchBot does otherwise or not at all. */
function notesOn(
  file: string,
  steps: readonly RecipeStep[],
  patch: string | undefined,
  install: string | undefined,
): Note[] {
  const notes: Note[] = [];
  const policy = steps.findLast(({ processor }) => processor === 'JamfPatchUploader')?.arguments[
    'patch_name'
  ];
  if (patch)
    notes.push({
      file,
      text: `its patch policy ${policy ? `"${policy}"` : '(one for each version)'} is replaced by two that a person makes once, for test and for production; disable the old one then`,
    });
  else
    notes.push({
      file,
      text: `it has no patch title, so only the policy "${install}" will be moved; name the patch title to update Macs that have it ("patch:")`,
    });
  const lost = [...new Set(steps.map(({ processor }) => processor))].filter(
    (processor) =>
      processor.startsWith('Jamf') && !understood.has(processor) && !needless[processor],
  );
  if (lost.length > 0)
    notes.push({
      file,
      text: `${lost.join(', ')}: PatchBot makes no groups, policies or scripts. What they made in Jamf Pro stays as it is`,
    });
  return notes;
}

/** The chains of the folder: from each recipe on which no other of the folder builds. */
function chainsIn(recipes: readonly RecipeFile[]): readonly Chain[] {
  const parents = new Set(recipes.flatMap(({ parent }) => (parent ? [parent] : [])));
  return recipes
    .filter(({ identifier }) => !identifier || !parents.has(identifier))
    .filter((recipe) => isJamfRecipe(recipe, recipes))
    .map((recipe) => {
      const line = upwards(recipe, recipes);
      // Above the last one that runs a processor of Jamf's lies what builds the package.
      const top = line.findLastIndex((one) =>
        stepsOf(one).some(({ processor }) => /^Jamf/.test(processor)),
      );
      const chain = line.slice(0, top + 1);
      const builtBy = chain.at(-1)?.parent;
      return { recipes: chain, ...(builtBy && { builtBy }) };
    });
}

/** A recipe and those that it builds on, as far as they are in the folder. */
function upwards(recipe: RecipeFile, all: readonly RecipeFile[]): readonly RecipeFile[] {
  const line: RecipeFile[] = [];
  for (
    let next: RecipeFile | undefined = recipe;
    next && !line.includes(next);
    next = all.find(({ identifier }) => identifier !== undefined && identifier === next?.parent)
  )
    line.push(next);
  return line;
}

/** The override in the folder of the recipe with this identifier. */
function overrideOf(identifier: string, all: readonly RecipeFile[]): string | undefined {
  return all.find(
    (one) => one.parent === identifier && one.process.length === 0 && !isJamfRecipe(one, all),
  )?.name;
}

/** Inputs that only JamfUploader's own steps read. */
function isJamfKey(key: string): boolean {
  return /^(NAME|CATEGORY|GROUP_|POLICY_|PATCH_|SELF_SERVICE_|TESTING_GROUP|UPDATE_PREDICATE|REPLACE_|INSTALL_BUTTON|REINSTALL_BUTTON|TRIGGER|pkg_|policy_|patch_|replace_)/.test(
    key,
  );
}

/** A value, unless it is empty or known only when the recipe runs. */
function known(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text && !/%\w+%/.test(text) ? text : undefined;
}
