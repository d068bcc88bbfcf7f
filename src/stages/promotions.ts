import { branchKind, branchOf, groupBranchOf, type PromotionRequest } from '../github/github.ts';
import { proposedProduction } from '../lifecycle/proposing.ts';
import type { Step } from '../lifecycle/step.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import type { FoundTitle } from './gather.ts';
import type { Asked } from './request.ts';

/** A title with what was decided about the version in test. */
export interface Candidate {
  readonly found: FoundTitle;
  readonly step: Step;
}

/** What belongs into one promotion request: a title, or the titles of a group. */
export interface Promotion {
  readonly branch: string;
  readonly group?: string;
  readonly candidates: readonly Candidate[];
  /** The request, when one is open. */
  readonly open?: PromotionRequest;
}

/**
 * Which titles belong into which request. Titles without an unfinished test belong into none; a title
 * that is asked for in an emergency by the same branch is left to that.
 */
export function promotionsOf(
  candidates: readonly Candidate[],
  open: readonly PromotionRequest[],
  taken: ReadonlySet<string>,
): readonly Promotion[] {
  const promotions = new Map<string, Promotion>();
  for (const candidate of candidates) {
    const { title, state } = candidate.found;
    const testing = unfinishedTest(state);
    if (!testing) continue;
    const own = branchOf(title.slug, testing.package.version);
    if (taken.has(own)) continue;
    const branch = title.group === undefined ? own : groupBranchOf(title.group);
    const request = open.find((one) => one.branch === branch);
    const others = promotions.get(branch)?.candidates ?? [];
    promotions.set(branch, {
      branch,
      ...(title.group !== undefined && { group: title.group }),
      candidates: [...others, candidate],
      ...(request && { open: request }),
    });
  }
  return [...promotions.values()];
}

/** What a request asks for the title's version in test. @throws Error when nothing is in test. */
export function askedOf({ found }: Candidate): Asked {
  const testing = unfinishedTest(found.state);
  if (!testing) throw new Error(`nothing of ${found.title.name} is in test`);
  return { found, to: proposedProduction(testing) };
}

/** The open requests from branches of this very title. */
export function requestsOfTitle(
  { title }: FoundTitle,
  open: readonly PromotionRequest[],
): readonly PromotionRequest[] {
  return open.filter(({ branch }) => {
    const kind = branchKind(branch);
    return kind?.kind === 'title' && kind.slug === title.slug;
  });
}
