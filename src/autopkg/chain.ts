import { dirname } from 'node:path';
import { isCoreProcessor } from './core-processors.ts';
import type { RecipeFile } from './recipe-file.ts';
import {
  Ambiguous,
  diskPath,
  fileText,
  folderOf,
  type PinnedFile,
  type PinnedRecipe,
  type Shelf,
} from './shelf.ts';

/** A processor that a step asks for and that comes from a recipe repository. */
export interface PinnedProcessor {
  /** As the step writes it. */
  readonly processor: string;
  /** The file that trust info speaks of; absent when no folder of the chain has one. */
  readonly file?: PinnedFile;
  /** All files that AutoPkg could take for it: it looks through the folders in no set order. */
  readonly candidates: readonly PinnedFile[];
  /** Whether it takes the place of one of AutoPkg's own, of which trust info says nothing. */
  readonly replacesCore: boolean;
}

/** What an override stands on: all recipes up to the first, and the processors that they run. */
export interface Chain {
  readonly override: RecipeFile;
  /** The override's parent first. */
  readonly recipes: readonly PinnedRecipe[];
  readonly processors: readonly PinnedProcessor[];
  /** The recipes whose folders hold shared processors. */
  readonly shared: readonly PinnedRecipe[];
  /** The folders in which AutoPkg finds just these, absolute. */
  readonly searchDirs: readonly string[];
}

/** A parent is in none of the pinned repositories. */
export class ParentMissing extends Error {
  override readonly name = 'ParentMissing';
  readonly parent: string;
  constructor(parent: string, of: string) {
    super(`no pinned repository has the recipe ${parent}, which ${of} builds on`);
    this.parent = parent;
  }
}

/** As long as no sensible chain is: what is longer goes round in circles. */
const longest = 20;

/**
 * Finds all that an override stands on, in the pinned repositories alone, as AutoPkg's `load_recipe`
 * and `find_processor_path` do.
 *
 * @param name the override's name, for messages.
 * @throws ParentMissing, Ambiguous
 */
export async function resolveChain(
  name: string,
  override: RecipeFile,
  shelf: Shelf,
): Promise<Chain> {
  const recipes: PinnedRecipe[] = [];
  for (let parent = override.parent, of = name; parent !== undefined; ) {
    const found = await shelf.find(parent, override.trust?.parent_recipes[parent]?.path);
    if (!found) throw new ParentMissing(parent, of);
    if (recipes.length >= longest || recipes.some((one) => one.identifier === parent))
      throw new Ambiguous(`${fileText(found)} builds on itself, by way of other recipes`);
    recipes.push(found);
    parent = found.recipe.parent;
    of = found.identifier;
  }
  const { processors, shared } = await processorsOf(override, recipes, shelf);
  const searched = [...recipes, ...shared];
  for (const recipe of searched) await findsTheSame(recipe, searched, shelf);
  return {
    override,
    recipes,
    processors,
    shared,
    searchDirs: [...new Set(searched.map((file) => dirname(diskPath(file))))],
  };
}

async function processorsOf(
  override: RecipeFile,
  recipes: readonly PinnedRecipe[],
  shelf: Shelf,
): Promise<{ processors: PinnedProcessor[]; shared: PinnedRecipe[] }> {
  const steps = [...recipes.toReversed().map(({ recipe }) => recipe), override].flatMap((recipe) =>
    recipe.steps.map(({ processor }) => processor),
  );
  const processors: PinnedProcessor[] = [];
  const shared: PinnedRecipe[] = [];
  const [first, ...others] = recipes;
  for (const processor of new Set(steps)) {
    const slash = processor.indexOf('/');
    const name = processor.slice(slash + 1);
    const owner =
      slash < 0 ? undefined : await sharedBy(processor.slice(0, slash), override, shelf);
    if (owner && !shared.some(({ identifier }) => identifier === owner.identifier))
      shared.push(owner);
    const candidates: PinnedFile[] = [];
    for (const near of [first, owner, ...others]) {
      if (!near) continue;
      const folder = folderOf(near.path);
      const path = folder === '' ? `${name}.py` : `${folder}/${name}.py`;
      const isKnown = candidates.some((one) => one.checkout === near.checkout && one.path === path);
      if (near.checkout.entries.has(path) && !isKnown)
        candidates.push({ checkout: near.checkout, path });
    }
    const [file] = candidates;
    const isCore = isCoreProcessor(processor);
    if (!file && isCore) continue;
    processors.push({ processor, ...(file && { file }), candidates, replacesCore: isCore });
  }
  return { processors, shared };
}

async function sharedBy(identifier: string, override: RecipeFile, shelf: Shelf) {
  const trusted = Object.entries(override.trust?.non_core_processors ?? {});
  const path = trusted.find(([name]) => name.startsWith(`${identifier}/`))?.[1].path;
  // Trust info names the processor's file; the recipe that gives it its name lies beside it.
  return shelf.findBeside(identifier, path);
}

/** Makes sure that AutoPkg, looking through the folders of the chain, comes to this very recipe. */
async function findsTheSame(
  wanted: PinnedRecipe,
  searched: readonly PinnedRecipe[],
  shelf: Shelf,
): Promise<void> {
  for (const place of searched) {
    const found = await shelf.inFolder(place, wanted.identifier);
    if (found.length === 0) continue;
    const [only] = found;
    if (only && found.length === 1 && diskPath(only) === diskPath(wanted)) return;
    throw new Ambiguous(
      `${found.map(fileText).join(' and ')} go by the identifier ${wanted.identifier} of ${fileText(wanted)}: which of them AutoPkg would run is chance`,
    );
  }
}
