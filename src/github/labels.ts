import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

const colours = new Map([
  ['emergency', 'b60205'],
  ['on hold', 'fbca04'],
]);

/** Makes sure that a request carries the labels; what else it carries stays. @returns what was added. */
export async function ensureLabels(
  connection: Connection,
  number: number,
  present: readonly string[],
  wanted: readonly string[],
): Promise<readonly string[]> {
  // GitHub takes "Emergency" and "emergency" for one label.
  const has = new Set(present.map((label) => label.toLowerCase()));
  const missing = wanted.filter((label) => !has.has(label.toLowerCase()));
  if (missing.length === 0) return [];
  for (const label of missing) await ensureLabelExists(connection, label);
  const { octokit, owner, repo } = connection;
  await connection.ask(`label #${number} ${missing.join(', ')}`, 'repeatable', () =>
    octokit.rest.issues.addLabels({ owner, repo, issue_number: number, labels: missing }),
  );
  return missing;
}

/** Makes sure that a request does not carry the label. @returns whether it had to be taken away. */
export async function ensureNoLabel(
  connection: Connection,
  number: number,
  present: readonly string[],
  label: string,
): Promise<boolean> {
  const found = present.find((one) => one.toLowerCase() === label.toLowerCase());
  if (found === undefined) return false;
  const { octokit, owner, repo } = connection;
  // 404: somebody else took it away meanwhile, or our own first try was done after all.
  const removed = await connection.find(`take the label ${label} from #${number}`, () =>
    octokit.rest.issues.removeLabel({ owner, repo, issue_number: number, name: found }),
  );
  return removed !== undefined;
}

async function ensureLabelExists(connection: Connection, name: string): Promise<void> {
  const { octokit, owner, repo } = connection;
  const find = () =>
    connection.find(`read the label ${name}`, () =>
      octokit.rest.issues.getLabel({ owner, repo, name }),
    );
  if (await find()) return;
  try {
    await connection.ask(`create the label ${name}`, 'repeatable', () =>
      octokit.rest.issues.createLabel({
        owner,
        repo,
        name,
        color: colours.get(name.toLowerCase()) ?? '1d76db',
      }),
    );
  } catch (error) {
    // 422: somebody else made it meanwhile, or our own first try was done after all.
    if (error instanceof GitHubError && error.status === 422 && (await find())) return;
    throw error;
  }
}
