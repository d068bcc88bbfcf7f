import { type Comparison, compare, headOf, readFile } from './branches.ts';
import { commit } from './commits.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { blobSha, type Sha } from './tree.ts';

/** What a request's branch must be: the base's files, with some of them changed. */
export interface WantedBranch {
  readonly branch: string;
  /**
   * What each file becomes, by path, made from what the base has of it (`undefined`: it isn't there),
   * so that nothing which was committed to the base meanwhile is taken back. Pure; asked once per try.
   */
  readonly files: ReadonlyMap<string, (onBase: string | undefined) => string>;
  readonly message: string;
}

/** Somebody else may push to the branch or to the base while we do: so often we look again. */
const attempts = 5;

/**
 * Makes the branch of a request differ from the base by exactly these files: what is shown is what is
 * approved (design, rule 3). It is brought up to date only when the base's version of one of them has
 * changed since, or somebody has pushed something else to it, and always by a commit on top: never by force.
 *
 * @returns the branch's head, and whether a commit was added; `nothing to propose` when the base has
 *   all of it already.
 */
export async function ensureBranch(
  connection: Connection,
  wanted: WantedBranch,
): Promise<{ head: Sha; wrote: boolean } | 'nothing to propose'> {
  const { branch, message } = wanted;
  const paths = [...wanted.files.keys()].join(', ');
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const base = await headOf(connection, connection.base);
    if (!base)
      throw new GitHubError(`propose ${paths}`, {
        answer: `there is no branch ${connection.base}`,
        remedy: 'Name the branch that holds the state in the settings.',
      });
    const onBase = new Map<string, string | undefined>();
    const changed = new Map<string, string>();
    for (const [path, content] of wanted.files) {
      const before = await readFile(connection, path, base);
      const after = content(before);
      onBase.set(path, before);
      if (after !== before) changed.set(path, after);
    }
    if (changed.size === 0) return 'nothing to propose';

    const head = await headOf(connection, branch);
    const compared = head && (await compare(connection, base, head));
    if (head && compared && showsExactly(compared, changed)) {
      const { mergeBase } = compared;
      const still = mergeBase === base || (await sameAt(connection, mergeBase, onBase));
      if (still) return { head, wrote: false };
    }
    const made = await commit(connection, {
      branch,
      files: changed,
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

function showsExactly(compared: Comparison, wanted: ReadonlyMap<string, string>): boolean {
  const { changes } = compared;
  return (
    changes.length === wanted.size &&
    changes.every(({ path, blob }) => {
      const content = wanted.get(path);
      return content !== undefined && blob === blobSha(content);
    })
  );
}

async function sameAt(
  connection: Connection,
  commit: Sha,
  files: ReadonlyMap<string, string | undefined>,
): Promise<boolean> {
  for (const [path, content] of files)
    if ((await readFile(connection, path, commit)) !== content) return false;
  return true;
}
