import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

/**
 * Asks people and teams ("acme/mac-admins") for a review, once: whoever is asked already, or has
 * given a review, is left alone. A name that GitHub does not take is told in the log; the request
 * stands all the same.
 *
 * @returns whether anybody had to be asked.
 */
export async function askReviewers(
  connection: Connection,
  number: number,
  wanted: readonly string[],
): Promise<boolean> {
  if (wanted.length === 0) return false;
  const { octokit, owner, repo } = connection;
  const here = { owner, repo, pull_number: number };
  const asked = await connection.ask(`read the reviewers of #${number}`, 'read', () =>
    octokit.rest.pulls.listRequestedReviewers(here),
  );
  const reviews = await connection.ask(`read the reviews of #${number}`, 'read', () =>
    octokit.paginate(octokit.rest.pulls.listReviews, { ...here, per_page: 100 }),
  );
  const present = new Set(
    [
      ...asked.data.users.map(({ login }) => login),
      ...asked.data.teams.map(({ slug }) => `/${slug}`),
      ...reviews.flatMap(({ user }) => (user ? [user.login] : [])),
    ].map((name) => name.toLowerCase()),
  );
  const missing = wanted.filter((name) => !present.has(name.toLowerCase().replace(/^.*\//, '/')));
  // A team that has given its review is asked no more, and its members' reviews don't name it.
  const people = missing.filter((name) => !name.includes('/'));
  const teams = reviews.length > 0 ? [] : missing.filter((name) => name.includes('/'));
  if (people.length === 0 && teams.length === 0) return false;
  try {
    await connection.ask(
      `ask ${[...people, ...teams].join(', ')} to review #${number}`,
      'repeatable',
      () =>
        octokit.rest.pulls.requestReviewers({
          ...here,
          reviewers: people,
          team_reviewers: teams.map((name) => name.replace(/^.*\//, '')),
        }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    connection.log(`${error.message} The request itself stands.`);
    return false;
  }
}
