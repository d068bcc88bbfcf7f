import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Slug, slug, type Title } from '../lifecycle/title.ts';
import { type Problem, parseChecked, problemText } from '../yaml/checked.ts';
import { clashes, strangers, wrongRings } from './consistency.ts';
import { type Settings, settingsOf, titleOf } from './defaults.ts';
import { type ReadPins, readPins } from './repos.ts';
import { type SettingsFile, settingsSchema, titleSchema } from './schema.ts';

/** What the fleet should run, as the files in recipes/ say. */
export interface Recipes {
  readonly settings: Settings;
  /** The titles whose files are well, by slug. */
  readonly titles: readonly Title[];
  /** What is wrong in the others: it stops those titles alone. */
  readonly problems: readonly Problem[];
  /** The pinned recipe repositories, or what is wrong in repos.yaml. */
  readonly pins: ReadPins;
}

/** recipes/patchbot.yaml is not there or not well: without it no stage can run. */
export class SettingsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Reads recipes/ below the repository's folder.
 *
 * @throws SettingsError when patchbot.yaml can't be used. A broken title is no exception: it is among
 *   the problems, and the others are read.
 */
export async function readRecipes(repository: string): Promise<Recipes> {
  const { value: all, problem } = await parseSettings(repository);

  const folder = 'recipes/titles';
  const names = (await readdir(join(repository, folder)).catch(noneIfMissing))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  const titles: Title[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const file = `${folder}/${name}`;
    if (name.endsWith('.yml') && names.includes(name.replace(/yml$/, 'yaml'))) {
      problems.push(twice(file));
      continue;
    }
    const read = readTitle(await readFile(join(repository, file), 'utf8'), file, all);
    if ('problems' in read) problems.push(...read.problems);
    else titles.push(read.title);
  }
  return {
    settings: settingsOf(all),
    titles,
    problems: [
      ...strangers(all, titles, names.map(shortName), problem),
      ...problems,
      ...clashes(titles),
    ],
    pins: await readPins(repository),
  };
}

/**
 * Reads recipes/patchbot.yaml as it is written, without defaults.
 *
 * @throws SettingsError when it can't be used.
 */
export async function readSettings(repository: string): Promise<SettingsFile> {
  return (await parseSettings(repository)).value;
}

async function parseSettings(repository: string) {
  const settingsFile = 'recipes/patchbot.yaml';
  const text = await readFile(join(repository, settingsFile), 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new SettingsError([
      {
        file: settingsFile,
        line: 1,
        column: 1,
        message: `there is no such file in ${repository}: run PatchBot in the repository's folder, or write the file with at least "time-zone:"`,
      },
    ]);
  });
  const all = parseChecked(text, settingsFile, settingsSchema);
  if (!all.ok) throw new SettingsError(all.problems);
  return all;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function noneIfMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}

/** The title's short name, if the file's name is one. */
function shortName(fileName: string): string {
  return fileName.replace(/\.ya?ml$/, '');
}

function twice(file: string): Problem {
  return {
    file,
    line: 1,
    column: 1,
    title: basename(file, '.yml'),
    message: `${file.replace(/yml$/, 'yaml')} is of the same title: delete one of the two`,
  };
}

/** Reads one title file; pure. */
export function readTitle(
  text: string,
  file: string,
  all: SettingsFile,
): { title: Title } | { problems: readonly Problem[] } {
  const base = shortName(basename(file));
  const start = { file, line: 1, column: 1, title: base };
  let short: Slug;
  try {
    short = slug(base);
  } catch (error) {
    return { problems: [{ ...start, message: `rename the file: ${(error as Error).message}` }] };
  }
  const checked = parseChecked(text, file, titleSchema, base);
  if (!checked.ok) return { problems: checked.problems };
  const { value } = checked;
  const needsName = value.patch === 'none' || /^\d+$/.test(value.patch);
  const name = value.name ?? (needsName ? undefined : value.patch);
  if (name === undefined)
    return {
      problems: [
        {
          ...start,
          message: `"name" is missing: "patch: ${value.patch}" names no application, so write the name that people know it by`,
        },
      ],
    };
  const title = titleOf(short, name, value, all);
  const mixed = wrongRings(value, title);
  return mixed ? { problems: [checked.problem(mixed.path, mixed.message)] } : { title };
}
