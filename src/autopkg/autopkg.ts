import { join, resolve } from 'node:path';
import type { Temporal } from 'temporal-polyfill';
import type { Version } from '../lifecycle/version.ts';
import { isRecipeName } from './command.ts';
import { type Cause, causeOfError, type FailureKind } from './failure.ts';
import { Busy, begin, finish, type Journal, undo } from './journal.ts';
import { recall, remember } from './memory.ts';
import { findOverride } from './override.ts';
import { plainLine } from './plain-line.ts';
import { remedyFor } from './remedy.ts';
import { runToTheEnd } from './run-recipe.ts';

/** How AutoPkg is run. Folders may be relative to the working directory. */
export interface AutoPkgSettings {
  /** The program; "autopkg" on the path by default. */
  readonly command?: string;
  /** The folder of the overrides: recipes/overrides. */
  readonly overridesDir: string;
  /** Where each title has a folder of its own for AutoPkg's downloads, packages and receipts. */
  readonly cacheDir: string;
  /**
   * Where what is remembered of each title is kept (see memory.ts); in the cache folder by default. A
   * runner that forgets needs this folder alone back.
   */
  readonly memoryDir?: string;
  /**
   * The only folders in which AutoPkg finds recipes and processors, besides the overrides: those of the
   * title's chain (see catalog.ts). None means that it finds none, whatever its preferences say.
   */
  readonly searchDirs?: readonly string[];
  /** Let AutoPkg tell what each step is given and gives back. */
  readonly verbose?: boolean;
}

/** What is to be built. */
export interface Job {
  /** The title's short name: names its folder in the cache, and what is remembered of it. */
  readonly title: string;
  /** The name or identifier of an override or recipe, such as "Firefox.pkg". */
  readonly recipe: string;
  /** The version whose package is in Jamf already, as the state says: it isn't needed any more. */
  readonly known?: Version;
  /** After so many minutes AutoPkg is ended, with all that it has started. */
  readonly minutes: number;
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
  /** The path of the receipt of the run that made it. */
  readonly receipt: string;
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
  /** This run made a package, all of which is on disk. */
  | { readonly result: 'built'; readonly package: BuiltPackage }
  /**
   * This run made none. `package` is the last one that a run made; absent when its file is gone and not
   * needed any more, or when there has never been one.
   */
  | { readonly result: 'nothing new'; readonly package?: BuiltPackage }
  | { readonly result: 'failed'; readonly failure: BuildFailure };

/**
 * Runs AutoPkg for one title's recipe, always with its parents' trust checked, and says what package
 * it has come to. Whatever goes wrong is a result, not an exception.
 *
 * However it ends, killed or not, the next run starts from where the last good one ended: what a run
 * that came to nothing has made is removed (see journal.ts), and a package counts only after a
 * note that all of it is on disk (see memory.ts).
 *
 * @param log is given AutoPkg's output line by line, made safe to print in a workflow.
 */
export async function build(
  job: Job,
  settings: AutoPkgSettings,
  log: (line: string) => void,
): Promise<BuildResult> {
  const { recipe, title } = job;
  if (!isRecipeName(recipe)) {
    const message = 'this is not the name or identifier of a recipe';
    return failure(job, settings, { kind: 'usage', message });
  }
  const cache = join(resolve(settings.cacheDir), title);
  const memories = memoryFolder(settings);
  let journal: Journal;
  try {
    journal = await begin(cache);
  } catch (error) {
    const cause =
      error instanceof Busy
        ? ({ kind: 'busy', message: error.message } as const)
        : causeOfError(error);
    return failure(job, settings, cause);
  }
  const memory = await recall(memories, title);
  const run = await runToTheEnd({ job, settings, cache, journal, memory, log });
  if (run.end === 'failed') {
    await undo(cache, journal);
    return failure(job, settings, run.cause);
  }
  try {
    const seconds = (Date.now() - journal.started) / 1000;
    await remember(memories, title, { ...run.memory, seconds }, run.result.result === 'built');
  } catch (error) {
    await undo(cache, journal);
    return failure(job, settings, causeOfError(error));
  }
  await finish(cache);
  return run.result;
}

/** How long a title's run took the last time, in seconds; undefined when that is not known. */
export async function secondsOf(
  title: string,
  settings: AutoPkgSettings,
): Promise<number | undefined> {
  return (await recall(memoryFolder(settings), title))?.seconds;
}

/** Titles' own folders have names without a dot in front. */
function memoryFolder({ memoryDir, cacheDir }: AutoPkgSettings): string {
  return resolve(memoryDir ?? join(cacheDir, '.memory'));
}

async function failure(job: Job, settings: AutoPkgSettings, cause: Cause): Promise<BuildResult> {
  const override = await findOverride(job.recipe, settings.overridesDir);
  const recipe = plainLine(job.recipe, 128);
  return {
    result: 'failed',
    failure: { ...cause, recipe, remedy: remedyFor(cause, recipe, settings, override) },
  };
}
