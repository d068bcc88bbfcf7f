import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GitHub, PullChanges } from '../github/github.ts';
import type { Recipes } from '../recipes/read.ts';
import { readRecipes, SettingsError } from '../recipes/read.ts';
import type { Problem } from '../yaml/checked.ts';

/** The folders that say what PatchBot does. */
const catalog = ['recipes/', 'state/', '.github/workflows/'];

/** The repository as it is, and as it would be with a pull request merged. */
export interface Merged {
  readonly before: Recipes | undefined;
  readonly after: Recipes | undefined;
  /** Where `recipes/` and `state/` are as they are, and as they would be. */
  readonly beforeFolder: string;
  readonly afterFolder: string;
  /** What would be wrong in recipes/ that is not so already. */
  readonly newProblems: readonly Problem[];
  readonly warnings: readonly { readonly title: string; readonly text: string }[];
  /** Whether the request changes anything that says what PatchBot does. */
  readonly touchesCatalog: boolean;
  /** Takes the copy away. */
  remove(): Promise<void>;
}

/**
 * Makes a copy of the base's recipes and state with the request's changes in it. Of the request only
 * text is read, and nothing of it is run.
 */
export async function mergedFolders(
  folder: string,
  github: GitHub,
  changes: PullChanges,
): Promise<Merged> {
  const afterFolder = await mkdtemp(join(tmpdir(), 'patchbot-check-'));
  const remove = () => rm(afterFolder, { recursive: true, force: true });
  try {
    for (const part of catalog)
      await cp(join(folder, part), join(afterFolder, part), { recursive: true }).catch(
        noneIfMissing,
      );
    const touched = [...changes.edited, ...changes.gone].filter(isCatalog);
    for (const path of changes.gone.filter(isCatalog))
      await rm(join(afterFolder, path), { force: true });
    for (const path of changes.edited.filter(isCatalog)) {
      const text = await github.readFile(path, changes.head);
      if (text === undefined) continue;
      await mkdir(dirname(join(afterFolder, path)), { recursive: true });
      await writeFile(join(afterFolder, path), text);
    }
    const before = await read(folder);
    const after = await read(afterFolder);
    const known = new Set(before.problems.map(text));
    return {
      before: before.recipes,
      after: after.recipes,
      beforeFolder: folder,
      afterFolder,
      newProblems: after.problems.filter((problem) => !known.has(text(problem))),
      warnings: await otherTimeZones(afterFolder, after.recipes),
      touchesCatalog: touched.length > 0,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function text({ file, message }: Problem): string {
  return `${file}: ${message}`;
}

/** A path comes from whoever made the request: it must lie where it says it lies. */
function isCatalog(path: string): boolean {
  return (
    catalog.some((part) => path.startsWith(part)) &&
    !path.split('/').some((part) => ['', '.', '..'].includes(part))
  );
}

async function read(
  folder: string,
): Promise<{ recipes: Recipes | undefined; problems: readonly Problem[] }> {
  try {
    const recipes = await readRecipes(folder);
    return { recipes, problems: recipes.problems };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { recipes: undefined, problems: error.problems };
  }
}

/** Schedules in another time zone than the one in which days are counted would run at odd hours. */
async function otherTimeZones(folder: string, recipes: Recipes | undefined) {
  const workflows = '.github/workflows';
  const zone = recipes?.settings.timeZone;
  const names = await readdir(join(folder, workflows)).catch(noneIfMissing);
  const warnings: { title: string; text: string }[] = [];
  for (const name of (names ?? []).filter((one) => /\.ya?ml$/.test(one))) {
    const workflow = await readFile(join(folder, workflows, name), 'utf8');
    for (const [, other] of workflow.matchAll(/^\s*timezone:\s*['"]?([\w/+-]+)/gm))
      if (zone !== undefined && other !== zone)
        warnings.push({
          title: `${workflows}/${name}`,
          text: `its schedule keeps the time of ${other}, and recipes/patchbot.yaml that of ${zone}: write the same in both`,
        });
  }
  return warnings;
}

function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
