import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import type { Sha } from './tree.ts';

const methods = ['merge', 'squash', 'rebase'] as const;

/**
 * Merges a request by the first method that the repository allows, if its head is this very commit.
 * GitHub answers 405 while checks or reviews are missing and 409 when the head is another one:
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 *
 * @returns whether the request is merged with that head, now or already.
 */
export async function mergeRequest(
  connection: Connection,
  number: number,
  head: Sha,
): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  const tried = `merge request #${number}`;
  const isMerged = async () => {
    const { data } = await connection.ask(`read request #${number}`, 'read', () =>
      octokit.rest.pulls.get({ owner, repo, pull_number: number }),
    );
    return { merged: data.merged && data.head.sha === head, open: data.state === 'open' };
  };
  const before = await isMerged();
  if (!before.open) return before.merged;

  for (const method of methods) {
    try {
      await connection.ask(tried, 'repeatable', () =>
        octokit.rest.pulls.merge({
          owner,
          repo,
          pull_number: number,
          sha: head,
          merge_method: method,
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      // The first answer may have been lost, and the second try refused because the first was done.
      if ((await isMerged()).merged) return true;
      const refused = error.status === 405 || error.status === 409;
      if (!refused) throw error;
      const notThisWay = /not allowed on this repository/i.test(error.answer ?? '');
      if (notThisWay && method !== methods.at(-1)) continue;
      connection.log(`Request #${number} is not merged: ${error.answer ?? error.status}`);
      return false;
    }
  }
  return false;
}
