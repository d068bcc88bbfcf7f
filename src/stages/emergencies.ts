import { branchOf, type PromotionRequest } from '../github/github.ts';
import { sameVersion } from '../lifecycle/version.ts';
import { parseState, statePath } from '../state/read.ts';
import type { FoundTitle } from './gather.ts';
import { requestsOfTitle } from './promotions.ts';
import { type Asked, labels } from './request.ts';
import { type Run, repositoryOf } from './run.ts';

/** An emergency that waits for its merge. */
export interface OpenEmergency extends Asked {
  readonly request: PromotionRequest;
}

/**
 * The emergencies of a title that wait for their merge. Who asked, and why, stands in the request's own
 * file; the package is the one that the state knows by that version, whatever somebody may have pushed.
 */
export async function openEmergencies(
  run: Run,
  found: FoundTitle,
  open: readonly PromotionRequest[],
): Promise<readonly OpenEmergency[]> {
  const { title, state } = found;
  const emergencies: OpenEmergency[] = [];
  for (const request of requestsOfTitle(found, open)) {
    if (!request.labels.includes(labels.emergency)) continue;
    const text = await repositoryOf(run).readFile(statePath(title.slug), request.headSha);
    const read = parseState(text, title.slug);
    const asked = read.ok ? read.state.production : undefined;
    if (!asked?.emergency || branchOf(title.slug, asked.package.version) !== request.branch)
      continue;
    // Approved directly meanwhile: there is nothing to merge any more.
    if (sameVersion(asked.package.version, state.production?.package.version)) continue;
    const known = [state.testing?.package, state.package].find((one) =>
      sameVersion(one?.version, asked.package.version),
    );
    emergencies.push({ request, found, to: { ...asked, package: known ?? asked.package } });
  }
  return emergencies;
}
