import { basename } from 'node:path';
import { withTrust } from '../autopkg/override-file.ts';
import { cacheKey, shortName } from '../autopkg/repository.ts';
import type { ChangeSet, FileChange, OverrideReview } from '../autopkg/review.ts';
import { type TrustProposal, trustBody, trustTitle, type WantedRequest } from '../github/github.ts';
import type { Title } from '../lifecycle/title.ts';
import { repinned } from '../recipes/repin.ts';
import { reposPath } from '../recipes/repos.ts';
import { type Run, trailersOf } from './run.ts';

/**
 * What every branch of these requests starts with: not with "patchbot/", for those are promotions, and a
 * promotion that is closed is a hold.
 */
export const branchPrefix = 'patchbot-trust/';

/** The branch on which newer recipes of a repository are asked for. */
export function repositoryBranch(url: string): string {
  return `${branchPrefix}${cacheKey(url)}`;
}

/** The branch on which an override is asked to vouch for what is pinned. */
export function overrideBranch(name: string): string {
  return `${branchPrefix}override-${name.replace(/[^A-Za-z0-9_-]+/g, '-')}`;
}

/** The branch of a change set. */
export function branchOfSet(set: ChangeSet): string {
  const [only] = set.overrides;
  return set.repository
    ? repositoryBranch(set.repository.url)
    : overrideBranch(only?.override.name ?? '');
}

/** The hidden marker: the same for the same changes. */
export function markerOfSet(set: ChangeSet): string {
  return `trust:${set.digest}`;
}

/** The request of a change set: the pin, what the overrides vouch for, and nothing else. */
export function trustRequest(
  run: Run,
  set: ChangeSet,
  titlesOf: (review: OverrideReview) => readonly Title[],
): WantedRequest {
  const proposal = proposalOf(set, titlesOf);
  const files = new Map<string, (onBase: string | undefined) => string>();
  const { repository, to } = set;
  if (repository && to)
    files.set(reposPath, (onBase) =>
      repinned(there(reposPath, onBase), repository.url, repository.commit, to),
    );
  for (const { override, trust } of set.overrides) {
    if (!trust) continue;
    const path = `recipes/overrides/${basename(override.path)}`;
    files.set(path, (onBase) => withTrust(path, there(path, onBase), trust));
  }
  const title = trustTitle(proposal);
  return {
    branch: branchOfSet(set),
    marker: markerOfSet(set),
    title,
    body: trustBody(proposal),
    labels: ['trust'],
    reviewers: run.recipes.settings.reviewers,
    files,
    message: [title, '', ...trailersOf(run)].join('\n'),
  };
}

function there(path: string, onBase: string | undefined): string {
  if (onBase === undefined)
    throw new Error(`${path} is no longer there: run the trust stage again`);
  return onBase;
}

function proposalOf(
  set: ChangeSet,
  titlesOf: (review: OverrideReview) => readonly Title[],
): TrustProposal {
  const names = (review: OverrideReview) => titlesOf(review).map(({ name }) => name);
  const { repository, to } = set;
  const files = new Map<string, { change: FileChange; titles: string[] }>();
  for (const review of set.overrides)
    for (const change of review.changes) {
      const key = `${change.url} ${change.path}`;
      const known = files.get(key) ?? { change, titles: [] };
      known.titles.push(...names(review));
      files.set(key, known);
    }
  const each = (review: OverrideReview, texts: readonly string[]) =>
    names(review).flatMap((title) => texts.map((text) => ({ title, text })));
  return {
    ...(repository &&
      to && {
        repository: {
          name: shortName(repository.url),
          url: repository.url,
          from: repository.commit,
          to,
        },
      }),
    titles: [...new Set(set.overrides.flatMap(names))],
    files: [...files.values()].map(({ change, titles }) => ({
      name: `${shortName(change.url)}: ${change.path}`,
      kind: change.kind,
      change: change.change,
      ...(change.diff !== undefined && { diff: change.diff }),
      ...(to &&
        change.url === repository?.url &&
        change.change !== 'removed' && { url: fileUrl(change.url, to, change.path) }),
      titles: [...new Set(titles)],
    })),
    risks: set.overrides.flatMap((review) => each(review, review.risks)),
    broken: set.overrides.flatMap((review) => each(review, review.broken ? [review.broken] : [])),
    marker: markerOfSet(set),
  };
}

/** Where GitHub (and what is built like it) shows a file. */
function fileUrl(url: string, commit: string, path: string): string {
  return `${url.replace(/\.git$/, '')}/blob/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
