import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Failing, Recipe } from './recipe.ts';

/** A simulated AutoPkg, and the vendors whose downloads its recipes find. */
export interface AutoPkgWorld {
  /** A folder with the executable `autopkg`, to put first on PATH. */
  readonly path: string;
  /** The vendor releases a version: the recipe's next run downloads it and makes a package of it. */
  release(recipe: string, version: string, details?: ReleaseDetails): Promise<void>;
  /** From now on the recipe's runs fail in this way. */
  fail(recipe: string, how: Failing): Promise<void>;
  /** The recipe's runs go well again. */
  mend(recipe: string): Promise<void>;
  /** Each run that was started, oldest first: which recipe, and when (milliseconds since 1970). */
  runs(): Promise<readonly { readonly recipe: string; readonly started: number }[]>;
}

/** What else a release can change: where it is downloaded from, and who signed it. */
export type ReleaseDetails = Pick<Recipe, 'url' | 'requirement' | 'milliseconds'>;

/**
 * Makes a world in which every recipe exists, and none has anything new before `release`. It lives in
 * files beside the cache, where the processes that run AutoPkg find it; who removes one removes both.
 */
export async function autopkgWorld(cacheDir: string): Promise<AutoPkgWorld> {
  const dir = `${cacheDir}-world`;
  const path = join(dir, 'bin');
  const recipes = join(dir, 'recipes');
  await mkdir(path, { recursive: true });
  await mkdir(recipes, { recursive: true });
  await install(path);

  const file = (recipe: string) => join(recipes, `${recipe}.json`);
  const change = async (recipe: string, changed: (before: Recipe) => Recipe) => {
    const before = await readFile(file(recipe), 'utf8').catch(() => '{}');
    await writeFile(file(recipe), JSON.stringify(changed(JSON.parse(before) as Recipe)));
  };
  return {
    path,
    release: (recipe, version, details) =>
      change(recipe, (before) => ({ ...before, ...details, version })),
    fail: (recipe, failing) => change(recipe, (before) => ({ ...before, failing })),
    mend: (recipe) => change(recipe, ({ failing, ...rest }) => rest),
    async runs() {
      const text = await readFile(join(dir, 'runs.jsonl'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}

/** Puts the executable in place: one plain file for this very node, so that a thousand runs start fast. */
async function install(path: string): Promise<void> {
  program ??= bundled();
  const file = join(path, 'autopkg.mjs');
  await writeFile(file, await program);
  const quoted = [process.execPath, file].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(join(path, 'autopkg'), `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`);
  await chmod(join(path, 'autopkg'), 0o755);
}

/** The executable's code, made once a process. */
let program: Promise<string> | undefined;

async function bundled(): Promise<string> {
  const input = join(import.meta.dirname, 'autopkg.ts');
  const build = await rolldown({ input, platform: 'node', logLevel: 'warn' });
  const { output } = await build.generate({ format: 'esm' });
  return output[0].code;
}
