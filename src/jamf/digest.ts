import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type Digest, digest } from '../lifecycle/package.ts';

/** How much of a file is read at once, in bytes: memory stays at a few of these at any size. */
const pieceSize = 256 * 1024;

/** A file piece by piece; the next one is read while the last one is worked on. */
export async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const read = async () => {
    const piece = Buffer.allocUnsafeSlow(pieceSize);
    const { bytesRead } = await file.read(piece, 0, pieceSize);
    return piece.subarray(0, bytesRead);
  };
  let next = read();
  try {
    for (;;) {
      const piece = await next;
      if (piece.length === 0) return;
      next = read();
      yield piece;
    }
  } finally {
    await next.catch(() => {});
    await file.close();
  }
}

/**
 * The SHA3-512 digest of a file, which Jamf Pro computes of its own copy too; computed while
 * reading it in pieces.
 *
 * @throws Error when it can't be read.
 */
export async function digestOf(path: string): Promise<Digest> {
  const hash = createHash('sha3-512');
  for await (const piece of piecesOf(path)) hash.update(piece);
  return digest(hash.digest('hex'));
}
