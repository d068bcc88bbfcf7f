/**
 * A version of an application, as its vendor writes it ("127.0.6533.73", "16.89 (24090815)").
 *
 * It is no string: versions of Mac applications are not semver, so nothing here orders them
 * (order comes from the patch definitions, see `order` in `definition.ts`). Two versions are the same when the
 * whole text is the same.
 */
export interface Version {
  readonly kind: 'version';
  readonly text: string;
}

/** The longest version text accepted: longer ones are a recipe's mistake, not a version. */
export const longestVersion = 128;

/**
 * Reads a version as a recipe, a patch source or a state file gives it; surrounding white space is
 * dropped.
 *
 * @throws RangeError when nothing is left, when it is absurdly long, or when it holds control or
 *   invisible characters (it will be shown in messages and put into branch names, and two versions
 *   that look the same must be the same).
 */
export function version(text: string): Version {
  const trimmed = text.trim();
  if (trimmed === '') throw new RangeError('a version must not be empty');
  if (trimmed.length > longestVersion)
    throw new RangeError(`a version must not be longer than ${longestVersion} characters`);
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(trimmed))
    throw new RangeError(
      'a version must not hold line breaks, control characters or invisible ones',
    );
  return { kind: 'version', text: trimmed };
}

/** Whether two versions are the same: the whole string, never a part of it (design, rule 10). */
export function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a !== undefined && b !== undefined && a.text === b.text;
}
