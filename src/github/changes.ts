import { compare, headOf } from './branches.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { type Sha, sha } from './tree.ts';

/** What a pull request would change. */
export interface PullChanges {
  readonly number: number;
  readonly branch: string;
  /** Whether its branch is in this repository, and not in somebody's fork. */
  readonly here: boolean;
  readonly head: Sha;
  /** The newest commit that the base and the request both have. */
  readonly mergeBase: Sha;
  /** Paths that it adds or edits. */
  readonly edited: readonly string[];
  /** Paths that are gone after it. */
  readonly gone: readonly string[];
}

/** GitHub lists no more of a pull request's files than this. */
const mostFiles = 3000;

/**
 * Reads what a pull request changes; `undefined` when there is none of that number.
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
 *
 * @throws GitHubError when it changes more files than GitHub lists.
 */
export async function changesOf(
  connection: Connection,
  number: number,
): Promise<PullChanges | undefined> {
  const { octokit, owner, repo } = connection;
  const tried = `read what #${number} changes`;
  const pull = await connection.find(tried, () =>
    octokit.rest.pulls.get({ owner, repo, pull_number: number }),
  );
  if (!pull) return undefined;
  const { head, base } = pull.data;
  const target = await headOf(connection, base.ref);
  const compared = target && (await compare(connection, target, sha(head.sha)));
  if (!compared)
    throw new GitHubError(tried, {
      answer: `it has nothing in common with ${base.ref}`,
      remedy: 'Make the branch anew from there.',
    });
  const files = await connection.ask(tried, 'read', () =>
    octokit.paginate(octokit.rest.pulls.listFiles, {
      owner,
      repo,
      pull_number: number,
      per_page: 100,
    }),
  );
  if (files.length >= mostFiles)
    throw new GitHubError(tried, {
      answer: `it changes ${mostFiles} files or more, and GitHub lists no further`,
      remedy: 'Make several requests of it.',
    });
  const removed = files.filter(({ status }) => status === 'removed');
  const renamed = files.flatMap(({ status, previous_filename: before }) =>
    status === 'renamed' && before !== undefined ? [before] : [],
  );
  return {
    number,
    branch: head.ref,
    here: head.repo?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase(),
    head: sha(head.sha),
    mergeBase: compared.mergeBase,
    edited: files.filter((file) => !removed.includes(file)).map(({ filename }) => filename),
    gone: [...removed.map(({ filename }) => filename), ...renamed],
  };
}
