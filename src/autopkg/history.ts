import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git.ts';
import { shortName } from './repository.ts';

/**
 * A repository's history, fetched for the moment: commits and folders of all its branches; contents of
 * files only as they are asked for, where the server can do that (GitHub can).
 */
export interface History {
  /** Whether one of its branches holds the commit. */
  onBranch(commit: string): Promise<boolean>;
  /** The commit's own text, by which its id can be proved. */
  commitText(commit: string): Promise<Buffer>;
  /** All its files, as `git ls-tree -r -z` lists them. */
  listing(commit: string): Promise<Buffer>;
  /** A file as it was at a commit; undefined when it was not there. */
  fileAt(commit: string, path: string): Promise<Buffer | undefined>;
  /** Writes its files into an empty folder, byte by byte as they are in the commit. */
  writeFiles(commit: string, folder: string): Promise<void>;
  /** The newest commit, up to this one, that touched one of the paths: AutoPkg's `git_hash`. */
  lastCommitOf(commit: string, paths: readonly string[]): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The newest commit of the repository's default branch, without fetching anything. */
export async function newestCommit(url: string): Promise<string> {
  const name = shortName(url);
  const said = await git(`ask ${name} for its newest commit`, ['ls-remote', '--', url, 'HEAD']);
  const commit = /^([0-9a-f]{40})\tHEAD$/m.exec(said.toString('utf8'))?.[1];
  if (!commit) throw new Error(`${name} does not say what its newest commit is`);
  return commit;
}

/**
 * Fetches a repository's history into a temporary folder of its own.
 *
 * @throws GitFailed when the server can't be reached or has no such repository.
 */
export async function fetchHistory(url: string): Promise<History> {
  const name = shortName(url);
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-history-'));
  const run = (tried: string, args: readonly string[], allowed?: readonly number[]) =>
    git(`${tried} ${name}`, ['--git-dir', folder, ...args], allowed);
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    // An empty template: no hooks, no attributes, nothing of this machine's.
    await run('prepare to fetch', ['init', '--quiet', '--bare', '--template=']);
    for (const [key, value] of [
      ['remote.origin.url', url],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.partialclonefilter', 'blob:none'],
    ] as const)
      await run('prepare to fetch', ['config', key, value]);
    // Whatever the repository's own attributes say, files are written as they are in the commit.
    await mkdir(join(folder, 'info'));
    await writeFile(
      join(folder, 'info', 'attributes'),
      '* -text -ident -filter !working-tree-encoding\n',
    );
    await run('fetch', [
      'fetch',
      '--quiet',
      '--no-tags',
      '--filter=blob:none',
      'origin',
      '+refs/heads/*:refs/heads/*',
    ]);
  } catch (error) {
    await close();
    throw error;
  }

  const onBranch = async (commit: string) => {
    // A list, and not a question for this commit: git would go and ask the server for one it lacks.
    const said = await run('read the history of', ['rev-list', '--branches']);
    return said.toString('latin1').split('\n').includes(commit);
  };

  return {
    onBranch,
    commitText: (commit) => run('read the commit of', ['cat-file', 'commit', commit]),
    listing: (commit) =>
      run('list the files of', ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit]),
    async fileAt(commit, path) {
      if (!(await onBranch(commit))) return undefined;
      const listed = await run('look into', ['ls-tree', '-z', commit, '--', path]);
      const blob = /^\d{6} blob ([0-9a-f]{40})\t/.exec(listed.toString('latin1'))?.[1];
      return blob ? run('read a file of', ['cat-file', 'blob', blob]) : undefined;
    },
    async writeFiles(commit, files) {
      await run('write the files of', [
        '--work-tree',
        files,
        '-c',
        'core.bare=false',
        'read-tree',
        '--reset',
        '-u',
        commit,
      ]);
    },
    async lastCommitOf(commit, paths) {
      const said = await run('read the history of', [
        'rev-list',
        '-1',
        '--end-of-options',
        commit,
        '--',
        ...paths,
      ]);
      return said.toString('utf8').trim() || undefined;
    },
    close,
  };
}

/** The histories of the repositories that are asked for, each fetched once. */
export class Histories {
  readonly #fetched = new Map<string, Promise<History>>();

  of(url: string): Promise<History> {
    const known = this.#fetched.get(url);
    if (known) return known;
    const fetching = fetchHistory(url);
    this.#fetched.set(url, fetching);
    return fetching;
  }

  async close(): Promise<void> {
    for (const history of this.#fetched.values())
      await history.then(
        (one) => one.close(),
        () => undefined,
      );
  }
}
