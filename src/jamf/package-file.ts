import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Digest } from '../lifecycle/package.ts';
import { JamfError } from './error.ts';
import { sizeText } from './progress.ts';

/** A package as it lies on disk. */
export interface PackageFile {
  readonly path: string;
  /** The file's name, without folders. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/** What a single request to Jamf Cloud's storage is known to take, in bytes. */
const large = 5 * 1024 ** 3;

/** What tells a file from itself after a change: any write moves at least one of them. */
export type Stamp = Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;

/**
 * Makes sure that this is a file which can be sent.
 *
 * @returns its stamp, to know later whether it has changed since.
 * @throws JamfError when it is a folder, empty, or no longer the one that was measured.
 */
export async function checkFile(
  { path, file, size }: PackageFile,
  log: (line: string) => void,
): Promise<Stamp> {
  const tried = `upload ${file}`;
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new JamfError(tried, {
      answer: 'the file is not there',
      remedy: 'Let AutoPkg build it again.',
    });
  if (found.isDirectory())
    throw new JamfError(tried, {
      answer: 'it is a folder, a package of the old bundle style, and Jamf Pro takes only files',
      remedy:
        'Let the recipe make a flat package (PkgCreator, or productbuild --package), or a zip archive or disk image of the folder.',
    });
  if (found.size !== size)
    throw new JamfError(tried, {
      answer: `it has ${found.size} bytes, and had ${size} when it was measured`,
      remedy: 'Something writes to it: look whether two AutoPkg runs share a cache, and run again.',
    });
  if (size === 0)
    throw new JamfError(tried, {
      answer: 'it is empty',
      remedy: "Delete it from AutoPkg's cache, and let AutoPkg build it again.",
    });
  if (size > large)
    log(
      `Jamf Pro: ${file} has ${sizeText(size)}. Jamf documents no limit, but more than 5 GiB has been seen to fail at its storage; if this does, split the package or take the file off the cloud distribution point`,
    );
  return found;
}

/** Whether a file is still the one that had this stamp. */
export async function isUnchanged(path: string, stamp: Stamp): Promise<boolean> {
  const now = await stat(path).catch(() => undefined);
  const marks = ['ino', 'size', 'mtimeMs', 'ctimeMs'] as const;
  return now !== undefined && marks.every((mark) => now[mark] === stamp[mark]);
}

/** A file that something has written to since its digest was computed. */
export function changedFile(file: string): JamfError {
  return new JamfError(`upload ${file}`, {
    answer: 'the file has changed since its digest was computed',
    remedy: 'Something writes to it: look whether two AutoPkg runs share a cache, and run again.',
  });
}
