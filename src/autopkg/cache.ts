import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { type NamedPackage, packageIn, readReceipt } from './receipt.ts';

/** As many receipts are read at most: AutoPkg keeps one of every run, for ever. */
const mostReceipts = 500;

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

/** The package that an earlier run ended with, and when that run's receipt was written. */
export interface EarlierPackage {
  readonly named: NamedPackage;
  readonly receiptFrom: Temporal.Instant;
}

/**
 * The package of the newest receipt that names one, in the folder of the given receipt. Older ones
 * than that don't count, even when its file is gone: they would be a step back.
 */
export async function newestPackage(receipt: string): Promise<EarlierPackage | undefined> {
  const folder = dirname(receipt);
  for (const name of (await receiptsIn(folder)).slice(0, mostReceipts)) {
    const path = join(folder, name);
    const written = await fileOnDisk(path);
    const named = await readReceipt(path).then(packageIn, () => undefined);
    if (named && written) return { named, receiptFrom: written.modified };
  }
  return undefined;
}

/** The names of the receipts, newest first; one cache folder can hold those of several recipe names. */
async function receiptsIn(folder: string): Promise<string[]> {
  const timed = (await readdir(folder)).flatMap((name) => {
    const stamp = /-receipt-(\d{8}-\d{6})\.plist$/.exec(basename(name))?.[1];
    return stamp ? [{ name, stamp }] : [];
  });
  return timed
    .sort((a, b) => (a.stamp === b.stamp ? 0 : a.stamp < b.stamp ? 1 : -1))
    .map(({ name }) => name);
}
