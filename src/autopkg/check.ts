import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameVersion } from '../lifecycle/version.ts';
import { fileOnDisk } from './cache.ts';
import { downloadSteps, downloadsIn } from './downloads.ts';
import type { Cause } from './failure.ts';
import type { Download } from './memory.ts';
import { layPlaceholder } from './placeholder.ts';
import type { runOnce, Work } from './run-recipe.ts';

/** Whether the vendor has anything new. */
export type News =
  /** It wasn't asked: the recipe is to be run, and will find out. */
  | { readonly end: 'unknown' }
  | { readonly end: 'nothing new' }
  /** This is new, and already in the title's cache. */
  | { readonly end: 'downloaded'; readonly path: string; readonly downloads: readonly Download[] }
  | { readonly end: 'failed'; readonly cause: Cause };

/**
 * Asks whether anything is new on a runner that has forgotten the downloads, without downloading again
 * what is unchanged: the recipe's check phase runs on placeholders that have their sizes, ETags and
 * dates.
 *
 * What went wrong with this for others, and how it can't here:
 * - A placeholder was taken for the download, and a package made of zeros. So placeholders are laid in a
 *   cache folder for the check alone, which is gone before the recipe runs in earnest.
 * - What the server said was kept though the run failed later, so that the version never came. So it is
 *   kept with the package that was made of it, and believed only when the state says that this very
 *   version is in Jamf.
 * - AutoPkg names the attributes otherwise on Linux, so all was downloaded each time, silently. So a test
 *   with the real AutoPkg counts what the server was asked for.
 *
 * A changed download is moved to the title's cache and given to the recipe by AutoPkg's own `--pkg`, so
 * that it isn't downloaded twice; only a recipe with several downloads gets it again.
 */
export async function checkForNews(work: Work, run: typeof runOnce): Promise<News> {
  const { job, memory, cache, log } = work;
  if (!memory?.package || !sameVersion(memory.package.version, job.known)) return unknown;
  if (memory.downloads.length === 0) return unknown;
  for (const { path } of memory.downloads) if (await fileOnDisk(join(cache, path))) return unknown;

  const checkCache = join(cache, 'check');
  await rm(checkCache, { recursive: true, force: true });
  try {
    for (const download of memory.downloads) await layPlaceholder(checkCache, download);
    const checked = await run(work, { cacheDir: checkCache, checkOnly: true });
    if (checked.end === 'failed') {
      if (!/missing EndOfCheckPhase/.test(checked.cause.message)) return checked;
      log('patchbot: the recipe has no check phase, so it is run, and downloads everything');
      return unknown;
    }
    const steps = downloadSteps(checked.receipt);
    const [changed, ...others] = steps.filter((step) => step.changed);
    if (!changed) return steps.length > 0 ? { end: 'nothing new' } : unknown;
    if (others.length > 0 || steps.length > 1) return unknown;
    const downloads = await downloadsIn(checked.receipt, checkCache);
    const [download] = downloads;
    if (!download) return unknown;
    const path = join(cache, download.path);
    await mkdir(dirname(path), { recursive: true });
    await rename(changed.path, path);
    return { end: 'downloaded', path, downloads };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log(`patchbot: could not ask for news alone, so the recipe is run: ${why}`);
    return unknown;
  } finally {
    await rm(checkCache, { recursive: true, force: true });
  }
}

const unknown = { end: 'unknown' } as const;
