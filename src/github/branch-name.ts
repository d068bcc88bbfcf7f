import { createHash } from 'node:crypto';
import type { Version } from '../lifecycle/version.ts';

/** What every branch of a promotion request starts with. */
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
  if (isItself) return `${branchPrefix}${slug}/${safe}`;
  const digits = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${branchPrefix}${slug}/${safe}-${digits}`;
}
