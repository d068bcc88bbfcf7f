import { createHash } from 'node:crypto';

/*
 * What a commit holds, proved by its id alone. git's ids are digests: a commit's is that of its text,
 * which names the id of its tree, which is the digest of the ids of all files. So a list of files is
 * the commit's when the tree made of it has the id that the commit names; nothing else has to be
 * believed, and nobody's copy of the repository either.
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */

/** A file of a commit. */
export interface Entry {
  readonly path: string;
  /** As git writes it: 100644, 100755 (executable), 120000 (link), 160000 (another repository). */
  readonly mode: string;
  /** The id of its content. */
  readonly id: string;
}

/** The id that git gives to an object. */
export function objectId(kind: 'blob' | 'tree' | 'commit', content: Buffer): string {
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

/**
 * The id of the tree that a commit names.
 *
 * @throws Error when the text isn't that commit's.
 */
export function treeOfCommit(commit: string, text: Buffer): string {
  if (objectId('commit', text) !== commit)
    throw new Error(`this is not the text of commit ${commit}`);
  const tree = /^tree ([0-9a-f]{40})\n/.exec(text.toString('latin1'))?.[1];
  if (!tree) throw new Error(`commit ${commit} names no tree`);
  return tree;
}

/** Reads what `git ls-tree -r -z` says. @throws Error when it isn't that. */
export function readListing(listing: Buffer): Entry[] {
  return listing
    .toString('utf8')
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [, mode, id, path] = /^(\d{6}) \w+ ([0-9a-f]{40})\t(.+)$/s.exec(line) ?? [];
      if (!mode || !id || !path || !isInside(path))
        throw new Error(`this is no line of a commit's files: ${JSON.stringify(line)}`);
      return { path, mode, id };
    });
}

function isInside(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()));
}

/** The id of the tree that holds exactly these files. */
export function treeId(entries: readonly Entry[]): string {
  const here = new Map<string, Entry>();
  const folders = new Map<string, Entry[]>();
  for (const entry of entries) {
    const slash = entry.path.indexOf('/');
    if (slash < 0) here.set(entry.path, entry);
    else {
      const name = entry.path.slice(0, slash);
      const inside = folders.get(name) ?? [];
      inside.push({ ...entry, path: entry.path.slice(slash + 1) });
      folders.set(name, inside);
    }
  }
  const rows = [
    ...[...here].map(([name, { mode, id }]) => ({ name, order: name, mode, id })),
    // git sorts a folder as if its name ended in a slash.
    ...[...folders].map(([name, inside]) => ({
      name,
      order: `${name}/`,
      mode: '40000',
      id: treeId(inside),
    })),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.order), Buffer.from(b.order)));
  return objectId(
    'tree',
    Buffer.concat(
      rows.flatMap(({ name, mode, id }) => [
        Buffer.from(`${mode} ${name}\0`),
        Buffer.from(id, 'hex'),
      ]),
    ),
  );
}
