import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'plist';
import type { AutoPkgSettings } from './autopkg.ts';
import { environmentFor } from './environment.ts';
import { logLine } from './plain-line.ts';
import { type Ended, runProcess } from './process.ts';

/** How AutoPkg is to be run this time. */
export interface RunOptions {
  /** Where it keeps downloads, packages and receipts. */
  readonly cacheDir: string;
  /** Only look whether there is anything new to download. */
  readonly checkOnly?: boolean;
  /** A file that is given to the recipe instead of a download. */
  readonly pkg?: string;
  /**
   * Where it runs: an empty folder, for AutoPkg takes a file that is called like the recipe in the
   * working directory for the recipe itself.
   */
  readonly folder: string;
  readonly report: string;
  /** After so many milliseconds it is ended. */
  readonly limit: number;
  readonly log: (line: string) => void;
  readonly onStart: (group: number) => void;
}

/**
 * Whether AutoPkg can be asked for a recipe of this name or identifier. AutoPkg would take "-x" for an
 * option, "a/b" for a path, and "*" for a pattern of file names.
 */
export function isRecipeName(recipe: string): boolean {
  return /^[\p{L}\p{N}](?:[\p{L}\p{N} ._+&(),'-]{0,126}[\p{L}\p{N}.+)])?$/u.test(recipe);
}

/**
 * The arguments of a run. Options as AutoPkg's `run_recipes` reads them (Code/autopkg):
 * - `-q` because without it AutoPkg asks whether to search GitHub for a recipe that it doesn't know;
 * - `-v` because only then it says where it wrote the receipt;
 * - `FAIL_RECIPES_WITHOUT_TRUST_INFO` must be "yes": any text but the empty one counts as on, "no" too;
 * - `--search-dir` replaces the search folders of AutoPkg's preferences;
 * - `--check` ends the recipe at its EndOfCheckPhase;
 * - `--pkg` has URLDownloader take this file for a download that has changed;
 * - `--prefs` because shared processors are looked for in the preferences' search folders when trust is
 *   verified (`find_processor_path`), whatever `--search-dir` says.
 */
export function argumentsFor(
  recipe: string,
  settings: AutoPkgSettings,
  {
    report,
    cacheDir,
    checkOnly,
    pkg,
  }: Pick<RunOptions, 'report' | 'cacheDir' | 'checkOnly' | 'pkg'>,
  preferences: string,
): string[] {
  return [
    'run',
    '-q',
    '--prefs',
    preferences,
    settings.verbose ? '-vv' : '-v',
    ...(checkOnly ? ['--check'] : []),
    ...(pkg === undefined ? [] : ['--pkg', pkg]),
    '--report-plist',
    report,
    '--override-dir',
    resolve(settings.overridesDir),
    ...searchDirs(settings, preferences).flatMap((folder) => ['--search-dir', folder]),
    '--key',
    'FAIL_RECIPES_WITHOUT_TRUST_INFO=yes',
    '--key',
    `CACHE_DIR=${cacheDir}`,
    recipe,
  ];
}

/** Without any, a folder without recipes: else AutoPkg would take those of its user's preferences. */
function searchDirs(settings: AutoPkgSettings, preferences: string): string[] {
  const folders = (settings.searchDirs ?? []).map((folder) => resolve(folder));
  return folders.length > 0 ? folders : [dirname(preferences)];
}

/**
 * What must not be left to the preferences of whoever runs AutoPkg: where it looks, and that it verifies
 * signatures. Every other preference of theirs stays.
 */
function preferencesFor(settings: AutoPkgSettings, preferences: string): string {
  return build({
    RECIPE_SEARCH_DIRS: searchDirs(settings, preferences),
    RECIPE_OVERRIDE_DIRS: [resolve(settings.overridesDir)],
    RECIPE_REPOS: {},
    DISABLE_CODE_SIGNATURE_VERIFICATION: '',
  });
}

/**
 * Runs AutoPkg for one recipe, its output going to the log line by line.
 *
 * @throws Error when AutoPkg can't be started.
 */
export async function runAutoPkg(
  recipe: string,
  settings: AutoPkgSettings,
  options: RunOptions,
): Promise<Ended> {
  const { folder, limit, log, onStart } = options;
  const preferences = join(folder, 'preferences', 'preferences.plist');
  await mkdir(dirname(preferences));
  await writeFile(preferences, preferencesFor(settings, preferences));
  return runProcess(
    settings.command ?? 'autopkg',
    argumentsFor(recipe, settings, options, preferences),
    {
      cwd: folder,
      env: environmentFor(process.env),
      limit,
      onLine(line) {
        if (line.trim() !== '') log(logLine(line));
      },
      onStart,
    },
  );
}
