import { mergedInput } from './addresses.ts';
import type { Catalog } from './catalog.ts';
import { type Chain, resolveChain } from './chain.ts';
import { Histories } from './history.ts';
import { recipeName } from './override.ts';
import { newOverride } from './override-file.ts';
import { shortName } from './repository.ts';
import { risksOf } from './risks.ts';
import { fileText, type PinnedRecipe, type Shelf } from './shelf.ts';
import { lastCommitsAtPins, trustInfoOf } from './trust-info.ts';
import { type RunFile, whatRuns } from './what-runs.ts';

/** A new override, and what it would run. */
export interface MadeOverride {
  /** "Firefox.pkg" */
  readonly name: string;
  readonly text: string;
  readonly chain: Chain;
  readonly files: readonly RunFile[];
  readonly risks: readonly string[];
}

/** No override can be made: what was asked for isn't there, is there twice, or is given up by its makers. */
export class NoOverride extends Error {
  override readonly name = 'NoOverride';
}

/**
 * Makes an override of a recipe in the pinned repositories, vouching for what they have: as `autopkg
 * make-override` does on a Mac whose repositories stand at the pinned commits. Nothing is written.
 *
 * @param recipe a name ("Firefox.pkg") or an identifier.
 * @throws NoOverride, NotInPlace, ParentMissing, Ambiguous
 */
export async function makeOverride(catalog: Catalog, recipe: string): Promise<MadeOverride> {
  const shelf = await catalog.shelf(catalog.repositories);
  const found = await findRecipe(shelf, recipe);
  const name = recipeName(found.path);
  const chain = await resolveChain(name, { parent: found.identifier, input: {}, steps: [] }, shelf);
  const isDeprecated = chain.recipes.some(({ recipe: one }) =>
    one.steps.some(({ processor }) => processor === 'DeprecationWarning'),
  );
  if (isDeprecated)
    throw new NoOverride(
      `${fileText(found)}, or a recipe that it builds on, is deprecated: its makers have given it up. Read why in its DeprecationWarning step, and choose another`,
    );
  const { IDENTIFIER: _, ...input } = mergedInput(chain);
  const histories = new Histories();
  const trust = await trustInfoOf(chain, lastCommitsAtPins(histories)).finally(() =>
    histories.close(),
  );
  const text = newOverride({
    identifier: `local.${name.split('.').reverse().join('.')}`,
    input,
    parent: found.identifier,
    trust,
  });
  const files = await whatRuns(chain);
  return { name, text, chain, files, risks: risksOf(undefined, { chain, files }) };
}

async function findRecipe(shelf: Shelf, recipe: string): Promise<PinnedRecipe> {
  const byIdentifier = await shelf.find(recipe);
  if (byIdentifier) return byIdentifier;
  const named = await shelf.named(recipeName(recipe));
  const [only] = named;
  if (only && named.length === 1) return only;
  const repositories = shelf.checkouts.map(({ repository }) => shortName(repository.url));
  throw new NoOverride(
    only
      ? `${named.length} recipes are called ${recipe}: say which by its identifier, ${named.map((one) => `${one.identifier} (${fileText(one)})`).join(' or ')}`
      : `none of the pinned repositories (${repositories.join(', ') || 'there are none'}) has a recipe ${recipe}: look for it with "autopkg search ${recipeName(recipe)}", and pin its repository in recipes/repos.yaml`,
  );
}
