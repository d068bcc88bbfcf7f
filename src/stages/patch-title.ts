import type { PatchTitle } from '../jamf/jamf.ts';

/** The patch title that a recipe's product most likely is, or those that it could be. */
export type Guess =
  | { readonly guess: 'one'; readonly name: string }
  | { readonly guess: 'none'; readonly near: readonly string[] };

/**
 * Looks for the patch title of a product by its name alone: "GoogleChrome" is "Google Chrome". It counts only
 * when nothing but spelling differs, and only one does; what is merely near is for a person to choose.
 */
export function guessPatchTitle(product: string, titles: readonly PatchTitle[]): Guess {
  const wanted = bare(product);
  const names = titles.map(({ name }) => name);
  const same = names.filter((name) => bare(name) === wanted);
  const [only] = same;
  if (only && same.length === 1) return { guess: 'one', name: only };
  const near = names.filter((name) => {
    const has = bare(name);
    return wanted.length > 2 && (has.includes(wanted) || wanted.includes(has));
  });
  return { guess: 'none', near: (same.length > 0 ? same : near).slice(0, 8) };
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
