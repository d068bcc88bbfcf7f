import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve, sep } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Version } from '../lifecycle/version.ts';
import { fileOnDisk, newestPackage, receiptWritten } from './cache.ts';
import { isRecipeName, runAutoPkg } from './command.ts';
import { type Cause, causeOf, type FailureKind } from './failure.ts';
import { findOverride } from './override.ts';
import { plainLine } from './plain-line.ts';
import {
  cacheFolderIn,
  downloadIn,
  type NamedPackage,
  packageIn,
  readReceipt,
  stoppedEarly,
} from './receipt.ts';
import { remedyFor } from './remedy.ts';
import { readReport } from './report.ts';

/** How AutoPkg is run. Folders may be relative to the working directory. */
export interface AutoPkgSettings {
  /** The program; "autopkg" on the path by default. */
  readonly command?: string;
  /** The folder of the overrides: recipes/overrides. */
  readonly overridesDir: string;
  /** Where AutoPkg keeps downloads, packages and receipts; its own preference by default. */
  readonly cacheDir?: string;
  /**
   * The only folders in which AutoPkg finds recipes and processors, besides the overrides: those of the
   * title's chain (see catalog.ts). None means that it finds none, whatever its preferences say.
   */
  readonly searchDirs?: readonly string[];
  /** Let AutoPkg tell what each step is given and gives back. */
  readonly verbose?: boolean;
}

/** A package as AutoPkg left it on disk. */
export interface BuiltPackage {
  readonly version: Version;
  /** Absolute. */
  readonly path: string;
  /** The file's name alone. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** When the file was last written. */
  readonly builtAt: Temporal.Instant;
}

/** Why no package came out, and what to try first. */
export interface BuildFailure {
  readonly kind: FailureKind;
  readonly recipe: string;
  /** The processor in which it happened. */
  readonly step?: string;
  /** One line of plain text, bounded in length. */
  readonly message: string;
  /** What the download's server answered. */
  readonly httpStatus?: number;
  /** The first thing to try: a command where there is one. */
  readonly remedy: string;
}

export type BuildResult =
  /** This run made a package. */
  | { readonly result: 'built'; readonly package: BuiltPackage }
  /**
   * This run made none. `package` is what the newest receipt that names one says is on disk; absent
   * when its file is gone, or when no run has ever named one.
   */
  | { readonly result: 'nothing new'; readonly package?: BuiltPackage }
  | { readonly result: 'failed'; readonly failure: BuildFailure };

/**
 * Runs AutoPkg for one title's recipe, always with its parents' trust checked, and says what package
 * it has come to. Whatever goes wrong is a result, not an exception.
 *
 * One case is mended on the way: a run that downloaded something new but ended before it made the package
 * (it failed later, or was killed) leaves a download that is "unchanged" ever after, and a recipe that
 * stops at that would never make the package. Such a download is removed, and the recipe run again.
 *
 * @param recipe the name or identifier of an override or recipe, such as "Firefox.pkg".
 * @param log is given AutoPkg's output line by line, made safe to print in a workflow.
 */
export async function build(
  recipe: string,
  settings: AutoPkgSettings,
  log: (line: string) => void,
): Promise<BuildResult> {
  if (!isRecipeName(recipe))
    return {
      result: 'failed',
      failure: {
        kind: 'usage',
        recipe: plainLine(recipe, 128),
        message: 'this is not the name or identifier of a recipe',
        remedy: 'write the title\'s "recipe" as the override\'s file is called: Firefox.pkg',
      },
    };
  const run = await runToTheEnd(recipe, settings, log);
  if (run.end === 'well') return run.result;
  const { cause } = run;
  const override = await findOverride(recipe, settings.overridesDir);
  const remedy = remedyFor(cause, recipe, settings, override);
  return { result: 'failed', failure: { ...cause, recipe, remedy } };
}

