import { z } from 'zod';
import { readCommit } from './commit-object.ts';
import { Refusal } from './errors.ts';
import type { Pull } from './model.ts';
import { ok, type Route, route } from './router.ts';
import { checkRules, checkState } from './rules.ts';
import type { Schema } from './schema.ts';
import { merged } from './settle.ts';
import type { World } from './world.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** The tree of the base branch with the pull request in it; undefined when they conflict. */
async function mergedTree(world: World, pull: Pull): Promise<string | undefined> {
  const key = `${pull.base_sha} ${pull.head_sha}`;
  if (!world.merges.has(key))
    world.merges.set(key, await world.git.mergeTree(pull.base_sha, pull.head_sha));
  return world.merges.get(key);
}

/** What GitHub says about whether a pull request can be merged. */
export async function mergeable(
  world: World,
  pull: Pull,
  justCreated: boolean,
): Promise<{ mergeable: boolean | null; rebaseable: boolean | null; mergeable_state: string }> {
  const unknown = { mergeable: null, rebaseable: null, mergeable_state: 'unknown' };
  if (pull.state === 'closed' || justCreated) return unknown;
  if (pull.computing > 0) {
    pull.computing -= 1;
    return unknown;
  }
  const can = (await mergedTree(world, pull)) !== undefined;
  const state = pull.draft ? 'draft' : checkState(world, pull);
  return { mergeable: can, rebaseable: can, mergeable_state: can ? state : 'dirty' };
}

interface MergeWish {
  readonly method?: MergeMethod | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** The head commit that is meant. */
  readonly sha?: string | undefined;
}

/**
 * Merges a pull request in the name of who is acting: a real commit (or several, rebased) on the
 * base branch. @throws Refusal 405 when it can't be merged, 409 when its branch has moved.
 */
export async function mergePull(world: World, pull: Pull, wish: MergeWish = {}): Promise<string> {
  if (pull.state === 'closed' || pull.draft)
    throw new Refusal(405, 'Pull Request is not mergeable');
  if (wish.sha !== undefined && wish.sha !== pull.head_sha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  checkRules(world, pull);
  const tree = await mergedTree(world, pull);
  if (tree === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  const sha = await written(world, pull, tree, wish);
  await world.git.updateRefs([{ ref: `refs/heads/${pull.base}`, from: pull.base_sha, to: sha }]);
  merged(world, pull, sha);
  if (world.deleteBranchOnMerge)
    await world.git.updateRefs([
      { ref: `refs/heads/${pull.head}`, from: pull.head_sha, to: undefined },
    ]);
  return sha;
}

async function written(world: World, pull: Pull, tree: string, wish: MergeWish): Promise<string> {
  const { git } = world;
  const author = world.signature(world.actor);
  const { base_sha: base, head_sha: head } = pull;
  const method = wish.method ?? 'merge';
  if (method === 'rebase') return rebased(world, pull);
  const title = {
    merge: `Merge pull request #${pull.number} from ${world.owner}/${pull.head}`,
    squash: `${pull.title} (#${pull.number})`,
  };
  const text = method === 'merge' ? pull.title : '';
  const message = [wish.title ?? title[method], wish.message ?? text].filter(Boolean).join('\n\n');
  const parents = method === 'merge' ? [base, head] : [base];
  const sha = await git.commit(tree, parents, message, author, world.webFlow());
  world.signed.add(sha);
  return sha;
}

async function rebased(world: World, pull: Pull): Promise<string> {
  const { git } = world;
  const range = ['--reverse', '--no-merges', `${pull.base_sha}..${pull.head_sha}`];
  let onto = pull.base_sha;
  for (const sha of await git.revList(range)) {
    const commit = await readCommit(git, sha);
    const parent = commit?.parents[0];
    const tree = commit && parent ? await applied(world, onto, parent, sha) : undefined;
    if (!commit || !tree) throw new Refusal(405, "This branch can't be rebased");
    const author = { ...commit.author, date: new Date(commit.author.date) };
    onto = await git.commit(tree, [onto], commit.message, author, world.signature(world.actor));
  }
  return onto;
}

/**
 * The tree of `onto` with the change from one commit to another in it; undefined on a conflict.
 * git before 2.40 cannot be told a merge base, so the three are lined up as commits of their own.
 */
export async function applied(
  world: World,
  onto: string,
  from: string,
  to: string,
): Promise<string | undefined> {
  const { git } = world;
  const who = world.webFlow();
  const lined = async (commit: string, parents: string[]) => {
    const tree = await git.resolve(`${commit}^{tree}`);
    return git.commit(tree ?? commit, parents, 'between', who, who);
  };
  const base = await lined(from, []);
  return git.mergeTree(await lined(onto, [base]), await lined(to, [base]));
}

const mergeBody = z.strictObject({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
});

export const mergeRoutes: readonly Route[] = [
  route('PUT', 'pulls/{number}/merge', async (world, call) => {
    const wish = call.read(mergeBody);
    const pull = world.pull(call.number('number'));
    if (pull.computing > 0) {
      // So GitHub says while it still works out whether the two branches merge.
      pull.computing -= 1;
      throw new Refusal(405, 'Base branch was modified. Review and try the merge again.');
    }
    const sha = await mergePull(world, pull, {
      method: wish.merge_method,
      title: wish.commit_title,
      message: wish.commit_message,
      sha: wish.sha,
    });
    const answer: Schema<'pull-request-merge-result'> = {
      sha,
      merged: true,
      message: 'Pull Request successfully merged',
    };
    return ok(answer);
  }),
  route('GET', 'pulls/{number}/merge', (world, call) => {
    if (world.pull(call.number('number')).merged) return { status: 204 };
    throw new Refusal(404, 'Not Found');
  }),
];
