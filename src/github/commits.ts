import { headOf, holds } from './branches.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { heeded } from './skip-ci.ts';
import { type FileChanges, type Sha, sha, treeOf, trueChanges, writeTree } from './tree.ts';

/** A commit that is wanted on a branch. */
export interface WantedCommit {
  readonly branch: string;
  /** The branch's newest commit, as the committer saw it. */
  readonly parent: Sha;
  /** Further parents, for a merge; the files are then the ones of `filesOf`. */
  readonly otherParents?: readonly Sha[];
  /** Whose files the commit starts from; `parent` when absent. */
  readonly filesOf?: Sha;
  readonly files: FileChanges;
  readonly message: string;
  /** Whether the branch is made at `parent` when it does not exist yet. */
  readonly create?: boolean;
}

/**
 * Puts one commit on a branch through the git data API, fast-forward only. No author is given, so
 * that GitHub signs it in the name of the GitHub App:
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
 *
 * When the files have that content already there is nothing to commit: `sha` is then the parent.
 *
 * @returns `moved` when the branch is no longer at `parent` (or gone): look again, decide anew.
 * @throws GitHubError when GitHub does not take it for another reason: a ruleset, a permission.
 */
export async function commit(
  connection: Connection,
  wanted: WantedCommit,
): Promise<{ sha: Sha } | 'moved'> {
  const { octokit, owner, repo } = connection;
  const head = await headOf(connection, wanted.branch);
  if (head !== wanted.parent && !(head === undefined && wanted.create)) return 'moved';

  const base = await treeOf(connection, wanted.filesOf ?? wanted.parent);
  const changes = trueChanges(base, wanted.files);
  const others = wanted.otherParents ?? [];
  const changesNothing = changes.size === 0 && others.length === 0 && !wanted.filesOf;
  if (changesNothing && head !== undefined) return { sha: wanted.parent };

  const tree = await writeTree(connection, base, changes);
  const made = changesNothing
    ? wanted.parent
    : await connection
        .ask(`write a commit for ${wanted.branch}`, 'repeatable', () =>
          octokit.rest.git.createCommit({
            owner,
            repo,
            message: heeded(wanted.message),
            tree,
            parents: [wanted.parent, ...others],
          }),
        )
        .then(({ data }) => sha(data.sha));
  return await pointBranch(connection, wanted, made, head === undefined);
}

/** Moves the branch to the commit, and takes GitHub's word for nothing when the answer was lost. */
async function pointBranch(
  connection: Connection,
  wanted: WantedCommit,
  made: Sha,
  isNew: boolean,
): Promise<{ sha: Sha } | 'moved'> {
  const { octokit, owner, repo } = connection;
  const tried = `put a commit on ${wanted.branch}`;
  try {
    await connection.ask(tried, 'repeatable', async () => {
      if (isNew)
        await octokit.rest.git.createRef({
          owner,
          repo,
          ref: `refs/heads/${wanted.branch}`,
          sha: made,
        });
      else
        await octokit.rest.git.updateRef({
          owner,
          repo,
          ref: `heads/${wanted.branch}`,
          sha: made,
          force: false,
        });
    });
    return { sha: made };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const mayBeDone = error.unclear || error.status === 409 || error.status === 422;
    if (!mayBeDone) throw error;
    // An earlier try may have been done and its answer lost; others may have built on it since.
    const now = await headOf(connection, wanted.branch);
    if (now && (await holds(connection, now, made))) return { sha: made };
    if (now === (isNew ? undefined : wanted.parent))
      throw new GitHubError(tried, {
        ...(error.status === undefined ? {} : { status: error.status }),
        ...(error.answer === undefined ? {} : { answer: error.answer }),
        unclear: error.unclear,
        cause: error,
        remedy: error.unclear
          ? error.remedy
          : `Let PatchBot's GitHub App bypass the ruleset or branch protection of ${wanted.branch}, then run again.`,
      });
    return 'moved';
  }
}
