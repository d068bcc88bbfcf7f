import type { PromotionRequest } from '../github/github.ts';
import { placeHold } from '../lifecycle/changes.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import { sameVersion } from '../lifecycle/version.ts';
import type { TitleChange } from '../state/commit.ts';
import { parseState, statePath } from '../state/read.ts';
import type { FoundTitle } from './gather.ts';
import type { Promotion } from './promotions.ts';
import { labels } from './request.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';

/**
 * A request that somebody closed unmerged, or whose merge was reverted before it reached the fleet: a no
 * to the versions that it asked for (design, rule 5).
 */
export interface Declined {
  readonly request: PromotionRequest;
  /** The login of whoever closed it; whoever reverted it is in the git log. */
  readonly by: string;
  /** The titles whose version in test it asked for. */
  readonly titles: readonly FoundTitle[];
}

/** The newest request of this branch, if somebody said no to it and that no is not recorded yet. */
export async function declinedRequest(
  run: Run,
  { branch, group, candidates }: Promotion,
): Promise<Declined | undefined> {
  if (!run.github) return undefined;
  const request = await run.github.requests.latestOf(branch);
  if (!request || request.state === 'open') return undefined;
  const settled: readonly string[] = [labels.declined, labels.superseded];
  if (request.labels.some((label) => settled.includes(label))) return undefined;
  const isMerged = request.state === 'merged';
  const titles: FoundTitle[] = [];
  for (const { found } of candidates) {
    // The branch of a group has held other versions before, and not every one of its titles.
    if ((group !== undefined || isMerged) && !(await askedFor(run, request, found))) continue;
    if (isMerged && (await isOnMain(run, found))) continue;
    titles.push(found);
  }
  if (titles.length === 0) return undefined;
  const by = isMerged
    ? `whoever reverted #${request.number}`
    : ((await run.github.requests.closedBy(request.number)) ?? 'whoever closed it');
  return { request, by, titles };
}

/**
 * Whether main, as it is now, promotes the version that is in test: a merge that came while this run
 * was reading is no revert.
 */
async function isOnMain(run: Run, { title, state }: FoundTitle): Promise<boolean> {
  const { base, readFile } = repositoryOf(run);
  const read = parseState(await readFile(statePath(title.slug), base), title.slug);
  const testing = unfinishedTest(state);
  return !read.ok || sameVersion(read.state.production?.package.version, testing?.package.version);
}

/** The hold that a no becomes, in the name of whoever closed the request. */
export function declineChange(run: Run, { request, by }: Declined, found: FoundTitle): TitleChange {
  const { title, state } = found;
  const version = unfinishedTest(state)?.package.version;
  const number = `#${request.number}`;
  return {
    slug: title.slug,
    name: title.name,
    what: `${version?.text ?? 'the title'} is declined by ${by} in ${number}`,
    change: placeHold({
      ...(version && { version }),
      reason: `declined in ${number}`,
      by,
      since: momentOf(run).today,
    }),
  };
}

/** Whether a request moves production to the version that is in test now, by the file of its head. */
export async function askedFor(
  run: Run,
  request: PromotionRequest,
  { title, state }: FoundTitle,
): Promise<boolean> {
  const text = await repositoryOf(run).readFile(statePath(title.slug), request.headSha);
  const read = parseState(text, title.slug);
  const testing = unfinishedTest(state);
  return read.ok && sameVersion(read.state.production?.package.version, testing?.package.version);
}
