import { type Comparison, compare, headOf, readFile } from './branches.ts';
import { commit } from './commits.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { blobSha, type Sha } from './tree.ts';

/** What a request's branch must be: the base's files, with one of them changed. */
export interface WantedBranch {
  readonly branch: string;
  readonly path: string;
  /**
   * What the file becomes, made from what the base has of it (`undefined`: it isn't there), so that
   * nothing which was committed to the base meanwhile is taken back. Pure; asked once per try.
   */
  readonly content: (onBase: string | undefined) => string;
  readonly message: string;
}

/** Somebody else may push to the branch or to the base while we do: so often we look again. */
const attempts = 5;

/**
 * Makes the branch of a request differ from the base by exactly one file: what is shown is what is
 * approved (design, rule 3). It is brought up to date only when the base's version of that file has
 * changed since, or somebody has pushed something else to it, and always by a commit on top: never by force.
 *
 * @returns the branch's head, and whether a commit was added; `nothing to propose` when the base has
 *   that content already.
 */
export async function ensureBranch(
  connection: Connection,
  wanted: WantedBranch,
): Promise<{ head: Sha; wrote: boolean } | 'nothing to propose'> {
  const { branch, path, message } = wanted;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const base = await headOf(connection, connection.base);
    if (!base)
      throw new GitHubError(`propose ${path}`, {
        answer: `there is no branch ${connection.base}`,
        remedy: 'Name the branch that holds the state in the settings.',
      });
    const onBase = await readFile(connection, path, base);
    const content = wanted.content(onBase);
    if (onBase === content) return 'nothing to propose';

    const head = await headOf(connection, branch);
    const compared = head && (await compare(connection, base, head));
    if (head && compared && showsExactly(compared, path, content)) {
      const { mergeBase } = compared;
      if (mergeBase === base || (await readFile(connection, path, mergeBase)) === onBase)
        return { head, wrote: false };
    }
    const made = await commit(connection, {
      branch,
      files: new Map([[path, content]]),
      message,
      filesOf: base,
      parent: head ?? base,
      // A branch that holds the base's head already needs no merge.
      ...(head && compared?.behindBy !== 0 ? { otherParents: [base] } : {}),
      create: true,
    });
    if (made !== 'moved') return { head: made.sha, wrote: true };
  }
  throw new GitHubError(`bring ${branch} up to date`, {
    answer: `it moved ${attempts} times meanwhile`,
    remedy: 'Somebody else is pushing to it: run it again.',
  });
}

function showsExactly(compared: Comparison, path: string, content: string): boolean {
  const [only, ...others] = compared.changes;
  return others.length === 0 && only?.path === path && only.blob === blobSha(content);
}
