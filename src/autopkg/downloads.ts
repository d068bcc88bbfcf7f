import { isAbsolute, join, relative } from 'node:path';
import { fileOnDisk } from './cache.ts';
import type { Download } from './memory.ts';
import type { Receipt } from './receipt.ts';

/** A file that a step downloaded, or found unchanged. */
export interface Downloaded {
  /** Absolute. */
  readonly path: string;
  readonly changed: boolean;
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What the steps of a run downloaded or found unchanged (URLDownloader and its kin), in their order. */
export function downloadSteps(receipt: Receipt): readonly Downloaded[] {
  return receipt.flatMap(({ Processor, Output }) => {
    const path = Output?.['pathname'];
    if (!Processor?.includes('URLDownloader') || typeof path !== 'string' || !isAbsolute(path))
      return [];
    const text = (key: string) => {
      const value = Output?.[key];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const [etag, lastModified] = [text('etag'), text('last_modified')];
    return [
      {
        path,
        changed: Output?.['download_changed'] === true,
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { lastModified }),
      },
    ];
  });
}

/**
 * What to remember of a run's downloads. Of one that was unchanged the receipt doesn't say what its
 * server said of it, so what was known stays.
 *
 * @param cache the cache folder of the run, in which they are.
 */
export async function downloadsIn(
  receipt: Receipt,
  cache: string,
  known: readonly Download[] = [],
): Promise<readonly Download[]> {
  const downloads: Download[] = [];
  for (const { path, changed, etag, lastModified } of downloadSteps(receipt)) {
    const within = relative(cache, path);
    if (within.startsWith('..')) continue;
    if (!changed) {
      downloads.push(...known.filter((one) => one.path === within));
      continue;
    }
    const size = (await fileOnDisk(join(cache, within)))?.size;
    if (size)
      downloads.push({
        path: within,
        size,
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { lastModified }),
      });
  }
  return downloads;
}
