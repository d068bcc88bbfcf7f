import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, parseChecked } from '../yaml/checked.ts';
import { reposSchema } from './schema.ts';

/** A recipe repository and the commit whose recipes were reviewed. */
export interface Pin {
  readonly url: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}

/** The catalog, or what is wrong with it: then no recipe can be run, and all else can. */
export type ReadPins =
  | { readonly ok: true; readonly pins: readonly Pin[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The path of the catalog in the repository. */
export const reposPath = 'recipes/repos.yaml';

/** Reads recipes/repos.yaml; without one no repository is pinned, and none is used. */
export async function readPins(repository: string): Promise<ReadPins> {
  const text = await readFile(join(repository, reposPath), 'utf8').catch(() => undefined);
  return text === undefined ? { ok: true, pins: [] } : parsePins(text);
}

/** Reads the text of the catalog; pure. */
export function parsePins(text: string): ReadPins {
  const checked = parseChecked(text, reposPath, reposSchema);
  return checked.ok ? { ok: true, pins: checked.value.repos } : checked;
}
