import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { nearest } from '../text/nearest.ts';
import { readPlist } from './plist.ts';
import { isRecipePath, recipeEndings } from './recipe-file.ts';

const overrideSchema = z.object({
  Identifier: z.string().optional(),
  Input: z.looseObject({ IDENTIFIER: z.string().optional() }).optional(),
  ParentRecipe: z.string().optional(),
  /** The older way to name the parent. */
  Recipe: z.object({ identifier: z.string().optional() }).optional(),
  ParentRecipeTrustInfo: z.record(z.string(), z.unknown()).optional(),
});

/** An AutoPkg override, as far as PatchBot needs to know it. */
export interface Override {
  readonly path: string;
  /** The file's name less its ending: "Firefox.pkg". */
  readonly name: string;
  /** Names the recipe's folder in AutoPkg's cache. */
  readonly identifier?: string;
  /** The identifier of the recipe that it overrides. */
  readonly parent?: string;
  /** Whether somebody has vouched for the parents as they were; not whether they still are so. */
  readonly trusted: boolean;
}

/**
 * Reads an override.
 *
 * @throws Error when it can't be read, with what is wrong in it.
 */
export async function readOverride(path: string): Promise<Override> {
  const read = path.endsWith('.yaml')
    ? parseYaml(await readFile(path, 'utf8'))
    : await readPlist(path);
  const checked = overrideSchema.safeParse(read);
  if (!checked.success) throw new Error(`${path}: ${z.prettifyError(checked.error)}`);
  const { Identifier, Input, ParentRecipe, Recipe, ParentRecipeTrustInfo } = checked.data;
  const identifier = Identifier ?? Input?.IDENTIFIER;
  const parent = ParentRecipe ?? Recipe?.identifier;
  return {
    path,
    name: recipeName(path),
    ...(identifier !== undefined && { identifier }),
    ...(parent !== undefined && { parent }),
    trusted: ParentRecipeTrustInfo !== undefined && Object.keys(ParentRecipeTrustInfo).length > 0,
  };
}

/**
 * The override that AutoPkg would take for a name or an identifier: identifiers first, as AutoPkg's
 * `find_recipe` does. Undefined when the folder holds none; broken overrides are passed over.
 */
export async function findOverride(
  nameOrIdentifier: string,
  folder: string,
): Promise<Override | undefined> {
  const overrides: Override[] = [];
  for (const file of await filesIn(folder)) {
    const override = await readOverride(join(folder, file)).catch(() => undefined);
    if (override) overrides.push(override);
  }
  return (
    overrides.find((override) => override.identifier === nameOrIdentifier) ??
    overrides.find((override) => override.name === recipeName(nameOrIdentifier))
  );
}

/**
 * That there is no override of a name or an identifier, and which one was probably meant; undefined when
 * there is one. A broken override is there: what is wrong in it is another matter.
 *
 * @param folder the folder of the overrides, recipes/overrides.
 */
export async function missingOverride(
  nameOrIdentifier: string,
  folder: string,
): Promise<string | undefined> {
  const names = (await filesIn(folder)).map(recipeName);
  if (names.includes(recipeName(nameOrIdentifier))) return undefined;
  if (await findOverride(nameOrIdentifier, folder)) return undefined;
  const near = nearest(nameOrIdentifier, names);
  return `there is no override ${nameOrIdentifier} in recipes/overrides${near ? `: did you mean ${near}?` : ''}`;
}

/** The overrides' files, relative to their folder; none when there is no such folder. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter(isRecipePath).sort();
}

/** The name of a recipe, by its file or by itself. */
export function recipeName(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const ending = recipeEndings.find((one) => name.endsWith(one));
  return ending ? name.slice(0, -ending.length) : name;
}
