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

/**
 * Makes sure that this is a file which can be sent.
 *
 * @throws JamfError when it is a folder, empty, or no longer the one that was measured.
 */
export async function checkFile(
  { path, file, size }: PackageFile,
  log: (line: string) => void,
): Promise<void> {
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
}
