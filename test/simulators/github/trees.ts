import type { Git } from './git.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly sha: string;
}

/** One change of a tree: an entry to put at a path, or null to take what is there away. */
export type TreeChanges = ReadonlyMap<string, TreeEntry | null>;

/** A path was to be deleted that is not in the tree. */
export class NoSuchPath extends Error {}

export const entryType = (mode: string) =>
  mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';

/** The entries of one tree object, by name. */
export async function readTree(git: Git, tree: string): Promise<Map<string, TreeEntry>> {
  const object = await git.object(`${tree}^{tree}`);
  const entries = new Map<string, TreeEntry>();
  const bytes = object?.content ?? Buffer.alloc(0);
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const zero = bytes.indexOf(0, space);
    const mode = bytes.toString('utf8', at, space).padStart(6, '0');
    const sha = bytes.toString('hex', zero + 1, zero + 21);
    entries.set(bytes.toString('utf8', space + 1, zero), { mode, sha });
    at = zero + 21;
  }
  return entries;
}

/** Every entry below a tree, trees before what is in them, by full path. */
export async function walkTree(
  git: Git,
  tree: string,
  above = '',
): Promise<Map<string, TreeEntry>> {
  const all = new Map<string, TreeEntry>();
  for (const [name, entry] of await readTree(git, tree)) {
    all.set(above + name, entry);
    if (entryType(entry.mode) === 'tree')
      for (const [path, inner] of await walkTree(git, entry.sha, `${above + name}/`))
        all.set(path, inner);
  }
  return all;
}

/**
 * Writes the tree that `base` becomes by the changes; without a base, of the changes alone.
 * @throws NoSuchPath when a change deletes what is not there.
 */
export async function editTree(
  git: Git,
  base: string | undefined,
  changes: TreeChanges,
): Promise<string> {
  return (await edited(git, base, changes)) ?? (await mktree(git, new Map()));
}

async function edited(
  git: Git,
  base: string | undefined,
  changes: TreeChanges,
): Promise<string | undefined> {
  const entries = base ? await readTree(git, base) : new Map<string, TreeEntry>();
  const below = new Map<string, Map<string, TreeEntry | null>>();
  for (const [path, entry] of changes) {
    const slash = path.indexOf('/');
    if (slash >= 0) {
      const folder = path.slice(0, slash);
      const inner = below.get(folder) ?? new Map<string, TreeEntry | null>();
      below.set(folder, inner.set(path.slice(slash + 1), entry));
    } else if (entry) entries.set(path, entry);
    else if (!entries.delete(path)) throw new NoSuchPath(path);
  }
  for (const [folder, inner] of below) {
    const old = entries.get(folder);
    const tree = old && entryType(old.mode) === 'tree' ? old.sha : undefined;
    const sha = await edited(git, tree, inner);
    if (sha) entries.set(folder, { mode: '040000', sha });
    else entries.delete(folder);
  }
  return entries.size > 0 ? mktree(git, entries) : undefined;
}

async function mktree(git: Git, entries: ReadonlyMap<string, TreeEntry>): Promise<string> {
  const lines = [...entries].map(
    ([name, { mode, sha }]) => `${mode} ${entryType(mode)} ${sha}\t${name}\0`,
  );
  return (await git.run(['mktree', '-z'], { input: lines.join('') })).trim();
}

/** Writes files as blobs, for `editTree`; null stays null. */
export async function blobChanges(
  git: Git,
  files: Readonly<Record<string, string | Buffer | null>>,
): Promise<Map<string, TreeEntry | null>> {
  const changes = new Map<string, TreeEntry | null>();
  for (const [path, content] of Object.entries(files))
    changes.set(
      path,
      content === null ? null : { mode: '100644', sha: await git.writeBlob(content) },
    );
  return changes;
}
