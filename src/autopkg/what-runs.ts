import { readFile } from 'node:fs/promises';
import type { Chain } from './chain.ts';
import { importsOf } from './imports.ts';
import { isRecipePath } from './recipe-file.ts';
import { diskPath, folderOf, type PinnedFile } from './shelf.ts';

/** A file of a recipe repository that a title's run uses, or may use. */
export interface RunFile {
  /** The repository's address. */
  readonly url: string;
  readonly path: string;
  /** `module`: code that a processor imports; `asset`: anything else beside the recipes. */
  readonly kind: 'recipe' | 'processor' | 'module' | 'asset';
  /** Absent when it is no text: nobody can read it. */
  readonly text?: string;
  readonly bytes: Buffer;
  /** Where it is on disk. */
  readonly file: PinnedFile;
}

/**
 * All that a title's run takes from the recipe repositories: its recipes; every file that could be taken for
 * one of its processors; what those import, and what that imports; and whatever else lies in
 * the recipes' own folders, for a recipe can copy it into the package. Rather too much than too little: it
 * decides what people are shown before it runs.
 */
export async function whatRuns(chain: Chain): Promise<readonly RunFile[]> {
  const found = new Map<string, RunFile>();
  const add = async (file: PinnedFile, kind: RunFile['kind']): Promise<RunFile | undefined> => {
    const { url } = file.checkout.repository;
    const key = `${url} ${file.path}`;
    if (found.has(key) || !isPlain(file)) return undefined;
    const bytes = await readFile(diskPath(file));
    const text = textOf(bytes);
    const run: RunFile = {
      url,
      path: file.path,
      kind,
      bytes,
      file,
      ...(text !== undefined && { text }),
    };
    found.set(key, run);
    return run;
  };

  for (const recipe of [...chain.recipes, ...chain.shared]) await add(recipe, 'recipe');
  const code: RunFile[] = [];
  for (const { candidates } of chain.processors)
    for (const candidate of candidates) {
      const run = await add(candidate, 'processor');
      if (run) code.push(run);
    }
  for (let next = code.pop(); next; next = code.pop())
    for (const path of importedBy(next)) {
      const run = await add({ checkout: next.file.checkout, path }, 'module');
      if (run) code.push(run);
    }
  for (const recipe of chain.recipes)
    for (const path of besides(recipe)) await add({ checkout: recipe.checkout, path }, 'asset');
  return [...found.values()];
}

function isPlain({ checkout, path }: PinnedFile): boolean {
  const mode = checkout.entries.get(path)?.mode;
  return mode !== undefined && mode !== '160000';
}

/** The files of its repository that a piece of code may import. */
function importedBy({ text = '', file }: RunFile): string[] {
  const { modules, anything } = importsOf(text);
  const folder = folderOf(file.path);
  return [...file.checkout.entries.keys()].filter((path) => {
    if (!path.endsWith('.py')) return false;
    if (anything && folderOf(path) === folder) return true;
    const parts = path.slice(0, -'.py'.length).split('/');
    // A module may lie anywhere: code can add any folder to Python's search path.
    return modules.some((name) => parts.includes(name));
  });
}

/**
 * The files in a recipe's own folder and below, other recipes and their code left out. In a repository that
 * keeps its recipes in its topmost folder, those in that folder alone.
 */
function besides({ checkout, path: recipe }: PinnedFile): string[] {
  const folder = folderOf(recipe);
  const start = folder === '' ? '' : `${folder}/`;
  return [...checkout.entries.keys()].filter(
    (path) =>
      path.startsWith(start) &&
      (folder !== '' || !path.includes('/')) &&
      !isRecipePath(path) &&
      !/\.(?:py|md)$/i.test(path) &&
      !/(?:^|\/)(?:README|LICEN[CS]E)[^/]*$/i.test(path),
  );
}

/** The text, when it is one: UTF-8 without null characters. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
