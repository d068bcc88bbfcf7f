import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Document } from 'yaml';
import type { Slug, TitleState } from '../lifecycle/title.ts';
import { type Problem, parseChecked } from '../yaml/checked.ts';
import { stateOf, stateSchema } from './schema.ts';

/** A state file as it was read. */
export type ReadState =
  | { readonly ok: true; readonly state: TitleState; readonly document?: Document }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Where the newest state is, when that is not the working copy: the repository's main branch. */
export interface StateSource {
  readonly base: string;
  head(): Promise<string | undefined>;
  /** The files directly in a folder at a commit: path to the git id of its content. */
  list(folder: string, ref: string): Promise<ReadonlyMap<string, string>>;
  readFile(path: string, ref: string): Promise<string | undefined>;
}

/** The path of a title's state file in the repository. */
export function statePath(slug: Slug): string {
  return `state/${slug}.yaml`;
}

/** Reads the text of a state file; a title without one has no facts yet. Pure. */
export function parseState(text: string | undefined, slug: Slug): ReadState {
  if (text === undefined) return { ok: true, state: {} };
  const checked = parseChecked(text, statePath(slug), stateSchema, slug);
  if (!checked.ok) return checked;
  return { ok: true, state: stateOf(checked.value), document: checked.document };
}

/**
 * Reads where every title stands. With a source, main's newest commit is what counts, and the working
 * copy merely saves asking for what is the same there: a stage sees what the stage before it
 * committed, and a hold that was placed a second ago.
 */
export async function readStates(
  repository: string,
  slugs: readonly Slug[],
  source?: StateSource,
): Promise<ReadonlyMap<Slug, ReadState>> {
  const local = await readFolder(join(repository, 'state'));
  const head = await source?.head();
  const newest = source && head ? await source.list('state', head) : undefined;
  const states = new Map<Slug, ReadState>();
  for (const slug of slugs) {
    const path = statePath(slug);
    const here = local.get(`${slug}.yaml`);
    let text = here;
    if (source && head && newest) {
      const wanted = newest.get(path);
      if (wanted === undefined) text = undefined;
      else if (here === undefined || gitBlobId(here) !== wanted)
        text = await source.readFile(path, head);
    }
    states.set(slug, parseState(text, slug));
  }
  return states;
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const files = new Map<string, string>();
  for (const name of names)
    if (name.endsWith('.yaml')) files.set(name, await readFile(join(folder, name), 'utf8'));
  return files;
}

/** The id that git gives to a file's content (git-hash-object). */
function gitBlobId(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
