import type { Digest } from './package.ts';

/** A file that a package was made from. */
export interface Download {
  /** Its address, without what may be secret in it: user, query and fragment. */
  readonly url: string;
  /** In lower-case hexadecimal; absent when the file was gone before it could be read. */
  readonly sha256?: string;
}

/** What a package was made from, as it was seen when it was made. */
export interface MadeFrom {
  readonly downloads: readonly Download[];
  /**
   * Whose signature AutoPkg has verified: the requirement that an application fulfilled, or the names of
   * an installer's authorities. None when no signature was verified to be somebody's in particular.
   */
  readonly signers: readonly string[];
  /** The recipes that made it, the override's parent first: "https://github.com/autopkg/recipes@0419167…". */
  readonly recipes: readonly { readonly identifier: string; readonly from: string }[];
  /** The SHA3-512 that Jamf Pro gave after the upload; absent when it gave none. */
  readonly storedDigest?: Digest;
}

/** Stands among the signers of a source where no signature was verified. */
export const nobody = 'nobody';

/** From where downloads come, and whose signature they carry. */
export interface Source {
  /** Scheme, host and port: "https://dl.google.com". */
  readonly origins: readonly string[];
  readonly signers: readonly string[];
}

/** Where a package came from. */
export function sourceOf({ downloads, signers }: MadeFrom): Source {
  return source(
    downloads.map(({ url }) => new URL(url).origin),
    signers.length > 0 ? signers : [nobody],
  );
}

/** All that either of two sources allows. */
export function eitherOf(a: Source | undefined, b: Source): Source {
  return source([...(a?.origins ?? []), ...b.origins], [...(a?.signers ?? []), ...b.signers]);
}

function source(origins: readonly string[], signers: readonly string[]): Source {
  return { origins: [...new Set(origins)].sort(), signers: [...new Set(signers)].sort() };
}
