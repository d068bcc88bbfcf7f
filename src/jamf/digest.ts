import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Digest, digest } from '../lifecycle/package.ts';

/** How much of a file is read at once, in bytes: memory stays at a few of these at any size. */
export const chunkSize = 1024 * 1024;

/** A SHA3-512 as it grows: what Jamf Pro itself computes of a package's file. */
export function growingDigest() {
  return createHash('sha3-512');
}

/** The SHA3-512 digest of a file, read in pieces. @throws Error when it can't be read. */
export async function digestOf(path: string): Promise<Digest> {
  const hash = growingDigest();
  for await (const chunk of createReadStream(path, { highWaterMark: chunkSize }))
    hash.update(chunk);
  return digest(hash.digest('hex'));
}
