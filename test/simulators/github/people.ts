import { addComment } from './comments.ts';
import { editBody, openIssue, reopenThread } from './issues.ts';
import { applied, type MergeMethod, mergePull } from './merge.ts';
import type { Review } from './model.ts';
import { openPull } from './pulls.ts';
import { refSha } from './refs.ts';
import { addReview } from './reviews.ts';
import { closed, settle } from './settle.ts';
import { blobChanges, editTree } from './trees.ts';
import type { World } from './world.ts';

/** What people do in GitHub's pages and at their terminals: no API request, no write counted. */
export class People {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Merges a pull request; gives the commit on the base branch. */
  merge(number: number, by: string, method: MergeMethod = 'merge'): Promise<string> {
    return this.#act(by, (world) => mergePull(world, world.pull(number), { method }));
  }

  /** Closes a pull request unmerged, or an issue. */
  close(number: number, by: string): Promise<void> {
    return this.#act(by, (world) => {
      const thread = world.thread(number);
      if (thread.state === 'closed') throw new Error(`#${number} is closed already`);
      closed(world, thread);
      if (thread.kind === 'issue') thread.state_reason = 'completed';
    });
  }

  reopen(number: number, by: string): Promise<void> {
    return this.#act(by, (world) => reopenThread(world, world.thread(number)));
  }

  /** Writes a comment; gives its id. */
  comment(number: number, by: string, body: string): Promise<number> {
    return this.#act(by, (world) => addComment(world, world.thread(number), body).id);
  }

  review(number: number, by: string, state: Review['state'], body?: string): Promise<void> {
    return this.#act(by, (world) => void addReview(world, world.pull(number), state, body));
  }

  /** Opens an issue; gives its number. */
  openIssue(by: string, title: string, body = ''): Promise<number> {
    return this.#act(by, (world) => openIssue(world, title, body).number);
  }

  /** Edits the text of an issue or a pull request: ticking a box is that, too. */
  edit(number: number, by: string, change: (body: string) => string): Promise<void> {
    return this.#act(by, (world) => {
      const thread = world.thread(number);
      editBody(world, thread, change(thread.body ?? ''));
    });
  }

  /** Opens a pull request for a branch; gives its number. */
  openPull(by: string, head: string, title: string, body = ''): Promise<number> {
    return this.#act(
      by,
      async (world) => (await openPull(world, { title, head, base: 'main', body })).number,
    );
  }

  /**
   * GitHub's Revert button: a new pull request whose branch takes the merged one's change back out
   * of today's main; gives its number. @throws Error when it conflicts, as GitHub refuses then.
   */
  revert(number: number, by: string): Promise<number> {
    return this.#act(by, async (world) => {
      const { git } = world;
      const pull = world.pull(number);
      const main = await refSha(git, `refs/heads/${pull.base}`);
      if (!pull.merge_commit_sha || !main) throw new Error(`#${number} was never merged`);
      const tree = await applied(world, main, pull.merge_commit_sha, pull.base_sha);
      if (!tree) throw new Error(`#${number} can't be reverted: its change conflicts with main`);
      const head = `revert-${number}-${pull.head}`;
      const message = `Revert "${pull.title}"\n\nThis reverts commit ${pull.merge_commit_sha}.`;
      const author = world.signature(by);
      const sha = await git.commit(tree, [main], message, author, world.webFlow());
      world.signed.add(sha);
      await git.updateRefs([{ ref: `refs/heads/${head}`, from: undefined, to: sha }]);
      const title = `Revert "${pull.title}"`;
      const body = `Reverts ${world.owner}/${world.repo}#${number}`;
      return (await openPull(world, { title, head, base: pull.base, body })).number;
    });
  }

  /** Pushes a commit (null deletes a file), to main or another branch; gives its sha. */
  commit(
    by: string,
    message: string,
    files: Readonly<Record<string, string | null>>,
    branch = 'main',
  ): Promise<string> {
    return this.#act(by, async (world) => {
      const { git } = world;
      const ref = `refs/heads/${branch}`;
      const old = await refSha(git, ref);
      const from = old ?? (await refSha(git, 'refs/heads/main'));
      const tree = await editTree(git, from, await blobChanges(git, files));
      const who = world.signature(by);
      const sha = await git.commit(tree, from ? [from] : [], `${message}\n`, who, who);
      await git.updateRefs([{ ref, from: old, to: sha }]);
      return sha;
    });
  }

  deleteBranch(name: string, by = 'somebody'): Promise<void> {
    return this.#act(by, async (world) => {
      const ref = `refs/heads/${name}`;
      const from = await refSha(world.git, ref);
      if (!from) throw new Error(`there is no branch ${name}`);
      await world.git.updateRefs([{ ref, from, to: undefined }]);
    });
  }

  #act<Result>(by: string, act: (world: World) => Result | Promise<Result>): Promise<Result> {
    return this.#world.exclusively(by, async () => {
      await settle(this.#world);
      const result = await act(this.#world);
      await settle(this.#world);
      return result;
    });
  }
}
