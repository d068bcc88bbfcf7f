import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Catalog, OverrideFile } from './catalog.ts';
import { type Chain, ParentMissing } from './chain.ts';
import { diffOf } from './diff.ts';
import { fetchHistory, Histories, type History } from './history.ts';
import { recipeName } from './override.ts';
import type { TrustInfo } from './recipe-file.ts';
import type { PinnedRepository } from './repository.ts';
import { risksOf, type Seen } from './risks.ts';
import { Ambiguous, type PinnedFile } from './shelf.ts';
import { type LastCommit, lastCommitsAtPins, trustInfoOf } from './trust-info.ts';
import { type RunFile, whatRuns } from './what-runs.ts';

/** A file that titles run, before and after. */
export interface FileChange {
  readonly url: string;
  readonly path: string;
  readonly kind: RunFile['kind'];
  readonly change: 'added' | 'changed' | 'removed';
  /** As git shows it, hunks alone; absent when it is no text. */
  readonly diff?: string;
  /** The SHA-256 of what it is afterwards; absent when it is gone. */
  readonly sha256?: string;
}

/** What a change means for one override. */
export interface OverrideReview {
  readonly override: OverrideFile;
  readonly changes: readonly FileChange[];
  readonly risks: readonly string[];
  /** What the override is to vouch for; absent when its trust info stays as it is. */
  readonly trust?: TrustInfo;
  /** Why it can't run any more afterwards. */
  readonly broken?: string;
}

/** What people are asked to vouch for, together. */
export interface ChangeSet {
  /** The repository that moves, as it is pinned now; absent when the pins stay. */
  readonly repository?: PinnedRepository;
  /** The commit that it moves to. */
  readonly to?: string;
  readonly overrides: readonly OverrideReview[];
  /** The same for the same changes: so a no can be remembered. */
  readonly digest: string;
}

/** An override that vouches for what the pins have now, with what it runs. */
interface Known {
  readonly override: OverrideFile;
  readonly seen: Seen;
  readonly trust: TrustInfo;
}

/**
 * What moving a repository to its newest commit would change for these overrides; undefined when nothing that
 * they run has changed. The commit moved to is the one that last touched any of it, so that commits which
 * concern nobody don't change what is asked.
 *
 * @param overrides those that vouch for what is pinned now.
 * @throws NotInPlace, GitFailed
 */
export async function reviewRepository(
  catalog: Catalog,
  repository: PinnedRepository,
  newest: string,
  overrides: readonly OverrideFile[],
): Promise<ChangeSet | undefined> {
  const known = await Promise.all(overrides.map((override) => look(catalog, override)));
  const concerned = known.filter(({ seen }) => uses(seen, repository.url));
  const atNewest = await compareAll(catalog.repinned(repository.url, newest), concerned);
  if (atNewest.length === 0) return undefined;
  const history = await fetchHistory(repository.url);
  try {
    const paths = atNewest.flatMap(({ changes }) => changes.map(({ path }) => path));
    const last = await history.lastCommitOf(newest, [...new Set(paths)]);
    const to =
      last && (await sameAt(catalog, repository, last, concerned, atNewest)) ? last : newest;
    const moved = catalog.repinned(repository.url, to);
    const reviews = await compareAll(moved, concerned, lastCommits(repository, to, history));
    return { repository, to, overrides: reviews, digest: digestOf(reviews) };
  } finally {
    await history.close();
  }
}

/**
 * What an override would have to vouch for that it does not vouch for now, with the pins as they are; undefined when
 * it vouches for all of it.
 */
export async function reviewOverride(
  catalog: Catalog,
  override: OverrideFile,
): Promise<ChangeSet | undefined> {
  const chain = await catalog.chainOf(override.name, override.file);
  const after: Seen = { chain, files: await whatRuns(chain) };
  const histories = new Histories();
  try {
    const trust = await trustInfoOf(chain, lastCommitsAtPins(histories));
    const changes: FileChange[] = [];
    const vouched = override.file.trust;
    for (const file of after.files) {
      const was = vouched && trustedAs(vouched, chain, file);
      if (was?.sha256_hash === sha256(file.bytes)) continue;
      const earlier =
        was?.git_hash && (await (await histories.of(file.url)).fileAt(was.git_hash, file.path));
      const before = earlier && sha256(earlier) === was.sha256_hash ? earlier : undefined;
      const isVouched = file.kind === 'recipe' || file.kind === 'processor';
      if (vouched && !isVouched) continue;
      changes.push(await changeOf(file, before, file.bytes));
    }
    if (changes.length === 0 && vouchesFor(vouched, trust)) return undefined;
    const review = { override, changes, risks: risksOf(undefined, after), trust };
    return { overrides: [review], digest: digestOf([review]) };
  } finally {
    await histories.close();
  }
}

function trustedAs(trust: TrustInfo, chain: Chain, { url, path }: RunFile) {
  const isFile = (one: PinnedFile | undefined) =>
    one?.path === path && one.checkout.repository.url === url;
  const recipe = chain.recipes.find(isFile);
  if (recipe) return trust.parent_recipes[recipe.identifier];
  const processor = chain.processors.find(({ file }) => isFile(file));
  return processor && trust.non_core_processors[processor.processor];
}

