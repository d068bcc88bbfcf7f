import { branchOf, requestBody, requestTitle, type WantedRequest } from '../github/github.ts';
import { approve } from '../lifecycle/changes.ts';
import { gateState } from '../lifecycle/gate.ts';
import type { SoakProgress } from '../lifecycle/soak.ts';
import type { Production, Testing } from '../lifecycle/title.ts';
import { windowsText } from '../lifecycle/window.ts';
import { editState } from '../state/edit.ts';
import { parseState, statePath } from '../state/read.ts';
import { problemText } from '../yaml/checked.ts';
import type { FoundTitle } from './gather.ts';
import { type Run, repositoryOf, trailersOf } from './run.ts';

/** Labels of promotion requests, by which a later run knows what it did. */
export const labels = {
  promotion: 'promotion',
  emergency: 'emergency',
  /** The version is held: the request waits. */
  held: 'on hold',
  /** Somebody closed it, and that no is recorded as a hold. */
  declined: 'declined',
  /** A newer version has taken its place. */
  superseded: 'superseded',
} as const;

/** What a version in test shows, when it was in test. */
export interface Shown {
  readonly testing?: Testing;
  readonly progress?: SoakProgress;
}

/**
 * The promotion request of a package: its diff moves `production` in the title's state file and
 * touches nothing else. It is made from whatever main says at that moment, so that a hold placed
 * meanwhile stays.
 */
export function promotionRequest(
  run: Run,
  found: FoundTitle,
  to: Production,
  shown: Shown,
): WantedRequest {
  const { title, state, jamf } = found;
  const github = repositoryOf(run);
  const { version } = to.package;
  const branch = branchOf(title.slug, version);
  const proposal = {
    title,
    to,
    ...(state.production && { from: state.production.package.version }),
    ...(shown.testing && { since: shown.testing.since }),
    ...(shown.progress && { soak: shown.progress }),
    gate: gateState(title.gate, jamf.test?.counts),
    window: windowsText(title.windows, run.recipes.settings.timeZone),
    repository: `${run.serverUrl}/${github.slug}`,
    marker: branch,
  };
  const what = `${to.emergency ? 'EMERGENCY: ' : ''}promote ${title.name} ${version.text}`;
  return {
    branch,
    marker: branch,
    title: requestTitle(proposal),
    body: requestBody(proposal),
    labels: [labels.promotion, ...(to.emergency ? [labels.emergency] : [])],
    reviewers: to.emergency
      ? run.recipes.settings.emergencyReviewers
      : run.recipes.settings.reviewers,
    files: new Map([[statePath(title.slug), (onBase) => approvedText(found, to, onBase)]]),
    message: [what, '', ...trailersOf(run)].join('\n'),
  };
}

/** The title's state file as it is once the promotion is approved. */
function approvedText(
  { title }: FoundTitle,
  production: Production,
  onBase: string | undefined,
): string {
  const read = parseState(onBase, title.slug);
  if (!read.ok) throw new Error(read.problems.map(problemText).join('\n'));
  return editState(read.document, title.name, read.state, approve(production)(read.state));
}
