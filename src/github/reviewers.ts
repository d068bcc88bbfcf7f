import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

/** Whom a request asks for a review at present, as GitHub gives it with the request itself. */
export interface Asked {
  readonly number: number;
  readonly requested_reviewers?: readonly { readonly login: string }[] | null;
  readonly requested_teams?: readonly { readonly slug: string }[] | null;
}

/**
 * Asks people and teams ("acme/mac-admins") for a review, once: whoever was asked at any time (by
 * PatchBot, by CODEOWNERS, by a person), or has given a review, is left alone, even when somebody has
 * taken the question back since, or the team has handed it on to its members. A name that GitHub does
 * not take is told in the log; the request stands all the same.
 *
 * @returns whether anybody had to be asked.
 */
export async function askReviewers(
  connection: Connection,
  pull: Asked,
  wanted: readonly string[],
): Promise<boolean> {
  const now = new Set([
    ...(pull.requested_reviewers ?? []).map(({ login }) => login.toLowerCase()),
    ...(pull.requested_teams ?? []).map(({ slug }) => `/${slug.toLowerCase()}`),
  ]);
  const missing = wanted.filter((name) => !now.has(key(name)));
  if (missing.length === 0) return false;
  const before = new Set([
    ...(await everAsked(connection, pull.number)),
    ...(await reviewersOf(connection, pull.number)),
  ]);
  // One by one: a name that GitHub does not take must not hide the others.
  let asked = false;
  for (const name of missing.filter((one) => !before.has(key(one))))
    asked = (await ask(connection, pull.number, name)) || asked;
  return asked;
}

async function ask(connection: Connection, number: number, name: string): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  const whom = isTeam(name)
    ? { team_reviewers: [name.replace(/^.*\//, '')] }
    : { reviewers: [name] };
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

/** https://docs.github.com/en/rest/using-the-rest-api/issue-event-types#review_requested */
async function everAsked(connection: Connection, number: number): Promise<string[]> {
  const { octokit, owner, repo } = connection;
  const events = await connection.ask(`read the events of #${number}`, 'read', () =>
    octokit.paginate(octokit.rest.issues.listEvents, {
      owner,
      repo,
      issue_number: number,
      per_page: 100,
    }),
  );
  return events
    .filter(({ event }) => event === 'review_requested')
    .flatMap((event) => [
      ...('requested_reviewer' in event && event.requested_reviewer
        ? [event.requested_reviewer.login.toLowerCase()]
        : []),
      ...('requested_team' in event && event.requested_team
        ? [`/${event.requested_team.slug.toLowerCase()}`]
        : []),
    ]);
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

/** A person by login, a team by its short name behind a slash. */
function key(name: string): string {
  return isTeam(name) ? name.replace(/^.*\//, '/').toLowerCase() : name.toLowerCase();
}
