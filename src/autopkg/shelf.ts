import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkout } from './checkout.ts';
import { isRecipePath, parseRecipe, type RecipeFile } from './recipe-file.ts';
import { fromTrustPath, shortName } from './repository.ts';

/** A file of a pinned repository. */
export interface PinnedFile {
  readonly checkout: Checkout;
  /** Within the repository. */
  readonly path: string;
}

/** A recipe of a pinned repository. */
export interface PinnedRecipe extends PinnedFile {
  readonly identifier: string;
  readonly recipe: RecipeFile;
  readonly text: string;
}

/** "autopkg/recipes: Mozilla/Firefox.pkg.recipe" */
export function fileText({ checkout, path }: PinnedFile): string {
  return `${shortName(checkout.repository.url)}: ${path}`;
}

/** Where the file is on disk. */
export function diskPath({ checkout, path }: PinnedFile): string {
  return join(checkout.folder, path);
}

/** The folder of a file within its repository: "" for the repository's own. */
export function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

export async function sha256Of(file: PinnedFile): Promise<string> {
  return createHash('sha256')
    .update(await readFile(diskPath(file)))
    .digest('hex');
}

/** Two recipes go by one name, and which of them AutoPkg would run is chance. */
export class Ambiguous extends Error {
  override readonly name = 'Ambiguous';
}

/** The recipes of the repositories that are in place: found as AutoPkg finds them, from nowhere else. */
export class Shelf {
  readonly checkouts: readonly Checkout[];
  #read = new Map<string, Promise<{ text: string; recipe?: RecipeFile }>>();

  /** @param checkouts in the order in which repos.yaml has them: the first that has a recipe counts. */
  constructor(checkouts: readonly Checkout[]) {
    this.checkouts = checkouts;
  }

  /**
   * The recipe of an identifier. AutoPkg's `find_recipe_by_identifier` looks at the recipes in a
   * repository's own folder and in those directly below.
   *
   * @param hint where trust info says that it is; another place counts only when it isn't there.
   * @throws Ambiguous when a repository has two of them.
   */
  async find(identifier: string, hint?: string): Promise<PinnedRecipe | undefined> {
    const hinted = hint && this.#hinted(hint);
    if (hinted) {
      const found = await this.read(hinted);
      if (found?.identifier === identifier) return found;
    }
    for (const checkout of this.checkouts) {
      const found = await this.#inFolder(checkout, '', identifier);
      const [first, second] = found;
      if (first && second)
        throw new Ambiguous(
          `${fileText(first)} and ${second.path} both go by the identifier ${identifier}: which of them AutoPkg would run is chance`,
        );
      if (first) return first;
    }
    return undefined;
  }

  /** The recipe of an identifier, beside the file that trust info names, or wherever it is. */
  async findBeside(
    identifier: string,
    hint: string | undefined,
  ): Promise<PinnedRecipe | undefined> {
    const hinted = hint && this.#hinted(hint);
    const [beside] = hinted ? await this.inFolder(hinted, identifier) : [];
    return beside ?? this.find(identifier);
  }

  /** The recipes of an identifier that AutoPkg would see, were this folder one of its search folders. */
  async inFolder(file: PinnedFile, identifier: string): Promise<readonly PinnedRecipe[]> {
    return this.#inFolder(file.checkout, folderOf(file.path), identifier);
  }

  /** All recipes whose file is called so, whatever its ending. */
  async named(name: string): Promise<readonly PinnedRecipe[]> {
    const found: PinnedRecipe[] = [];
    for (const checkout of this.checkouts)
      for (const path of recipesBelow(checkout, ''))
        if (path.slice(path.lastIndexOf('/') + 1).startsWith(`${name}.recipe`)) {
          const recipe = await this.read({ checkout, path });
          if (recipe) found.push(recipe);
        }
    return found;
  }

  /** Reads a recipe; undefined when it is none, can't be read, or has no identifier. */
  async read(file: PinnedFile): Promise<PinnedRecipe | undefined> {
    const { text, recipe } = await this.#contents(file);
    return recipe?.identifier === undefined
      ? undefined
      : { ...file, text, recipe, identifier: recipe.identifier };
  }

  async #inFolder(checkout: Checkout, folder: string, identifier: string) {
    const found: PinnedRecipe[] = [];
    for (const path of recipesBelow(checkout, folder)) {
      // Most recipes are somebody else's: they needn't be parsed to know that.
      const { text } = await this.#contents({ checkout, path }, false);
      if (!text.includes(identifier)) continue;
      const recipe = await this.read({ checkout, path });
      if (recipe?.identifier === identifier) found.push(recipe);
    }
    return found;
  }

  #hinted(hint: string): PinnedFile | undefined {
    const named = fromTrustPath(
      hint,
      this.checkouts.map(({ repository }) => repository),
    );
    const checkout = this.checkouts.find(({ repository }) => repository === named?.repository);
    return named && checkout?.entries.has(named.path) ? { checkout, path: named.path } : undefined;
  }

  async #contents(file: PinnedFile, parse = true): Promise<{ text: string; recipe?: RecipeFile }> {
    const path = diskPath(file);
    const key = `${parse}:${path}`;
    const known = this.#read.get(key);
    if (known) return known;
    const reading = readFile(path, 'utf8').then((text) => {
      if (!parse) return { text };
      try {
        return { text, recipe: parseRecipe(file.path, text) };
      } catch {
        // AutoPkg passes over what it can't read, too.
        return { text };
      }
    });
    this.#read.set(key, reading);
    return reading;
  }
}

function recipesBelow({ entries }: Checkout, folder: string): string[] {
  const start = folder === '' ? '' : `${folder}/`;
  return [...entries.keys()].filter((path) => {
    if (!path.startsWith(start) || !isRecipePath(path)) return false;
    const parts = path.slice(start.length).split('/');
    return parts.length <= 2 && parts.every((part) => !part.startsWith('.'));
  });
}
