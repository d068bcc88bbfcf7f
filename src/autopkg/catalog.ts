import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Chain, ParentMissing, resolveChain } from './chain.ts';
import { type Checkout, NotInPlace, putInPlace } from './checkout.ts';
import { findOverride, missingOverride } from './override.ts';
import { parseRecipe, type RecipeFile } from './recipe-file.ts';
import { fromTrustPath, type PinnedRepository } from './repository.ts';
import { Ambiguous, Shelf } from './shelf.ts';
import { trustInfoOf, untrue } from './trust-info.ts';

/** The catalog of pinned repositories, and where their files are kept between runs. */
export interface CatalogSettings {
  readonly repositories: readonly PinnedRepository[];
  readonly overridesDir: string;
  /** A folder; by default one in the user's cache. */
  readonly checkoutsDir?: string;
}

/** An override as it is on disk. */
export interface OverrideFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly file: RecipeFile;
}

/** Why a title's recipe must not run. */
export type Distrust =
  | { readonly kind: 'repository not in place'; readonly message: string }
  | { readonly kind: 'parent missing'; readonly message: string; readonly parent: string }
  | { readonly kind: 'trust missing'; readonly message: string }
  | { readonly kind: 'trust changed'; readonly message: string }
  | { readonly kind: 'invalid recipe'; readonly message: string };

/**
 * A recipe that may run, and from where alone; or why it may not. Where no repository is pinned there is
 * no chain and nowhere to search: AutoPkg then finds the overrides alone, and verifies them itself.
 */
export type Vouched =
  | { readonly ok: true; readonly searchDirs: readonly string[]; readonly chain?: Chain }
  | { readonly ok: false; readonly distrust: Distrust };

/** The catalog for one run: each repository is put in place once, when the first title needs it. */
export class Catalog {
  readonly #settings: CatalogSettings;
  readonly #log: (line: string) => void;
  readonly #placed: Map<string, Promise<Checkout>>;

  constructor(
    settings: CatalogSettings,
    log: (line: string) => void,
    placed = new Map<string, Promise<Checkout>>(),
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#placed = placed;
  }

  get repositories(): readonly PinnedRepository[] {
    return this.#settings.repositories;
  }

  /** The same catalog, were a repository pinned to another commit. */
  repinned(url: string, commit: string): Catalog {
    const repositories = this.repositories.map((one) => (one.url === url ? { url, commit } : one));
    return new Catalog({ ...this.#settings, repositories }, this.#log, this.#placed);
  }

  /**
   * The override of a recipe's name or identifier.
   *
   * @returns undefined when there is none.
   * @throws Error when it can't be read.
   */
  async override(recipe: string): Promise<OverrideFile | undefined> {
    const found = await findOverride(recipe, this.#settings.overridesDir);
    if (!found) return undefined;
    const text = await readFile(found.path, 'utf8');
    return { name: found.name, path: found.path, text, file: parseRecipe(found.path, text) };
  }

  /**
   * Puts in place what a recipe needs and checks that its override vouches for exactly that. Whatever is
   * wrong is this recipe's alone, and an answer, not an exception.
   *
   * @param recipe the name or identifier of an override.
   */
  async vouch(recipe: string): Promise<Vouched> {
    if (this.#settings.repositories.length === 0) return { ok: true, searchDirs: [] };
    let override: OverrideFile | undefined;
    try {
      override = await this.override(recipe);
    } catch (error) {
      return no({ kind: 'invalid recipe', message: (error as Error).message });
    }
    if (!override) {
      const missing = await missingOverride(recipe, this.#settings.overridesDir);
      return no({
        kind: missing ? 'trust missing' : 'invalid recipe',
        message: missing ?? `the override ${recipe} in recipes/overrides cannot be read`,
      });
    }
    const { trust } = override.file;
    if (!trust)
      return no({
        kind: 'trust missing',
        message: 'the override has no trust info: nobody has vouched for its parent recipes',
      });
    try {
      const chain = await this.chainOf(override.name, override.file);
      const problems = untrue(trust, await trustInfoOf(chain));
      return problems.length === 0
        ? { ok: true, chain, searchDirs: chain.searchDirs }
        : no({ kind: 'trust changed', message: problems.join('; ') });
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof NotInPlace) return no({ kind: 'repository not in place', message });
      if (error instanceof ParentMissing)
        return no({ kind: 'parent missing', message, parent: error.parent });
      if (error instanceof Ambiguous) return no({ kind: 'trust changed', message });
      throw error;
    }
  }

  /**
   * What an override stands on, in the repositories that its trust info names; in all of them when that
   * doesn't lead to its parents.
   *
   * @throws NotInPlace, ParentMissing, Ambiguous
   */
  async chainOf(name: string, override: RecipeFile): Promise<Chain> {
    const { repositories } = this.#settings;
    const needed = named(override, repositories);
    if (needed.length > 0 && needed.length < repositories.length)
      try {
        return await resolveChain(name, override, await this.shelf(needed));
      } catch (error) {
        if (!(error instanceof ParentMissing)) throw error;
      }
    return await resolveChain(name, override, await this.shelf(repositories));
  }

  /** The recipes of these repositories, put in place. @throws NotInPlace */
  async shelf(repositories: readonly PinnedRepository[]): Promise<Shelf> {
    return new Shelf(await Promise.all(repositories.map((one) => this.#place(one))));
  }

  #place(repository: PinnedRepository): Promise<Checkout> {
    const key = `${repository.url} ${repository.commit}`;
    const known = this.#placed.get(key);
    if (known) return known;
    const cache =
      this.#settings.checkoutsDir ?? join(homedir(), '.cache', 'patchbot', 'recipe-repos');
    const placing = putInPlace(repository, cache, this.#log);
    this.#placed.set(key, placing);
    return placing;
  }
}

/** The repositories that an override's trust info speaks of, in the order of repos.yaml. */
function named(
  override: RecipeFile,
  repositories: readonly PinnedRepository[],
): readonly PinnedRepository[] {
  const { trust } = override;
  const files = trust ? [trust.parent_recipes, trust.non_core_processors] : [];
  const wanted = new Set(
    files
      .flatMap((one) => Object.values(one))
      .map(({ path }) => path && fromTrustPath(path, repositories)?.repository),
  );
  return repositories.filter((one) => wanted.has(one));
}

function no(distrust: Distrust): Vouched {
  return { ok: false, distrust };
}
