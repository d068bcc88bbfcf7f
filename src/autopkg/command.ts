import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { getExecOutput } from '@actions/exec';
import { build } from 'plist';
import type { AutoPkgSettings } from './autopkg.ts';
import { environmentFor } from './environment.ts';
import { logLine } from './plain-line.ts';

/** What is left of a run of AutoPkg. */
export interface Ran {
  /** Absent when a signal ended it: somebody cancelled the job, or memory ran out. */
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
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
 * - `--prefs` because shared processors are looked for in the preferences' search folders when trust is
 *   verified (`find_processor_path`), whatever `--search-dir` says.
 */
export function argumentsFor(
  recipe: string,
  settings: AutoPkgSettings,
  report: string,
  preferences: string,
): string[] {
  return [
    'run',
    '-q',
    '--prefs',
    preferences,
    settings.verbose ? '-vv' : '-v',
    '--report-plist',
    report,
    '--override-dir',
    resolve(settings.overridesDir),
    ...searchDirs(settings, preferences).flatMap((folder) => ['--search-dir', folder]),
    '--key',
    'FAIL_RECIPES_WITHOUT_TRUST_INFO=yes',
    ...(settings.cacheDir ? ['--key', `CACHE_DIR=${resolve(settings.cacheDir)}`] : []),
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
 * @param folder where it runs: an empty folder, for AutoPkg takes a file that is called like the
 *   recipe in the working directory for the recipe itself.
 * @throws Error when AutoPkg can't be started.
 */
export async function runAutoPkg(
  recipe: string,
  settings: AutoPkgSettings,
  report: string,
  folder: string,
  log: (line: string) => void,
): Promise<Ran> {
  const tell = (line: string) => {
    if (line.trim() !== '') log(logLine(line));
  };
  const preferences = join(folder, 'preferences', 'preferences.plist');
  await mkdir(dirname(preferences));
  await writeFile(preferences, preferencesFor(settings, preferences));
  const { exitCode, stdout, stderr } = await getExecOutput(
    quoted(settings.command ?? 'autopkg'),
    argumentsFor(recipe, settings, report, preferences),
    {
      cwd: folder,
      env: environmentFor(process.env),
      silent: true,
      ignoreReturnCode: true,
      // Ends its input: whatever asks a question gets no answer, instead of waiting for ever.
      input: Buffer.alloc(0),
      listeners: { stdline: tell, errline: tell },
    },
  );
  // The library's type says number, but a process that a signal ended has no exit code.
  return { stdout, stderr, ...(typeof exitCode === 'number' && { exitCode }) };
}

/** The library splits the command at spaces, as a shell would. */
function quoted(command: string): string {
  return `"${command.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