/** Runs the recipe, and once more when an earlier run left a download without a package. */
async function runToTheEnd(
  recipe: string,
  settings: AutoPkgSettings,
  log: (line: string) => void,
): Promise<WellOrFailed> {
  const first = await runOnce(recipe, settings, log);
  if (first.end !== 'unfinished download') return first;
  log(
    `autopkg: an earlier run ended before it made a package of ${first.download}: it is downloaded again`,
  );
  await rm(first.download, { force: true });
  const second = await runOnce(recipe, settings, log);
  if (second.end !== 'unfinished download') return second;
  return failed('no package', `the recipe makes no package of its download ${second.download}`);
}

type WellOrFailed =
  | { readonly end: 'well'; readonly result: BuildResult }
  | { readonly end: 'failed'; readonly cause: Cause };

type RunEnd = WellOrFailed | { readonly end: 'unfinished download'; readonly download: string };

async function runOnce(
  recipe: string,
  settings: AutoPkgSettings,
  log: (line: string) => void,
): Promise<RunEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-autopkg-'));
  const reportPath = join(folder, 'report.plist');
  try {
    const started = Temporal.Now.instant();
    const ran = await runAutoPkg(recipe, settings, reportPath, folder, log);
    const cause = causeOf(recipe, ran, await readReport(reportPath));
    if (cause) return { end: 'failed', cause };
    const receipt = receiptWritten(ran.stdout);
    if (!receipt) return failed('crashed', 'AutoPkg did not say where it wrote its receipt');
    return await packageOf(receipt, started);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed('usage', `AutoPkg could not be run: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a run that went well has come to, by its receipt. */
async function packageOf(receiptPath: string, started: Temporal.Instant): Promise<RunEnd> {
  const receipt = await readReceipt(receiptPath).catch(() => undefined);
  if (!receipt) return failed('crashed', `the receipt ${receiptPath} cannot be read`);

  const own = packageIn(receipt);
  if (own) {
    const found = await onDisk(own);
    if (!found)
      return failed('no package', `the recipe says it made ${own.path}: there is no such file`);
    if (found === 'no version') return withoutVersion(own);
    const isNew = own.made || Temporal.Instant.compare(found.builtAt, started) >= 0;
    return { end: 'well', result: { result: isNew ? 'built' : 'nothing new', package: found } };
  }

  const earlier = await newestPackage(receiptPath);
  if (stoppedEarly(receipt)) {
    const download = await unfinishedDownload(receipt, earlier?.receiptFrom);
    if (download) return { end: 'unfinished download', download };
  } else if (!earlier)
    return failed('no package', 'the recipe ran to its end, and made no package');
  if (!earlier) return { end: 'well', result: { result: 'nothing new' } };
  const found = await onDisk(earlier.named);
  if (found === 'no version') return withoutVersion(earlier.named);
  return { end: 'well', result: { result: 'nothing new', ...(found && { package: found }) } };
}

/**
 * The download that no run has made a package of: newer than the receipt of the last run that named a
 * package. Only a file in the recipe's own cache folder, as it will be removed.
 */
async function unfinishedDownload(
  receipt: Awaited<ReturnType<typeof readReceipt>>,
  lastPackage: Temporal.Instant | undefined,
): Promise<string | undefined> {
  const cache = cacheFolderIn(receipt);
  const named = downloadIn(receipt);
  if (!cache || !named) return undefined;
  const path = resolve(named);
  if (!path.startsWith(join(cache, 'downloads') + sep)) return undefined;
  const file = await fileOnDisk(path);
  if (!file) return undefined;
  if (lastPackage && Temporal.Instant.compare(file.modified, lastPackage) <= 0) return undefined;
  return path;
}

async function onDisk(named: NamedPackage): Promise<BuiltPackage | 'no version' | undefined> {
  const file = await fileOnDisk(named.path);
  if (!file) return undefined;
  if (!named.version) return 'no version';
  return {
    version: named.version,
    path: named.path,
    file: basename(named.path),
    size: file.size,
    builtAt: file.modified,
  };
}

function withoutVersion(named: NamedPackage): WellOrFailed {
  return failed('no package', `no step of the recipe says which version ${named.path} is`);
}

function failed(kind: FailureKind, message: string): WellOrFailed {
  return { end: 'failed', cause: { kind, message: plainLine(message) } };
}
