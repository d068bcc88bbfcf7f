import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { reposPath } from './repos.ts';

/**
 * The text of recipes/repos.yaml with a repository pinned to another commit; everything else stays as it
 * is, letter by letter. Pure.
 *
 * @throws Error when the repository isn't there any more, or is pinned to neither of the two.
 */
export function repinned(text: string, url: string, from: string, to: string): string {
  const repos = parseDocument(text).get('repos');
  for (const item of isSeq(repos) ? repos.items : []) {
    if (!isMap(item) || item.get('url') !== url) continue;
    const commit = item.get('commit', true);
    if (!isScalar(commit) || !commit.range) break;
    if (commit.value === to) return text;
    if (commit.value !== from)
      throw new Error(
        `${reposPath} pins ${url} to another commit by now: run the trust stage again`,
      );
    const [start, end] = commit.range;
    return text.slice(0, start) + text.slice(start, end).replace(from, to) + text.slice(end);
  }
  throw new Error(`${reposPath} no longer pins ${url}`);
}
