import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { type Sha, sha } from './tree.ts';

/** The newest commit of a branch; `undefined` when there is no such branch. */
export async function headOf(connection: Connection, branch: string): Promise<Sha | undefined> {
  const { octokit, owner, repo } = connection;
  const found = await connection.find(`read the branch ${branch}`, () =>
    octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }),
  );
  return found && sha(found.data.object.sha);
}

/**
 * Whether `head` holds `commit`: it is that commit, or has it among its ancestors.
 * Compare: https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export async function holds(connection: Connection, head: Sha, commit: Sha): Promise<boolean> {
  if (head === commit) return true;
  const compared = await compare(connection, commit, head);
  return compared?.behindBy === 0;
}

/** How `head` stands to `base`. */
export interface Comparison {
  /** The newest commit that both have. */
  readonly mergeBase: Sha;
  /** How many commits `base` has that `head` lacks. */
  readonly behindBy: number;
  /** What `head` changed since the merge base: path, and its blob's id (absent when it was taken away). */
  readonly changes: readonly { readonly path: string; readonly blob?: string }[];
}

/** `undefined` when one of the two does not exist, or they have nothing in common. */
export async function compare(
  connection: Connection,
  base: Sha,
  head: Sha,
): Promise<Comparison | undefined> {
  const { octokit, owner, repo } = connection;
  const found = await connection.find(`compare ${base.slice(0, 8)} with ${head.slice(0, 8)}`, () =>
    octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${base}...${head}` }),
  );
  if (!found) return undefined;
  const { data } = found;
  return {
    mergeBase: sha(data.merge_base_commit.sha),
    behindBy: data.behind_by,
    changes: (data.files ?? []).map((file) => ({
      path: file.filename,
      ...(file.status === 'removed' || !file.sha ? {} : { blob: file.sha }),
    })),
  };
}

/**
 * A file's text at a branch or commit; `undefined` when it is not there.
 *
 * @throws GitHubError when it is no file, or no UTF-8.
 */
export async function readFile(
  connection: Connection,
  path: string,
  ref: string,
): Promise<string | undefined> {
  const { octokit, owner, repo } = connection;
  const tried = `read ${path} at ${ref}`;
  if (path.split('/').some((part) => ['', '.', '..'].includes(part)))
    throw new GitHubError(tried, {
      answer: 'this is no path within a repository',
      remedy: 'Paths have no leading slash and no dots of their own.',
    });
  const found = await connection.find(tried, () =>
    octokit.rest.repos.getContent({ owner, repo, path, ref }),
  );
  if (!found) return undefined;
  const { data } = found;
  if (Array.isArray(data) || data.type !== 'file')
    throw new GitHubError(tried, { answer: 'it is no file', remedy: `Look at ${path} on GitHub.` });
  if ('content' in data && data.encoding === 'base64') return utf8(tried, data.content);
  // Above 1 MB the contents come without content.
  const blob = await connection.ask(tried, 'read', () =>
    octokit.rest.git.getBlob({ owner, repo, file_sha: data.sha }),
  );
  return utf8(tried, blob.data.content);
}

function utf8(tried: string, base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(base64, 'base64'),
    );
  } catch {
    throw new GitHubError(tried, {
      answer: 'it is not UTF-8 text',
      remedy: 'Save it as UTF-8 and commit it again.',
    });
  }
}
