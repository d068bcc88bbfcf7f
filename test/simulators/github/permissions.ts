/** What a GitHub App's token may do; what it doesn't name it may not. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** One of these permissions, at this level at least. */
export interface Need {
  readonly any: readonly string[];
  readonly level: 'read' | 'write';
}

/**
 * Paths below a repository, with the permissions of which each needs one.
 * https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
const table: readonly (readonly [RegExp, ...string[]])[] = [
  [/^pulls\/\d+\/merge$/, 'contents'],
  [/^pulls/, 'pull_requests'],
  [/^commits\/[^/]+\/pulls$/, 'pull_requests', 'contents'],
  [/^commits\/.+\/status(es)?$/, 'statuses'],
  [/^statuses\//, 'statuses'],
  [/^(check-runs|check-suites|commits\/.+\/check-)/, 'checks'],
  [/^deployments/, 'deployments'],
  [/^(issues|labels|comments)/, 'issues', 'pull_requests'],
  [/^(git|contents|commits|compare|branches|merges|tarball|zipball)/, 'contents'],
];

/** What a request needs; nothing for what every App may read (metadata). */
export function needOf(method: string, path: string): Need | undefined {
  const below = /^\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+)\/(.*)$/.exec(path)?.[1];
  const row = below === undefined ? undefined : table.find(([pattern]) => pattern.test(below));
  if (!row) return undefined;
  const [, ...any] = row;
  return { any, level: method === 'GET' ? 'read' : 'write' };
}
