import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git.ts';

/** One file before and after; absent where it isn't there. */
export interface Versions {
  readonly before?: Buffer;
  readonly after?: Buffer;
}

/**
 * What changed in a file, as git shows it: hunks alone, without headers. "" when nothing did; undefined when
 * it is no text.
 */
export async function diffOf({ before, after }: Versions): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-diff-'));
  try {
    const files = [join(folder, 'before'), join(folder, 'after')] as const;
    await writeFile(files[0], before ?? '');
    await writeFile(files[1], after ?? '');
    const said = await git(
      'compare two versions of a file',
      ['diff', '--no-index', '--no-ext-diff', '--no-textconv', '--no-color', '--', ...files],
      [1],
    );
    const text = said.toString('utf8');
    if (/^Binary files /m.test(text.split('\n@@', 1)[0] ?? '')) return undefined;
    const hunks = text.indexOf('\n@@');
    return hunks < 0 ? '' : text.slice(hunks + 1).trimEnd();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
