import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

/** A commit's id. */
export type Sha = string & { readonly brand: 'sha' };

/** Takes a commit's id from GitHub's answer. */
export function sha(text: string): Sha {
  return text as Sha;
}

/** The id that git gives a file's content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobSha(content: string): string {
  const bytes = Buffer.from(content, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The files of a commit, as git knows them. */
export interface Tree {
  readonly sha: string;
  /** Blob ids and modes by path; absent when the repository is too large for one answer. */
  readonly files?: ReadonlyMap<string, { readonly sha: string; readonly mode: string }>;
}

/** Two requests: the commit, and its whole tree. */
export async function treeOf(connection: Connection, commit: Sha): Promise<Tree> {
  const { octokit, owner, repo } = connection;
  const tried = `read the files of commit ${commit.slice(0, 8)}`;
  const found = await connection.ask(tried, 'read', () =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }),
  );
  const treeSha = found.data.tree.sha;
  const { data } = await connection.ask(tried, 'read', () =>
    octokit.rest.git.getTree({ owner, repo, tree_sha: treeSha, recursive: '1' }),
  );
  if (data.truncated) return { sha: treeSha };
  const blobs = data.tree.filter((entry) => entry.type === 'blob');
  return {
    sha: treeSha,
    files: new Map(blobs.map((entry) => [entry.path, { sha: entry.sha, mode: entry.mode }])),
  };
}

/**
 * The files directly in a folder at a commit: path to the id of its content; none when there is no
 * such folder. One request to the commit and one to each folder on the way: unlike the contents of a
 * folder, a tree is not cut at 1,000 files.
 *
 * https://docs.github.com/en/rest/git/trees#get-a-tree
 */
export async function listFolder(
  connection: Connection,
  folder: string,
  commit: Sha,
): Promise<ReadonlyMap<string, string>> {
  const { octokit, owner, repo } = connection;
  const tried = `list ${folder}/ at commit ${commit.slice(0, 8)}`;
  const found = await connection.ask(tried, 'read', () =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }),
  );
  let tree: string | undefined = found.data.tree.sha;
  for (const name of folder.split('/')) {
    const entries = await entriesOf(tree);
    tree = entries.find((entry) => entry.type === 'tree' && entry.path === name)?.sha;
    if (tree === undefined) return new Map();
  }
  const files = (await entriesOf(tree)).filter((entry) => entry.type === 'blob');
  return new Map(files.map((entry) => [`${folder}/${entry.path}`, entry.sha]));

  async function entriesOf(treeSha: string) {
    const { data } = await connection.ask(tried, 'read', () =>
      octokit.rest.git.getTree({ owner, repo, tree_sha: treeSha }),
    );
    if (data.truncated)
      throw new GitHubError(tried, {
        answer: 'GitHub lists only a part of it',
        remedy: 'A folder of this repository has far more files than it should: take them out.',
      });
    return data.tree;
  }
}

/** One file's change: its new content, or `null` to take it away. */
export type FileChanges = ReadonlyMap<string, string | null>;

/**
 * What would truly change: a file that has that content already, or that is to go and is not there,
 * is no change (GitHub refuses to delete what is not there).
 */
export function trueChanges(tree: Tree, changes: FileChanges): FileChanges {
  const { files } = tree;
  if (!files) return changes;
  return new Map(
    [...changes].filter(([path, content]) =>
      content === null ? files.has(path) : files.get(path)?.sha !== blobSha(content),
    ),
  );
}

/** Writes a tree of `base` with the changes; an executable file stays one. @returns its id. */
export async function writeTree(
  connection: Connection,
  base: Tree,
  changes: FileChanges,
): Promise<string> {
  if (changes.size === 0) return base.sha;
  const { octokit, owner, repo } = connection;
  const entries = [...changes].map(([path, content]) => {
    const mode = base.files?.get(path)?.mode === '100755' ? '100755' : '100644';
    const entry = { path, mode, type: 'blob' } as const;
    return content === null ? { ...entry, sha: null } : { ...entry, content };
  });
  // An object without a name does no harm when it is written twice.
  const { data } = await connection.ask(
    `write ${[...changes.keys()].join(', ')}`,
    'repeatable',
    () => octokit.rest.git.createTree({ owner, repo, base_tree: base.sha, tree: entries }),
  );
  return data.sha;
}