/** Whether trust info says the same, be it with other commits: those are no part of what is vouched for. */
function vouchesFor(vouched: TrustInfo | undefined, actual: TrustInfo): boolean {
  const files = (all: TrustInfo['parent_recipes']) =>
    Object.fromEntries(
      Object.entries(all).map(([name, { path, sha256_hash }]) => [name, { path, sha256_hash }]),
    );
  const said = ({ parent_recipes, non_core_processors }: TrustInfo) => [
    files(parent_recipes),
    files(non_core_processors),
  ];
  return vouched !== undefined && isDeepStrictEqual(said(vouched), said(actual));
}

async function look(catalog: Catalog, override: OverrideFile): Promise<Known> {
  const chain = await catalog.chainOf(override.name, override.file);
  const trust = override.file.trust ?? { parent_recipes: {}, non_core_processors: {} };
  return { override, trust, seen: { chain, files: await whatRuns(chain) } };
}

function uses({ chain, files }: Seen, url: string): boolean {
  return (
    files.some((file) => file.url === url) ||
    chain.recipes.some(({ checkout }) => checkout.repository.url === url)
  );
}

type Commits = (known: Known) => LastCommit;

/** What each override would run in another catalog; those for which nothing changes are left out. */
async function compareAll(
  moved: Catalog,
  known: readonly Known[],
  commits?: Commits,
): Promise<OverrideReview[]> {
  const reviews: OverrideReview[] = [];
  for (const one of known) {
    const review = await compareOne(moved, one, commits);
    if (review) reviews.push(review);
  }
  return reviews;
}

async function compareOne(
  moved: Catalog,
  known: Known,
  commits: Commits | undefined,
): Promise<OverrideReview | undefined> {
  const { override, seen } = known;
  let chain: Chain;
  try {
    chain = await moved.chainOf(override.name, override.file);
  } catch (error) {
    if (!(error instanceof ParentMissing || error instanceof Ambiguous)) throw error;
    return { override, changes: [], risks: [], broken: error.message };
  }
  const after: Seen = { chain, files: await whatRuns(chain) };
  const changes = await changesBetween(seen.files, after.files);
  if (changes.length === 0) return undefined;
  const trust = await trustInfoOf(chain, commits?.(known));
  return {
    override,
    changes,
    risks: risksOf(seen, after),
    ...(!vouchesFor(override.file.trust, trust) && { trust }),
  };
}

async function changesBetween(
  before: readonly RunFile[],
  after: readonly RunFile[],
): Promise<FileChange[]> {
  const key = ({ url, path }: RunFile) => `${url} ${path}`;
  const was = new Map(before.map((file) => [key(file), file]));
  const changes: FileChange[] = [];
  for (const file of after) {
    const earlier = was.get(key(file));
    was.delete(key(file));
    if (!earlier?.bytes.equals(file.bytes))
      changes.push(await changeOf(file, earlier?.bytes, file.bytes));
  }
  for (const file of was.values()) changes.push(await changeOf(file, file.bytes, undefined));
  return changes;
}

async function changeOf(
  { url, path, kind }: RunFile,
  before: Buffer | undefined,
  after: Buffer | undefined,
): Promise<FileChange> {
  const diff = await diffOf({ ...(before && { before }), ...(after && { after }) });
  return {
    url,
    path,
    kind,
    change: !before ? 'added' : !after ? 'removed' : 'changed',
    ...(diff !== undefined && { diff }),
    ...(after && { sha256: sha256(after) }),
  };
}

/** Whether all that changed by the newest commit is just so at an earlier one. */
async function sameAt(
  catalog: Catalog,
  { url }: PinnedRepository,
  commit: string,
  known: readonly Known[],
  atNewest: readonly OverrideReview[],
): Promise<boolean> {
  const then = await compareAll(catalog.repinned(url, commit), known);
  return digestOf(then) === digestOf(atNewest);
}

/** The repository that moves is asked; for files of the others what is vouched for stays. */
function lastCommits({ url }: PinnedRepository, to: string, history: History): Commits {
  return ({ trust }) =>
    async ({ checkout, path }) => {
      if (checkout.repository.url === url) return history.lastCommitOf(to, [path]);
      const all = [
        ...Object.values(trust.parent_recipes),
        ...Object.values(trust.non_core_processors),
      ];
      return all.find((one) => one.path?.endsWith(`/${path}`))?.git_hash;
    };
}

function digestOf(reviews: readonly OverrideReview[]): string {
  const said = reviews.map(({ override, changes, broken }) => [
    recipeName(override.path),
    broken ?? '',
    ...changes.map(({ url, path, change, diff, sha256: content }) => [
      url,
      path,
      change,
      diff ?? '',
      content ?? '',
    ]),
  ]);
  return sha256(Buffer.from(JSON.stringify(said))).slice(0, 16);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
