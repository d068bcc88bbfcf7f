import type { Pull, Thread } from './model.ts';
import type { World } from './world.ts';

/**
 * Brings the open pull requests up to what the branches are now, whoever has moved them (the API,
 * a person, a `git push` into the bare repository): a request follows its branch, closes with it,
 * and counts as merged when its commits have come into the base branch by another way.
 */
export async function settle(world: World): Promise<void> {
  for (const pull of world.pulls) if (pull.state === 'open') await settleOne(world, pull);
}

async function settleOne(world: World, pull: Pull): Promise<void> {
  const { git } = world;
  const head = await git.resolve(`refs/heads/${pull.head}`);
  const base = await git.resolve(`refs/heads/${pull.base}`);
  if (!head || !base) return closed(world, pull);
  const headMoved = head !== pull.head_sha;
  const baseMoved = base !== pull.base_sha;
  if (!headMoved && !baseMoved) return;
  if (headMoved) {
    await git.updateRefs([{ ref: `refs/pull/${pull.number}/head`, from: pull.head_sha, to: head }]);
    pull.updated_at = world.now();
  }
  pull.head_sha = head;
  pull.base_sha = base;
  pull.computing = world.slowMergeable;
  if (!(await git.isAncestor(head, base))) return;
  if (baseMoved) merged(world, pull, head);
  else closed(world, pull);
}

/** Closes a thread in the name of who is acting. */
export function closed(world: World, pull: Thread): void {
  pull.state = 'closed';
  pull.closed_at = world.now();
  pull.closed_by = world.actor;
  pull.updated_at = pull.closed_at;
}

/** Notes that a pull request was merged, by who is acting, with which commit. */
export function merged(world: World, pull: Pull, commit: string): void {
  closed(world, pull);
  pull.merged = true;
  pull.merged_at = pull.closed_at;
  pull.merged_by = world.actor;
  pull.merge_commit_sha = commit;
}
