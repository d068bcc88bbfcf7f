import { refSha } from './refs.ts';
import { entryType, walkTree } from './trees.ts';
import type { World } from './world.ts';

/** The files at a commit, as text by path. */
export async function filesAt(world: World, name: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [path, { mode, sha }] of await walkTree(world.git, name)) {
    if (entryType(mode) !== 'blob') continue;
    files[path] = (await world.git.object(sha))?.content.toString() ?? '';
  }
  return files;
}

/** What two runs that ended alike have alike: no shas, no times, no order of numbers. */
export interface Snapshot {
  readonly main: Readonly<Record<string, string>>;
  readonly branches: readonly string[];
  readonly pulls: readonly object[];
  readonly issues: readonly object[];
  readonly deployments: readonly object[];
}

export async function snapshotOf(world: World): Promise<Snapshot> {
  const main = await refSha(world.git, 'refs/heads/main');
  const refs = await world.git.refs('refs/heads/');
  const named = (ref: string) => (/^[0-9a-f]{40}$/.test(ref) ? '<commit>' : ref);
  return {
    main: main ? await filesAt(world, main) : {},
    branches: refs.map(({ ref }) => ref.slice('refs/heads/'.length)),
    pulls: inOrder(
      world.pulls.map((pull) => ({
        title: pull.title,
        body: plain(pull.body),
        state: pull.state,
        merged: pull.merged,
        head: pull.head,
        base: pull.base,
        labels: pull.labels.toSorted(),
        requested_reviewers: pull.requested_reviewers.toSorted(),
        comments: pull.comments.map(({ user, body }) => ({ user, body: plain(body) })),
      })),
    ),
    issues: inOrder(
      world.issues.map((issue) => ({
        title: issue.title,
        body: plain(issue.body),
        state: issue.state,
        labels: issue.labels.toSorted(),
        comments: issue.comments.map(({ user, body }) => ({ user, body: plain(body) })),
      })),
    ),
    deployments: inOrder(
      world.deployments.map((deployment) => ({
        task: deployment.task,
        ref: named(deployment.ref),
        environment: deployment.environment,
        description: deployment.description,
        state: deployment.statuses.at(-1)?.state ?? null,
      })),
    ),
  };
}

const plain = (text: string | null) =>
  text
    ?.replace(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>') ?? null;

const inOrder = (items: readonly object[]) =>
  items.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
