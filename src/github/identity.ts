import type { Connection } from './connection.ts';

/** Whose token it is. */
export interface Identity {
  /** `actions` is the workflow's own GITHUB_TOKEN: what it does starts no workflows. */
  readonly kind: 'app' | 'actions' | 'user' | 'unknown';
  readonly login?: string;
}

/**
 * Best effort: the REST API tells an installation token nothing about itself, GraphQL's `viewer`
 * answers every kind of token ("github-actions[bot]" for the workflow's own). Never throws.
 *
 * Prefixes: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
 */
export async function identityOf(
  connection: Pick<Connection, 'octokit' | 'token' | 'ask'>,
): Promise<Identity> {
  const login = await viewer(connection);
  if (login === 'github-actions[bot]' || login === 'github-actions')
    return { kind: 'actions', login };
  if (login?.endsWith('[bot]')) return { kind: 'app', login };
  const named = login === undefined ? {} : { login };
  // An installation token that does not know its name may be either: say so rather than guess.
  if (connection.token.startsWith('ghs_')) return { kind: 'unknown', ...named };
  if (login !== undefined || /^(ghp_|github_pat_|gho_|ghu_)/.test(connection.token))
    return { kind: 'user', ...named };
  return { kind: 'unknown' };
}

async function viewer({
  octokit,
  ask,
}: Pick<Connection, 'octokit' | 'ask'>): Promise<string | undefined> {
  try {
    const answer = await ask('read whose token this is', 'read', () =>
      octokit.graphql<{ viewer?: { login?: string } }>('{ viewer { login } }'),
    );
    if (answer.viewer?.login) return answer.viewer.login;
  } catch {
    // Older servers, and tokens without GraphQL: the REST call below may still know.
  }
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch {
    return undefined;
  }
}
