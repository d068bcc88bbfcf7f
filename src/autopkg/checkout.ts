import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fetchHistory } from './history.ts';
import { type Entry, objectId, readListing, treeId, treeOfCommit } from './manifest.ts';
import { cacheKey, type PinnedRepository, shortName } from './repository.ts';

/** A pinned repository's files on disk, each proved to be the commit's. */
export interface Checkout {
  readonly repository: PinnedRepository;
  /** Absolute. */
  readonly folder: string;
  /** All files, by path. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A repository could not be put in place, or isn't what its pin says. */
export class NotInPlace extends Error {
  override readonly name = 'NotInPlace';
}

/** How long a check-out that nobody used any more is kept, and one that was never finished. */
const keptUnused = 30 * 24 * 3_600_000;
const keptUnfinished = 24 * 3_600_000;

/**
 * Makes sure that exactly the files of the pinned commit are on disk, no other file among them. What is there
 * from an earlier run is checked byte by byte; if anything differs, all of it is thrown away and
 * fetched anew, and that is told. No git command ever runs on what is kept: it is data alone.
 *
 * @param cache the folder that keeps check-outs between runs.
 * @throws NotInPlace when the commit can't be had, is on no branch of the repository, or holds what
 *   can't be checked.
 */
export async function putInPlace(
  repository: PinnedRepository,
  cache: string,
  log: (line: string) => void,
): Promise<Checkout> {
  const home = join(cache, cacheKey(repository.url));
  const place = join(home, repository.commit);
  const name = `${shortName(repository.url)} at ${repository.commit.slice(0, 12)}`;
  const kept = await check(place, repository);
  if (kept.ok) {
    const now = new Date();
    await utimes(place, now, now);
    return kept.checkout;
  }
  if (kept.problem !== 'nothing there') {
    log(`${name}: ${kept.problem}. All of it is thrown away and fetched anew`);
    await rm(place, { recursive: true, force: true });
  }
  await mkdir(home, { recursive: true });
  await sweep(home, repository.commit);
  const unfinished = await mkdtemp(join(home, 'unfinished-'));
  try {
    await fetchInto(unfinished, repository);
    const made = await check(unfinished, repository);
    if (!made.ok) throw new NotInPlace(`${name}: ${made.problem}`);
    // Another run may have been faster: then its files are checked like any that were there before.
    await rename(unfinished, place).catch(() => undefined);
  } catch (error) {
    if (error instanceof NotInPlace) throw error;
    throw new NotInPlace(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  const placed = await check(place, repository);
  if (!placed.ok) throw new NotInPlace(`${name}: ${placed.problem}`);
  return placed.checkout;
}

async function fetchInto(folder: string, { url, commit }: PinnedRepository): Promise<void> {
  const history = await fetchHistory(url);
  try {
    // GitHub shows commits of forks under a repository's address too, and anybody can make those.
    if (!(await history.onBranch(commit)))
      throw new NotInPlace(
        `no branch of ${shortName(url)} has the commit ${commit}: pin one of its own in recipes/repos.yaml`,
      );
    await writeFile(join(folder, 'commit'), await history.commitText(commit));
    await writeFile(join(folder, 'listing'), await history.listing(commit));
    await mkdir(join(folder, 'files'));
    await history.writeFiles(commit, join(folder, 'files'));
    for (const path of await walk(join(folder, 'files'), ''))
      if (isCompiled(path)) await rm(join(folder, 'files', path));
  } finally {
    await history.close();
  }
}

type Checking =
  | { readonly ok: true; readonly checkout: Checkout }
  | { readonly ok: false; readonly problem: string };

/** Whether the files there are the commit's, every one and none besides. */
async function check(place: string, repository: PinnedRepository): Promise<Checking> {
  const folder = join(place, 'files');
  let entries: Entry[];
  try {
    entries = readListing(await readFile(join(place, 'listing')));
    const tree = treeOfCommit(repository.commit, await readFile(join(place, 'commit')));
    if (treeId(entries) !== tree) return bad('its list of files is not that of the commit');
  } catch (error) {
    const isThere = await stat(place).catch(() => undefined);
    return bad(isThere ? (error as Error).message : 'nothing there');
  }
  const leading = entries.find(({ mode }) => mode === '120000') && (await linkOut(entries, folder));
  if (leading) return bad(`${leading} is a link to a place outside of the repository`);
  const byPath = new Map(
    entries.filter(({ path }) => !isCompiled(path)).map((entry) => [entry.path, entry]),
  );
  const differing = await differences(folder, byPath);
  if (differing.length > 0) {
    const named = differing.slice(0, 5).join(', ');
    const more = differing.length > 5 ? ` and ${differing.length - 5} more` : '';
    return bad(`these files on disk are not the commit's: ${named}${more}`);
  }
  return { ok: true, checkout: { repository, folder, entries: byPath } };
}

function bad(problem: string): Checking {
  return { ok: false, problem };
}

/**
 * Compiled Python is never put in place: nobody can read it, and Python can be made to take it in the
 * place of the source beside it (PEP 552, unchecked hash-based pycs).
 */
function isCompiled(path: string): boolean {
  return /\.py[co]$/i.test(path) || path.split('/').includes('__pycache__');
}

/** The files that differ from the commit's, are missing, or don't belong there. */
async function differences(
  folder: string,
  wanted: ReadonlyMap<string, Entry>,
): Promise<readonly string[]> {
  const found = await walk(folder, '');
  const differing = found.filter((path) => wanted.get(path) === undefined);
  const present = new Set(found);
  // Another repository's commit (a submodule) leaves an empty folder, or none.
  for (const [path, entry] of wanted)
    if (entry.mode !== '160000' && !(present.has(path) && (await isWhatItWas(folder, entry))))
      differing.push(path);
  return differing;
}

async function walk(folder: string, under: string): Promise<string[]> {
  const here = await readdir(join(folder, under), { withFileTypes: true });
  const found = await Promise.all(
    here.map((one) => {
      const path = under === '' ? one.name : `${under}/${one.name}`;
      return one.isDirectory() ? walk(folder, path) : [path];
    }),
  );
  return found.flat();
}

async function isWhatItWas(folder: string, { path, mode, id }: Entry): Promise<boolean> {
  const file = join(folder, path);
  try {
    if (mode === '120000') return objectId('blob', Buffer.from(await readlink(file))) === id;
    const there = await lstat(file);
    const executable = (there.mode & 0o100) !== 0;
    return (
      there.isFile() &&
      executable === (mode === '100755') &&
      objectId('blob', await readFile(file)) === id
    );
  } catch {
    return false;
  }
}

/** The first link that leads out of the repository, where there are no pinned files. */
async function linkOut(entries: readonly Entry[], folder: string): Promise<string | undefined> {
  for (const { path, mode } of entries) {
    if (mode !== '120000') continue;
    const target = await readlink(join(folder, path)).catch(() => '/');
    const leads = posix.normalize(posix.join(dirname(path), target));
    if (posix.isAbsolute(target) || leads === '..' || leads.startsWith('../')) return path;
  }
  return undefined;
}

/** Takes away what no run will use again, so that the cache doesn't grow for ever. */
async function sweep(home: string, wanted: string): Promise<void> {
  const now = Date.now();
  for (const name of await readdir(home)) {
    const path = join(home, name);
    const used = (await stat(path).catch(() => undefined))?.mtimeMs ?? now;
    const kept = name.startsWith('unfinished-') ? keptUnfinished : keptUnused;
    if (name !== wanted && now - used > kept) await rm(path, { recursive: true, force: true });
  }
}
