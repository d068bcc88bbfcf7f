import {
  type ProposedTitle,
  requestBody,
  requestTitle,
  type WantedRequest,
  type WantedStatus,
} from '../github/github.ts';
import { approve } from '../lifecycle/changes.ts';
import { type Condition, conditionsOf } from '../lifecycle/conditions.ts';
import { dayOff } from '../lifecycle/freeze.ts';
import { countsOf } from '../lifecycle/gate.ts';
import { enteredRings, ringProgress } from '../lifecycle/rings.ts';
import type { PatchPolicyFacts, Production, Title } from '../lifecycle/title.ts';
import { sameVersion } from '../lifecycle/version.ts';
import { windowsText } from '../lifecycle/window.ts';
import { changedText } from '../state/changed.ts';
import { statePath } from '../state/read.ts';
import type { FoundTitle } from './gather.ts';
import { momentOf, type Run, repositoryOf, trailersOf } from './run.ts';

/** Labels of promotion requests, by which a later run knows what it did. */
export const labels = {
  promotion: 'promotion',
  emergency: 'emergency',
  /** The version is held: the request waits. */
  held: 'on hold',
  /** Somebody closed it, and that no is recorded as a hold. */
  declined: 'declined',
  /** Another request has taken its place. */
  superseded: 'superseded',
} as const;

/** What a request asks for one title: to offer the fleet this package. */
export interface Asked {
  readonly found: FoundTitle;
  readonly to: Production;
}

/** A request as it is wanted, and what its head's statuses are to say. */
export interface Wanted {
  readonly request: WantedRequest;
  readonly statuses: readonly WantedStatus[];
  /** Of all its titles. */
  readonly conditions: readonly Condition[];
}

/** How the request of a group is named, and which of its titles it leaves out. */
export interface OfGroup {
  readonly name: string;
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The promotion request for these packages: its diff moves `production` in each title's state file
 * and touches nothing else. It is made from whatever main says at that moment, so that a hold placed
 * meanwhile stays. What it says is computed anew from facts, each time.
 */
export async function promotionRequest(
  run: Run,
  asked: readonly Asked[],
  branch: string,
  group?: OfGroup,
): Promise<Wanted> {
  const github = repositoryOf(run);
  const titles = await Promise.all(asked.map((one) => proposed(run, one)));
  const repository = `${run.serverUrl}/${github.slug}`;
  const proposal = {
    titles,
    ...(group && { group: group.name, leftOut: group.leftOut }),
    repository,
    marker: branch,
  };
  const isEmergency = asked.some(({ to }) => to.emergency);
  const { reviewers, emergencyReviewers } = run.recipes.settings;
  const conditions = titles.flatMap((one) => one.conditions);
  const isHeld = conditions.some(({ name, state }) => name === 'hold' && state !== 'met');
  const path = asked.length === 1 && asked[0] ? statePath(asked[0].found.title.slug) : 'state';
  return {
    request: {
      branch,
      marker: branch,
      title: requestTitle(proposal),
      body: requestBody(proposal),
      labels: [
        labels.promotion,
        ...(isEmergency ? [labels.emergency] : []),
        ...(isHeld ? [labels.held] : []),
      ],
      notLabels: isHeld ? [] : [labels.held],
      reviewers: isEmergency ? emergencyReviewers : reviewers,
      files: new Map(
        asked.map((one) => [
          statePath(one.found.title.slug),
          (onBase: string | undefined) => changedText(one.found.title, approve(one.to), onBase),
        ]),
      ),
      message: [messageOf(asked, group), '', ...trailersOf(run)].join('\n'),
    },
    statuses: statusesOf(titles, `${repository}/blob/${github.base}/${path}`),
    conditions,
  };
}

function messageOf(asked: readonly Asked[], group: OfGroup | undefined): string {
  const names = asked.map(({ found, to }) => `${found.title.name} ${to.package.version.text}`);
  const urgent = asked.some(({ to }) => to.emergency) ? 'EMERGENCY: ' : '';
  return group
    ? `${urgent}promote ${group.name}\n\n${names.map((name) => `- ${name}`).join('\n')}`
    : `${urgent}promote ${names.join(', ')}`;
}

/** All that is known of a title's promotion, for the people who approve it. */
async function proposed(run: Run, { found, to }: Asked): Promise<ProposedTitle> {
  const { title, state, jamf, rings } = found;
  const moment = momentOf(run);
  const { version } = to.package;
  const testing = sameVersion(state.testing?.package.version, version) ? state.testing : undefined;
  const testers = testing && countsOf(title.rings, testing, jamf);
  const failedOn: string[] = [];
  if (testing && testers && testers.failed > 0)
    for (const { ring, policy } of rings)
      if (enteredRings(title.rings, testing).includes(ring))
        for (const { status, device } of await run.jamf.patchPolicyLogs(policy.id))
          if (status === 'failed') failedOn.push(device);
  const macs = reached(jamf.production?.counts);
  return {
    title,
    ...(state.production && { from: state.production.package.version }),
    to,
    ...(testing && {
      since: testing.since,
      soak: ringProgress(title.rings, testing, moment.today, dayOff(title.freezes)).soak,
    }),
    ...(testers && { testers }),
    failedOn: [...new Set(failedOn)].toSorted(),
    ...(macs !== undefined && { macs }),
    conditions: conditionsOf(title, state, jamf, moment, to),
    window: windowsText(title.windows, run.recipes.settings.timeZone),
  };
}

/** How many Macs a policy reaches: those that have its version, failed to get it, or have yet to. */
function reached(counts: PatchPolicyFacts['counts']): number | undefined {
  return counts && counts.completed + counts.failed + counts.pending;
}

const names: readonly Condition['name'][] = ['soak', 'gate', 'hold', 'window'];
const worstFirst = ['broken', 'waits', 'met'] as const;
const statusStates = { met: 'success', waits: 'pending', broken: 'failure' } as const;

/** The statuses that every promotion request has, so that the rules of a branch can require them. */
export const conditionContexts = names.map((name) => `patchbot/${name}`);

/** One status per condition: of several titles, the one that stands worst speaks. */
function statusesOf(titles: readonly ProposedTitle[], url: string): WantedStatus[] {
  return names.flatMap((name) => {
    const all = titles.flatMap(({ title, conditions }) =>
      conditions.filter((one) => one.name === name).map((one) => ({ title, ...one })),
    );
    const worst = worstFirst.find((state) => all.some((one) => one.state === state));
    if (!worst) return [];
    const speaking = all.filter(({ state }) => state === worst);
    const reasons = new Map<string, Title[]>();
    for (const { title, reason } of speaking)
      reasons.set(reason, [...(reasons.get(reason) ?? []), title]);
    const description = [...reasons]
      .map(([reason, which]) =>
        which.length === all.length
          ? reason
          : `${which.map((one) => one.name).join(', ')}: ${reason}`,
      )
      .join('; ');
    return [{ context: `patchbot/${name}`, state: statusStates[worst], description, url }];
  });
}
