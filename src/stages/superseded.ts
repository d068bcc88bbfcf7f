import { branchKind, branchOf, escaped, type PromotionRequest } from '../github/github.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import type { FoundTitle } from './gather.ts';
import { attempt, type Outcome } from './outcome.ts';
import { labels } from './request.ts';
import { type Run, repositoryOf } from './run.ts';

/** A request that stands, and the titles that it speaks for. */
export interface Standing {
  readonly request: PromotionRequest;
  readonly titles: readonly FoundTitle[];
}

/**
 * Closes the requests of these titles whose place another has taken, with a link to it where there is
 * one yet: they would approve what nobody tests.
 *
 * @param standing the requests that are kept.
 */
export async function closeSuperseded(
  run: Run,
  outcome: Outcome,
  titles: readonly FoundTitle[],
  open: readonly PromotionRequest[],
  standing: readonly Standing[],
): Promise<void> {
  const kept = new Set(standing.map(({ request }) => request.number));
  for (const request of open) {
    if (kept.has(request.number)) continue;
    const [found] = titlesOfRequest(request, titles);
    if (!found) continue;
    await attempt(outcome, found.title, async () => {
      const why = reasonFor(request, found);
      if (!run.dryRun) await close(run, request, closing(why, instead(request, standing)));
      outcome.did(
        found.title,
        `closed #${request.number}: ${why}`,
        unfinishedTest(found.state)?.package.version.text,
        request.url,
      );
    });
  }
}

/**
 * Adds the link to superseded requests that were closed before there was another one. Only the last
 * one before each open request is looked at, among those that changed lately.
 */
export async function linkSuperseded(
  run: Run,
  outcome: Outcome,
  standing: readonly Standing[],
): Promise<void> {
  if (run.dryRun || standing.length === 0) return;
  const { requests } = repositoryOf(run);
  const recent = await requests.recent();
  for (const one of standing) {
    const before = recent
      .filter((request) => request.number < one.request.number)
      .filter((request) => titlesOfRequest(request, one.titles).length > 0)
      .sort((a, b) => b.number - a.number)[0];
    const [found] = one.titles;
    if (!found || before?.state !== 'closed' || !before.labels.includes(labels.superseded))
      continue;
    await attempt(outcome, found.title, async () => {
      const why = reasonFor(before, found);
      await requests.comment(before.number, 'superseded', closing(why, one.request));
    });
  }
}

/** Closes the requests of titles and groups that recipes/ no longer names. */
export async function closeOrphans(
  run: Run,
  outcome: Outcome,
  open: readonly PromotionRequest[],
): Promise<void> {
  const { titles, problems } = run.recipes;
  // A title whose file is broken is still there, and any of those may be in any group.
  const broken = new Set(problems.map(({ title }) => title));
  for (const request of open) {
    const kind = branchKind(request.branch);
    if (kind?.kind === 'title') {
      if (broken.has(kind.slug) || titles.some(({ slug }) => slug === kind.slug)) continue;
    } else if (kind?.kind === 'group') {
      if (broken.size > 0 || titles.some(({ group }) => group === kind.group)) continue;
    } else continue;
    const name = kind.kind === 'title' ? kind.slug : kind.group;
    const about = { slug: name, name };
    await attempt(outcome, about, async () => {
      const why = `recipes/titles/ no longer has the ${kind.kind} ${name}`;
      if (!run.dryRun) await close(run, request, closing(why, undefined));
      outcome.did(about, `closed #${request.number}: ${why}`, undefined, request.url);
    });
  }
}

async function close(run: Run, { number }: PromotionRequest, words: string): Promise<void> {
  const { requests } = repositoryOf(run);
  // The label comes first: a request that is closed without it would be somebody's no.
  await requests.label(number, labels.superseded);
  await requests.comment(number, 'superseded', words);
  await requests.close(number);
}

/** The titles that a request may speak for, by its branch. */
function titlesOfRequest(
  { branch }: PromotionRequest,
  titles: readonly FoundTitle[],
): readonly FoundTitle[] {
  const kind = branchKind(branch);
  return titles.filter(({ title }) =>
    kind?.kind === 'title'
      ? kind.slug === title.slug
      : kind?.kind === 'group' && kind.group === title.group,
  );
}

function instead(
  request: PromotionRequest,
  standing: readonly Standing[],
): PromotionRequest | undefined {
  return standing.find(({ titles }) => titlesOfRequest(request, titles).length > 0)?.request;
}

function reasonFor({ branch }: PromotionRequest, { title, state }: FoundTitle): string {
  const approved = state.production?.package.version;
  if (approved && branch === branchOf(title.slug, approved))
    return `${approved.text} is approved already`;
  const current = unfinishedTest(state)?.package.version;
  if (!current) return 'its version is no longer in test';
  if (branch === branchOf(title.slug, current))
    return `it is asked for together with the others of the group ${title.group}`;
  return `${current.text} has taken its place in test`;
}

function closing(why: string, other: PromotionRequest | undefined): string {
  const link = other ? ` See #${other.number} instead.` : '';
  return `Closed by PatchBot: ${escaped(why)}.${link}`;
}
