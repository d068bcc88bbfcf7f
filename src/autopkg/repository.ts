import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/** An AutoPkg recipe repository at the one commit whose recipes were reviewed. */
export interface PinnedRepository {
  readonly url: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
}

/** Where `autopkg repo-add` keeps repositories, and trust info says its files are. */
const conventional = '~/Library/AutoPkg/RecipeRepos';

/**
 * The folder that AutoPkg itself would give a repository: "com.github.autopkg.recipes". As its
 * `get_recipe_repo` (Code/autopkg) makes it: the host's parts reversed, the path's slashes as dots,
 * less user, port and an ending such as ".git".
 */
export function folderName(url: string): string {
  const { hostname, pathname } = new URL(url);
  const path = pathname.slice(0, pathname.length - extname(pathname).length);
  return `${hostname.split('.').reverse().join('.')}${path.replaceAll('/', '.')}`;
}

/** The path that trust info gives to a file of a repository, on whatever Mac it was made. */
export function trustPath(url: string, path: string): string {
  return `${conventional}/${folderName(url)}/${path}`;
}

/** Which repository, and which file in it, a path in trust info speaks of. */
export function fromTrustPath(
  path: string,
  repositories: readonly PinnedRepository[],
): { repository: PinnedRepository; path: string } | undefined {
  for (const repository of repositories) {
    const folder = `/${folderName(repository.url)}/`;
    const at = path.indexOf(folder);
    if (at >= 0) return { repository, path: path.slice(at + folder.length) };
  }
  return undefined;
}

/** A folder name of its own for each address, readable as well. */
export function cacheKey(url: string): string {
  const digits = createHash('sha256').update(url).digest('hex').slice(0, 8);
  return `${folderName(url).replace(/[^A-Za-z0-9._-]+/g, '-')}-${digits}`;
}

/** The repository for people: "autopkg/recipes", or its address less "https://". */
export function shortName(url: string): string {
  return url
    .replace(/^https:\/\/(?:github\.com\/)?/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}
