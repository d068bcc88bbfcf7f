import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import type { Sha } from './tree.ts';

/** Whether a request is merged, and if not, what speaks against it. */
export type Merge = { readonly merged: true } | { readonly merged: false; readonly why: string };

const methods = ['merge', 'squash', 'rebase'] as const;

/**
 * What GitHub says of a request that is not to be merged as it stands. A GitHub App that may push to
 * the base branch past its rules could merge all the same, so it is asked before.
 *
 * https://docs.github.com/en/graphql/reference/enums#mergestatestatus (REST has it in lower case)
 */
const against: Readonly<Record<string, string>> = {
  behind: 'its branch must be brought up to date with the base branch first, as the rules ask',
  blocked: 'the rules of the base branch are not met: a required check or review is missing',
  dirty: 'it conflicts with the base branch',
  draft: 'it is a draft',
  unstable: 'one of its checks is red, or still runs',
  unknown: 'GitHub has not found out yet whether it can be merged',
};

/** GitHub works out in the background whether a request can be merged; the pauses between looks, in milliseconds. */
const looks = [1_000, 3_000, 9_000];

/**
 * Merges a request by the first method that the repository allows, if its head is this very commit and
 * its checks, reviews and rules let it.
 *
 * GitHub answers 405 while checks or reviews are missing and 409 when the head is another one:
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export async function mergeRequest(
  connection: Connection,
  number: number,
  head: Sha,
): Promise<Merge> {
  const { octokit, owner, repo } = connection;
  const tried = `merge request #${number}`;
  const look = async () => {
    const { data } = await connection.ask(`read request #${number}`, 'read', () =>
      octokit.rest.pulls.get({ owner, repo, pull_number: number }),
    );
    return data;
  };
  const isMerged = (pull: Awaited<ReturnType<typeof look>>) =>
    pull.merged && pull.head.sha === head;
  let pull = await look();
  for (const pause of looks) {
    if (pull.state !== 'open' || pull.mergeable_state !== 'unknown') break;
    await connection.wait(pause);
    pull = await look();
  }
  if (isMerged(pull)) return { merged: true };
  if (pull.state !== 'open') return { merged: false, why: 'it is closed' };
  if (pull.head.sha !== head) return { merged: false, why: 'somebody has pushed to its branch' };
  const no = against[pull.mergeable_state];
  if (no) return { merged: false, why: no };

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
      return { merged: true };
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      // The first answer may have been lost, and the second try refused because the first was done.
      if (isMerged(await look())) return { merged: true };
      const refused = error.status === 405 || error.status === 409;
      if (!refused) throw error;
      const notThisWay = /not allowed on this repository/i.test(error.answer ?? '');
      if (notThisWay && method !== methods.at(-1)) continue;
      return { merged: false, why: error.answer ?? `GitHub answered ${error.status}` };
    }
  }
  return { merged: false, why: 'the repository allows no method of merging' };
}
