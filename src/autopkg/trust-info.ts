import type { Chain } from './chain.ts';
import { isCoreProcessor } from './core-processors.ts';
import type { Histories } from './history.ts';
import type { TrustedFile, TrustInfo } from './recipe-file.ts';
import { trustPath } from './repository.ts';
import { type PinnedFile, sha256Of } from './shelf.ts';

/** The newest commit that touched a file; undefined when that isn't known. */
export type LastCommit = (file: PinnedFile) => Promise<string | undefined>;

/** The newest commits of files as far as their repositories are pinned. */
export function lastCommitsAtPins(histories: Histories): LastCommit {
  return async ({ checkout, path }) => {
    const { url, commit } = checkout.repository;
    return (await histories.of(url)).lastCommitOf(commit, [path]);
  };
}

/** What AutoPkg writes where a processor's file can't be found. */
const notFound = 'PROCESSOR FILEPATH NOT FOUND';

/**
 * The trust info of a chain as it is, equal to what `autopkg update-trust-info` writes on a Mac whose
 * repositories were added with `autopkg repo-add` and stand at the pinned commits (`get_trust_info`,
 * Code/autopkg): all recipes from the override's parent on, and each processor that isn't AutoPkg's own.
 *
 * @param lastCommit gives the `git_hash`, which is left out when it isn't known. AutoPkg doesn't verify
 *   it: with it, it shows what changed since.
 */
export async function trustInfoOf(chain: Chain, lastCommit?: LastCommit): Promise<TrustInfo> {
  const trusted = async (file: PinnedFile): Promise<TrustedFile> => {
    const commit = await lastCommit?.(file);
    return {
      ...(commit !== undefined && { git_hash: commit }),
      path: trustPath(file.checkout.repository.url, file.path),
      sha256_hash: await sha256Of(file),
    };
  };
  const recipes: TrustInfo['parent_recipes'] = {};
  for (const recipe of chain.recipes) recipes[recipe.identifier] = await trusted(recipe);
  const processors: TrustInfo['non_core_processors'] = {};
  // The override's own steps are the repository's own, and nobody else's to vouch for.
  const asked = new Set(
    chain.recipes.flatMap(({ recipe }) => recipe.steps.map((one) => one.processor)),
  );
  for (const { processor, file } of chain.processors)
    if (asked.has(processor) && !isCoreProcessor(processor))
      processors[processor] = file ? await trusted(file) : { path: '', sha256_hash: notFound };
  return { non_core_processors: processors, parent_recipes: recipes };
}

/**
 * What in an override's trust info isn't true of its chain, in words; empty when it may run. As
 * AutoPkg's `verify_parent_trust`: the same recipes, the same processors, and the same SHA-256 of each.
 */
export function untrue(vouched: TrustInfo, actual: TrustInfo): readonly string[] {
  return [
    ...differing('parent recipe', vouched.parent_recipes, actual.parent_recipes),
    ...differing('processor', vouched.non_core_processors, actual.non_core_processors),
  ];
}

type Trusted = Readonly<Record<string, TrustedFile>>;

function differing(what: string, vouched: Trusted, actual: Trusted): string[] {
  const names = new Set([...Object.keys(vouched), ...Object.keys(actual)]);
  return [...names].sort().flatMap((name) => {
    const was = vouched[name];
    const is = actual[name];
    if (!was) return [`nobody has vouched for the ${what} ${name}`];
    if (!is)
      return [`the ${what} ${name}, which was vouched for, is not among those that would run`];
    return was.sha256_hash === is.sha256_hash
      ? []
      : [`the ${what} ${name} is not as it was when it was vouched for`];
  });
}
