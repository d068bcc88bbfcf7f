import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative as relativePath, sep } from 'node:path';
import { readRecipes, readSettings } from '../../recipes/read.ts';
import { type Existing, type ImportPlan, type PlannedFile, planImport } from './plan.ts';
import { isRecipeFile, type SourceFile } from './recipe-file.ts';

/** Larger files are no recipes, and none of the lists and scripts that an import knows. */
const largest = 1_000_000;

/**
 * Reads a folder of another system and works out what an import from it would write. Changes nothing.
 *
 * @param folder what to import: the folder of the original PatchBot's recipes and lists, or of
 *   JamfUploader's recipes; overrides lie below it or are given as further folders.
 * @param repository where recipes/ is.
 * @throws SettingsError when recipes/patchbot.yaml can't be used.
 * @throws Error when a folder can't be read.
 */
export async function readImport(
  folders: readonly string[],
  repository: string,
): Promise<ImportPlan> {
  const sources = (await Promise.all(folders.map((folder) => sourcesIn(folder)))).flat();
  return planImport(sources, await existingIn(repository));
}

/**
 * Writes the files of a plan. A file that has come into being meanwhile is never written over.
 *
 * @returns the files that were written, and those that were there.
 */
export async function writeImport(
  plan: ImportPlan,
  repository: string,
): Promise<{ readonly written: readonly PlannedFile[]; readonly there: readonly PlannedFile[] }> {
  const written: PlannedFile[] = [];
  const there: PlannedFile[] = [];
  for (const file of plan.writes) {
    const path = join(repository, file.path);
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, file.text, { flag: 'wx' });
      written.push(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      there.push(file);
    }
  }
  return { written, there };
}

async function existingIn(repository: string): Promise<Existing> {
  const { titles } = await readRecipes(repository);
  const files = new Set<string>();
  for (const folder of ['recipes/titles', 'recipes/overrides'])
    for (const name of await readdir(join(repository, folder)).catch(() => []))
      files.add(`${folder}/${name}`);
  return { settings: await readSettings(repository), titles, files };
}

/** The files below a folder that may matter, with paths relative to it. Links are not followed. */
async function sourcesIn(folder: string): Promise<readonly SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      throw new Error(`${folder} cannot be read: ${(error as Error).message}`);
    },
  );
  const sources: SourceFile[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const relative = relativePath(folder, path).split(sep).join('/');
    if (!entry.isFile() || /(^|\/)(\.git|node_modules)\//.test(relative)) continue;
    const readable =
      /\.(txt|py|sh|plist)$/.test(relative) || isRecipeFile(relative)
        ? (await lstat(path)).size <= largest
        : false;
    // Of the others the name is enough; AutoPkg's preferences hold passwords.
    const isSecret = /(^|\/)com\.github\.autopkg\.plist$/.test(relative);
    sources.push({
      path: relative,
      text: readable && !isSecret ? await readFile(path, 'utf8') : '',
    });
  }
  return sources.sort((a, b) => (a.path < b.path ? -1 : 1));
}
