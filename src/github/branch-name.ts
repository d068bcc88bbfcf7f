import { createHash } from 'node:crypto';
import type { Version } from '../lifecycle/version.ts';

/** What every branch of PatchBot starts with. */
export const branchPrefix = 'patchbot/';

/**
 * The branch of a version's promotion request: `patchbot/<slug>/<version>`. Two versions never share
 * one, not even on a Mac whose file system takes 1.0B for 1.0b: a version that git would not take as
 * it is, or that could be taken for another, gets eight digits of its SHA-256 behind it.
 *
 * What git takes: https://git-scm.com/docs/git-check-ref-format
 */
export function branchOf(slug: string, version: Version): string {
  const { text } = version;
  const safe = text
    .replace(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+/, '')
    .slice(0, 64)
    .replace(/(\.lock|\.)+$/i, '');
  const isItself = safe === text && !/[A-Z]/.test(text) && !/-[0-9a-f]{8}$/.test(text);
  return `${branchPrefix}${slug}/${isItself ? safe : `${safe}-${digitsOf(text)}`}`;
}

/** The branch of a group's promotion request. No short name of a title has a dot in it. */
export function groupBranchOf(group: string): string {
  return `${branchPrefix}group.${group}`;
}

/** The branch of a request that takes promotions back: the same for the same titles and versions. */
export function rollbackBranchOf(
  titles: readonly { readonly slug: string; readonly from: Version; readonly to: Version }[],
): string {
  const what = titles.map(({ slug, from, to }) => `${slug}\n${from.text}\n${to.text}`);
  const named = titles.length === 1 && titles[0] ? titles[0].slug : `${titles.length}-titles`;
  return `${branchPrefix}rollback.${named}/${digitsOf(what.toSorted().join('\n\n'))}`;
}

/** What a branch of PatchBot asks for. */
export type BranchKind =
  | { readonly kind: 'title'; readonly slug: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'rollback' };

/** Undefined when it is no branch of PatchBot. */
export function branchKind(branch: string): BranchKind | undefined {
  if (!branch.startsWith(branchPrefix)) return undefined;
  const name = branch.slice(branchPrefix.length);
  if (name.startsWith('rollback.')) return { kind: 'rollback' };
  if (name.startsWith('group.')) return { kind: 'group', group: name.slice('group.'.length) };
  const [, slug] = /^([a-z0-9-]+)\/./.exec(name) ?? [];
  return slug === undefined ? undefined : { kind: 'title', slug };
}

function digitsOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
