import { cut } from '../text/one-line.ts';
import type { Connection } from './connection.ts';
import { plain } from './markdown.ts';
import type { Sha } from './tree.ts';

/** One condition of a commit, which branch rules can require: "patchbot/soak". */
export interface WantedStatus {
  readonly context: string;
  readonly state: 'success' | 'pending' | 'failure';
  readonly description: string;
  /** A page that says more. */
  readonly url?: string;
}

/**
 * Commit statuses, which GitHub shows below a pull request.
 * https://docs.github.com/en/rest/commits/statuses
 */
export interface Statuses {
  /**
   * Makes sure that the newest status of each context says so; what says so already is not written
   * again (GitHub takes 1,000 a commit and context).
   *
   * @returns the contexts that had to be written.
   */
  ensure(commit: Sha, wanted: readonly WantedStatus[]): Promise<readonly string[]>;
}

/** GitHub's limit for a description. */
const longestDescription = 140;

export function statusesOf(connection: Connection): Statuses {
  const { octokit, owner, repo } = connection;

  /** The newest of each context, 100 contexts at most. */
  async function newest(commit: Sha) {
    const { data } = await connection.ask(
      `read the statuses of ${commit.slice(0, 8)}`,
      'read',
      () => octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref: commit, per_page: 100 }),
    );
    return new Map(data.statuses.map((status) => [status.context, status]));
  }

  return {
    async ensure(commit, wanted) {
      if (wanted.length === 0) return [];
      const present = await newest(commit);
      const written: string[] = [];
      for (const { context, state, description: text, url } of wanted) {
        const description = cut(plain(text), longestDescription);
        const has = present.get(context);
        if (has?.state === state && has.description === description) continue;
        // Said twice it says no more than once, so it may be repeated.
        await connection.ask(`set ${context} of ${commit.slice(0, 8)}`, 'repeatable', () =>
          octokit.rest.repos.createCommitStatus({
            owner,
            repo,
            sha: commit,
            context,
            state,
            description,
            ...(url ? { target_url: url } : {}),
          }),
        );
        written.push(context);
      }
      return written;
    },
  };
}
