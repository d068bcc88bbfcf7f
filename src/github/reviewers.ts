import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

/** Whom a request asks for a review at present, as GitHub gives it with the request itself. */
export interface Asked {
  readonly number: number;
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
}

/**
 * Asks people and teams ("acme/mac-admins") for a review, once: whoever is asked already, or has
 * given a review, is left alone. A name that GitHub does not take is told in the log; the request
 * stands all the same.
 *
 * @returns whether anybody had to be asked.
 */
export async function askReviewers(
  connection: Connection,
  pull: Asked,
  wanted: readonly string[],
): Promise<boolean> {
  const people = (pull.requested_reviewers ?? []).map(({ login }) => login.toLowerCase());
  const teams = (pull.requested_teams ?? []).map(({ slug }) => slug.toLowerCase());
  // A team can be set to hand its requests to members: then somebody is asked whom we did not name.
  const named = new Set(wanted.map((name) => name.toLowerCase()));
  const handedOn = people.some((login) => !named.has(login));
  const missing = wanted.filter((name) =>
    isTeam(name)
      ? !handedOn && !teams.includes(teamSlug(name))
      : !people.includes(name.toLowerCase()),
  );
  if (missing.length === 0) return false;
  const reviewed = await reviewersOf(connection, pull.number);
  const unasked = missing.filter((name) =>
    isTeam(name) ? reviewed.length === 0 : !reviewed.includes(name.toLowerCase()),
  );
  // One by one: a name that GitHub does not take must not hide the others.
  let asked = false;
  for (const name of unasked) asked = (await ask(connection, pull.number, name)) || asked;
  return asked;
}

async function ask(connection: Connection, number: number, name: string): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  const whom = isTeam(name) ? { team_reviewers: [teamSlug(name)] } : { reviewers: [name] };
  try {
    await connection.ask(`ask ${name} to review #${number}`, 'repeatable', () =>
      octokit.rest.pulls.requestReviewers({ owner, repo, pull_number: number, ...whom }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    connection.log(`${error.message} The request itself stands.`);
    return false;
  }
}

async function reviewersOf(connection: Connection, number: number): Promise<string[]> {
  const { octokit, owner, repo } = connection;
  const reviews = await connection.ask(`read the reviews of #${number}`, 'read', () =>
    octokit.paginate(octokit.rest.pulls.listReviews, {
      owner,
      repo,
      pull_number: number,
      per_page: 100,
    }),
  );
  return reviews.flatMap(({ user }) => (user ? [user.login.toLowerCase()] : []));
}

function isTeam(name: string): boolean {
  return name.includes('/');
}

function teamSlug(name: string): string {
  return name.replace(/^.*\//, '').toLowerCase();
}
