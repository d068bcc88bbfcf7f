import { sameVersion, type Version, version } from './version.ts';

/** What a patch source says exists: a version of a title. */
export interface Definition {
  /** Exactly as Jamf spells it, a build suffix in brackets included. */
  readonly version: Version;
  /** When the vendor released it, as the patch source says: "2026-11-20 13:36:04", no time zone. */
  readonly releaseDate?: string;
  /** Jamf's own order of the definitions; which end is the newest is not documented. */
  readonly absoluteOrderId?: number;
}

/** What looking for the definition of a version found. */
export type DefinitionMatch =
  | { readonly found: 'one'; readonly definition: Definition }
  | { readonly found: 'none' }
  | { readonly found: 'several'; readonly candidates: readonly Definition[] };

/**
 * Finds the patch definition of a package's version (design, rule 10): the whole string, or the
 * whole string less a build suffix that the patch source adds in brackets ("17.0.1 (8472)"), or what
 * the title's own `definition-version` pattern takes out of the definition's version. Never a
 * substring: that took 1.2 for 11.2 in the original.
 *
 * An exact match wins over a match by suffix; two candidates of the same rank are `several`, never a guess.
 *
 * @param pattern the title's `definition-version`: its first group (or its whole match) in the
 *   definition's version must equal the package's version.
 */
export function definitionOf(
  wanted: Version,
  definitions: readonly Definition[],
  pattern?: RegExp,
): DefinitionMatch {
  const ranks: ((definition: Definition) => boolean)[] = pattern
    ? [(definition) => extracted(definition.version, pattern) === wanted.text]
    : [
        (definition) => sameVersion(definition.version, wanted),
        (definition) => withoutBuild(definition.version) === wanted.text,
      ];
  for (const matches of ranks) {
    const candidates = definitions.filter(matches);
    const [only] = candidates;
    if (only && candidates.length === 1) return { found: 'one', definition: only };
    if (candidates.length > 1) return { found: 'several', candidates };
  }
  return { found: 'none' };
}

function withoutBuild(of: Version): string {
  return of.text.replace(/\s*\([^()]*\)$/, '');
}

function extracted(of: Version, pattern: RegExp): string | undefined {
  const match = pattern.exec(of.text);
  return match ? (match[1] ?? match[0]) : undefined;
}

/** Which of two versions the patch definitions call the newer one. */
export type Order = 'older' | 'same' | 'newer' | 'unknown';

/**
 * Compares `a` with `b` by the patch definitions ("older": a is older than b). Mac versions aren't
 * semver, so their text is not asked. Jamf doesn't document which end of `absoluteOrderId` is the newest, so
 * the direction is read off the release dates; where those don't tell, the answer is `unknown`.
 */
export function order(a: Version, b: Version, definitions: readonly Definition[]): Order {
  if (sameVersion(a, b)) return 'same';
  const first = definitions.find((one) => sameVersion(one.version, a));
  const second = definitions.find((one) => sameVersion(one.version, b));
  if (!first || !second) return 'unknown';
  const direction = newestEnd(definitions);
  if (
    direction !== 'unknown' &&
    first.absoluteOrderId !== undefined &&
    second.absoluteOrderId !== undefined
  ) {
    const higherIsNewer = direction === 'highest';
    return first.absoluteOrderId > second.absoluteOrderId === higherIsNewer ? 'newer' : 'older';
  }
  if (!first.releaseDate || !second.releaseDate || first.releaseDate === second.releaseDate)
    return 'unknown';
  return first.releaseDate > second.releaseDate ? 'newer' : 'older';
}

/** Which end of the definitions' `absoluteOrderId` is the newest, voted by their release dates. */
export function newestEnd(definitions: readonly Definition[]): 'highest' | 'lowest' | 'unknown' {
  const dated = definitions
    .filter((one) => one.absoluteOrderId !== undefined && one.releaseDate !== undefined)
    .sort((x, y) => (x.absoluteOrderId ?? 0) - (y.absoluteOrderId ?? 0));
  let votes = 0;
  for (const [index, one] of dated.entries()) {
    const next = dated[index + 1]?.releaseDate;
    if (next === undefined || one.releaseDate === undefined || next === one.releaseDate) continue;
    votes += next > one.releaseDate ? 1 : -1;
  }
  if (votes === 0) return 'unknown';
  return votes > 0 ? 'highest' : 'lowest';
}

/** A definition of the given version text, for callers that have nothing but the text. */
export function definition(text: string): Definition {
  return { version: version(text) };
}
