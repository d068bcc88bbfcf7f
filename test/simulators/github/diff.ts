import type { Git } from './git.ts';

export interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly additions: number;
  readonly deletions: number;
  /** The blob afterwards, or the one that went. */
  readonly sha: string;
  readonly patch?: string;
}

const words = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied' } as const;

/** What changed between two commits, in order of path; without `from`, all that `to` holds. */
export async function changedFiles(
  git: Git,
  from: string | undefined,
  to: string,
): Promise<ChangedFile[]> {
  const ends = from ? [from, to] : ['--root', '--no-commit-id', to];
  const diff = (...args: string[]) =>
    git.run(['diff-tree', '-r', '-M', '--no-color', '--full-index', ...args, ...ends]);
  const raw = (await diff('--raw', '-z')).split('\0');
  const counts = (await diff('--numstat', '-z')).split('\0');
  const patches = (await diff('-p')).split(/^diff --git .*\n/m).slice(1);
  const files: ChangedFile[] = [];
  for (let at = 0, count = 0; raw[at]?.startsWith(':'); ) {
    const [, , before = '', after = '', code = 'M'] = (raw[at] ?? '').split(' ');
    const letter = code[0] as keyof typeof words;
    const moved = letter === 'R' || letter === 'C';
    const filename = raw[at + (moved ? 2 : 1)] ?? '';
    const [additions = '0', deletions = '0'] = (counts[count] ?? '').split('\t');
    // From the first hunk on: GitHub leaves git's headers out.
    const hunks = patches[files.length]?.match(/^@@[\s\S]*/m)?.[0].trimEnd();
    files.push({
      filename,
      ...(moved && { previous_filename: raw[at + 1] ?? '' }),
      status: words[letter] ?? 'changed',
      additions: Number(additions) || 0,
      deletions: Number(deletions) || 0,
      sha: letter === 'D' ? before : after,
      ...(hunks !== undefined && { patch: hunks }),
    });
    at += moved ? 3 : 2;
    count += moved ? 3 : 1;
  }
  return files;
}
