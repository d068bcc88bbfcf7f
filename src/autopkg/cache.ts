import { stat } from 'node:fs/promises';
import { Temporal } from 'temporal-polyfill';

/** A file of AutoPkg's cache, as it is on disk. */
export interface CachedFile {
  readonly size: number;
  readonly modified: Temporal.Instant;
}

/** The file, or undefined when there is none; a folder (an old bundle-style package) is none either. */
export async function fileOnDisk(path: string): Promise<CachedFile | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return undefined;
    return {
      size: found.size,
      modified: Temporal.Instant.fromEpochMilliseconds(Math.floor(found.mtimeMs)),
    };
  } catch {
    return undefined;
  }
}

/**
 * Where AutoPkg wrote the receipt of a run, as it says at the end of a run with `-v`: so neither its
 * preferences nor its way of naming cache folders are guessed at.
 */
export function receiptWritten(stdout: string): string | undefined {
  return [...stdout.matchAll(/^Receipt written to (.+)$/gm)].at(-1)?.[1]?.trim();
}
