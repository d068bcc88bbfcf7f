import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { sameVersion } from '../lifecycle/version.ts';
import type { AutoPkgSettings, BuildResult, BuiltPackage, Job } from './autopkg.ts';
import { type CachedFile, fileOnDisk, receiptWritten } from './cache.ts';
import { checkForNews, type News } from './check.ts';
import { type RunOptions, runAutoPkg } from './command.ts';
import { downloadsIn } from './downloads.ts';
import { type Cause, causeOf, causeOfError, type FailureKind } from './failure.ts';
import { clear, type Journal, note } from './journal.ts';
import type { Download, Memory, Sealed } from './memory.ts';
import { plainLine } from './plain-line.ts';
import {
  type NamedPackage,
  packageIn,
  type Receipt,
  readReceipt,
  stoppedEarly,
} from './receipt.ts';
import { readReport } from './report.ts';

/** All that a title's run works with. */
export interface Work {
  readonly job: Job;
  readonly settings: AutoPkgSettings;
  /** The title's own cache folder. */
  readonly cache: string;
  readonly journal: Journal;
  /** What is known of earlier runs. */
  readonly memory: Memory | undefined;
  readonly log: (line: string) => void;
}

/** What to remember of a run that ended well, its duration aside. */
type Remembered = Omit<Memory, 'seconds'>;

export type RunEnd =
  | { readonly end: 'well'; readonly result: BuildResult; readonly memory: Remembered }
  | { readonly end: 'failed'; readonly cause: Cause };

/** What is in the cache led AutoPkg to no package that can be relied on. */
interface Stale {
  readonly end: 'stale';
  readonly why: string;
}

/**
 * Runs the recipe, and once more from an empty cache when what the cache holds stood in its way: AutoPkg
 * takes a download that is unchanged, or a package that is there, for the work done.
 */
export async function runToTheEnd(work: Work): Promise<RunEnd> {
  const { memory, log, cache } = work;
  const news = await checkForNews(work, runOnce);
  if (news.end === 'failed') return news;
  if (news.end === 'nothing new')
    return { end: 'well', result: { result: 'nothing new' }, memory: rememberedOf(memory) };
  const first = await buildOnce(work, news);
  if (first.end !== 'stale') return first;
  log(`patchbot: ${first.why}: its cache is emptied, and the recipe run again`);
  await clear(cache);
  const second = await buildOnce(work, { end: 'unknown' });
  return second.end === 'stale' ? failed('no package', second.why) : second;
}

async function buildOnce(work: Work, news: News): Promise<RunEnd | Stale> {
  const wasEmpty = await isEmpty(work.cache);
  const started = Temporal.Now.instant();
  const pkg = news.end === 'downloaded' ? news.path : undefined;
  const run = await runOnce(work, { cacheDir: work.cache, ...(pkg !== undefined && { pkg }) });
  if (run.end === 'failed') return run;
  const downloads =
    news.end === 'downloaded'
      ? news.downloads
      : await downloadsIn(run.receipt, work.cache, work.memory?.downloads);
  return packageOf(work, { ...run, started, wasEmpty, downloads });
}

/** A run of AutoPkg that ended well, by its receipt. */
export interface Ran {
  readonly end: 'ran';
  readonly receipt: Receipt;
  readonly receiptPath: string;
}

