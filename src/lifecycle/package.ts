import type { MadeFrom } from './made-from.ts';
import type { Version } from './version.ts';

/** The SHA3-512 digest of a package's file, in lower-case hexadecimal: what makes two packages one. */
export type Digest = string & { readonly brand: 'sha3-512' };

/** The id of a package record in Jamf Pro: an opaque text, though it looks like a number. */
export type PackageId = string & { readonly brand: 'jamf package id' };

/**
 * Reads a digest.
 *
 * @throws RangeError when it is not 128 hexadecimal digits.
 */
export function digest(text: string): Digest {
  const lower = text.toLowerCase();
  if (!/^[0-9a-f]{128}$/.test(lower))
    throw new RangeError('a SHA3-512 digest has 128 hexadecimal digits');
  return lower as Digest;
}

/** Reads a package id as Jamf gave it. */
export function packageId(text: string): PackageId {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(text))
    throw new RangeError(`"${text}" is not a Jamf package id`);
  return text as PackageId;
}

/** A built installer, as AutoPkg made it and as Jamf stores it. */
export interface Package {
  readonly version: Version;
  /** The file's name, without folders: "Firefox-127.0.pkg". */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** The identity: the file name can lie, this can't. */
  readonly digest: Digest;
  readonly jamfId: PackageId;
  /** Absent when nobody looked: a person wrote the package into the state. */
  readonly madeFrom?: MadeFrom;
}