/** Runs AutoPkg once, in what is left of the title's time. */
export async function runOnce(
  { job, settings, cache, journal, log }: Work,
  options: Pick<RunOptions, 'cacheDir' | 'checkOnly' | 'pkg'>,
): Promise<Ran | { readonly end: 'failed'; readonly cause: Cause }> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'patchbot-autopkg-'));
    const report = join(folder, 'report.plist');
    const ran = await runAutoPkg(job.recipe, settings, {
      ...options,
      folder,
      report,
      limit: Math.max(journal.started + job.minutes * 60_000 - Date.now(), 1),
      log,
      onStart: (group) => note(cache, journal, group),
    });
    const cause = causeOf(job.recipe, ran, await readReport(report));
    if (cause) return { end: 'failed', cause };
    const receiptPath = receiptWritten(ran.stdout);
    if (!receiptPath) return failed('crashed', 'AutoPkg did not say where it wrote its receipt');
    const receipt = await readReceipt(receiptPath).catch(() => undefined);
    return receipt
      ? { end: 'ran', receipt, receiptPath }
      : failed('crashed', `the receipt ${receiptPath} cannot be read`);
  } catch (error) {
    return { end: 'failed', cause: causeOfError(error) };
  } finally {
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

interface Finished extends Ran {
  readonly started: Temporal.Instant;
  /** Whether there was anything in the cache that AutoPkg could have found. */
  readonly wasEmpty: boolean;
  readonly downloads: readonly Download[];
}

/** What a run that went well has come to. */
async function packageOf(work: Work, run: Finished): Promise<RunEnd | Stale> {
  const { receipt, started } = run;
  const sealed = work.memory?.package;
  const own = packageIn(receipt);
  if (own) {
    const file = await fileOnDisk(own.path);
    if (!file)
      return failed('no package', `the recipe says it made ${own.path}: there is no such file`);
    if (own.made || isSince(file, started)) return seal(own, file, run);
    if (sealed && sealed.path === own.path && sealed.size === file.size)
      return nothingNew(work, packageFrom(sealed, file));
    return { end: 'stale', why: `${own.path} is there, but no run has finished it` };
  }
  const file = sealed && (await fileOnDisk(sealed.path));
  if (sealed && file?.size === sealed.size) return nothingNew(work, packageFrom(sealed, file));
  // It was uploaded, so nobody misses the file.
  if (sealed && sameVersion(sealed.version, work.job.known)) return nothingNew(work);
  if (!run.wasEmpty)
    return { end: 'stale', why: 'there is no package of what AutoPkg has in its cache' };
  if (stoppedEarly(receipt)) return nothingNew(work);
  return failed('no package', 'the recipe ran to its end, and made no package');
}

function nothingNew({ memory }: Work, found?: BuiltPackage): RunEnd {
  return {
    end: 'well',
    result: { result: 'nothing new', ...(found && { package: found }) },
    memory: rememberedOf(memory),
  };
}

function rememberedOf(memory: Memory | undefined): Remembered {
  return {
    downloads: memory?.downloads ?? [],
    ...(memory?.package && { package: memory.package }),
  };
}

/** Makes sure that all of a new package is on disk, whatever happens to the machine from now on. */
async function seal(named: NamedPackage, file: CachedFile, run: Finished): Promise<RunEnd> {
  const { path, version } = named;
  if (!version) return failed('no package', `no step of the recipe says which version ${path} is`);
  if (file.size === 0) return failed('no package', `the recipe made ${path}, which is empty`);
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  const sealed: Sealed = {
    version,
    path,
    size: file.size,
    receipt: run.receiptPath,
    sealed: Temporal.Now.instant(),
  };
  return {
    end: 'well',
    result: { result: 'built', package: packageFrom(sealed, file) },
    memory: { package: sealed, downloads: [...run.downloads] },
  };
}

function packageFrom(sealed: Sealed, file: CachedFile): BuiltPackage {
  const { version, path, size, receipt } = sealed;
  return { version, path, file: basename(path), size, builtAt: file.modified, receipt };
}

/** File systems keep time coarser than the clock: what is a blink older counts too. */
function isSince(file: CachedFile, started: Temporal.Instant): boolean {
  return file.modified.epochMilliseconds >= started.epochMilliseconds - 20;
}

/** Whether the cache folder has nothing but notes of our own. */
async function isEmpty(cache: string): Promise<boolean> {
  const names = await readdir(cache).catch(() => []);
  return names.every((name) => name.endsWith('.json'));
}

export function failed(
  kind: FailureKind,
  message: string,
): { readonly end: 'failed'; readonly cause: Cause } {
  return { end: 'failed', cause: { kind, message: plainLine(message) } };
}
