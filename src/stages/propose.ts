import { branchOf, type PromotionRequest } from '../github/github.ts';
import { placeHold } from '../lifecycle/changes.ts';
import { freezeOn } from '../lifecycle/freeze.ts';
import { jamfHoldText } from '../lifecycle/jamf-hold.ts';
import { decideProposal } from '../lifecycle/proposing.ts';
import type { StepOf } from '../lifecycle/step.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import { windowState } from '../lifecycle/window.ts';
import type { TitleChange } from '../state/commit.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { labels, promotionRequest } from './request.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';

/**
 * The propose stage: opens a pull request for each version that is ready, keeps the open ones true,
 * and takes a request that somebody closed for the no that it is.
 */
export async function propose(run: Run): Promise<Outcome> {
  const outcome = new Outcome('propose', run.dryRun);
  const open = run.github ? await run.github.requests.open() : [];
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const changes: TitleChange[] = [];
  const declined: PromotionRequest[] = [];
  for (const found of titles)
    await attempt(outcome, found.title, async () => {
      const mine = open.filter(({ branch }) => branch.startsWith(`patchbot/${found.title.slug}/`));
      await closeSuperseded(run, outcome, found, mine);
      const change = await proposeTitle(run, outcome, found, mine, declined);
      if (change) changes.push(change);
    });
  await record(run, outcome, changes);
  // The label comes after the hold: were it first, a crash in between would lose the no.
  if (!run.dryRun && !outcome.failures.some(({ slug }) => slug === 'patchbot'))
    for (const { number } of declined) await run.github?.requests.label(number, labels.declined);
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'Waiting for your approval',
    section: 'Promotion requests',
  });
  return outcome;
}

async function proposeTitle(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  mine: readonly PromotionRequest[],
  declined: PromotionRequest[],
): Promise<TitleChange | undefined> {
  const { title, state } = found;
  const step = decideProposal(title, state, found.jamf, momentOf(run));
  switch (step.step) {
    case 'propose': {
      const { version } = step.testing.package;
      const no = await declinedRequest(run, found, step, mine);
      if (!no) return request(run, outcome, found, step);
      declined.push(no);
      const by = (await run.github?.requests.closedBy(no.number)) ?? 'whoever closed it';
      outcome.did(title, `declined by ${by} in #${no.number}`, version.text, no.url);
      return {
        slug: title.slug,
        name: title.name,
        what: `${version.text} is declined by ${by} in #${no.number}`,
        change: placeHold({
          version,
          reason: `declined in #${no.number}`,
          by,
          since: momentOf(run).today,
        }),
      };
    }
    case 'held-in-jamf': {
      if (!(await stillHeldInJamf(run, found, step))) {
        outcome.add(
          title,
          'waits',
          'Jamf Pro does not say clearly whether it is held; looking again next time',
          step.version.text,
        );
        return undefined;
      }
      outcome.did(title, step.reason, step.version.text);
      return {
        slug: title.slug,
        name: title.name,
        what: `${step.version.text} is ${step.reason}`,
        change: placeHold({
          version: step.version,
          reason: jamfHoldText(step.sign),
          by: 'somebody in Jamf Pro',
          since: momentOf(run).today,
        }),
      };
    }
    case 'held':
      if (!run.dryRun)
        for (const { number } of mine) await run.github?.requests.label(number, labels.held);
      outcome.add(title, 'waits', step.reason, step.version.text);
      return undefined;
    case 'soak':
    case 'gate-red':
    case 'gate-unknown':
    case 'frozen':
      outcome.add(title, 'waits', step.reason, step.version.text);
      return undefined;
    default:
      outcome.add(title, 'nothing', step.reason);
      return undefined;
  }
}

/** Ensures the open request; merges it when the title's approval is automatic and nothing speaks against it. */
async function request(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  step: StepOf<'propose'>,
): Promise<undefined> {
  const { title } = found;
  const { version } = step.testing.package;
  const { testing, progress } = step;
  const to = {
    package: testing.package,
    ...(testing.definition && { definition: testing.definition }),
  };
  if (run.dryRun) {
    outcome.did(title, `would ask for approval: ${step.reason}`, version.text);
    return;
  }
  const github = repositoryOf(run);
  const ensured = await github.requests.ensure(
    promotionRequest(run, found, to, { testing, progress }),
  );
  const { number, url, headSha } = ensured.request;
  if (ensured.request.labels.includes(labels.held))
    await github.requests.unlabel(number, labels.held);
  if (title.approval === 'auto' && mayReachTheFleet(run, found)) {
    const merge = await github.requests.merge(number, headSha);
    if (merge.merged)
      outcome.did(title, `approved by itself ("approval: auto") in #${number}`, version.text, url);
    else
      outcome.add(title, 'waits', `#${number} is not merged yet: ${merge.why}`, version.text, url);
    return;
  }
  if (ensured.wrote) outcome.did(title, `${step.reason}; see #${number}`, version.text, url);
  else outcome.add(title, 'waits', `waits for approval in #${number}`, version.text, url);
}

/** A request for this version that somebody closed unmerged, unless that no is recorded already. */
async function declinedRequest(
  run: Run,
  { title }: FoundTitle,
  step: StepOf<'propose'>,
  mine: readonly PromotionRequest[],
): Promise<PromotionRequest | undefined> {
  const branch = branchOf(title.slug, step.testing.package.version);
  if (!run.github || mine.some((one) => one.branch === branch)) return undefined;
  const latest = await run.github.requests.latestOf(branch);
  if (latest?.state !== 'closed') return undefined;
  const settled: readonly string[] = [labels.declined, labels.superseded];
  return latest.labels.some((label) => settled.includes(label)) ? undefined : latest;
}

/** A request for a version that is no longer the one in test: it would approve what nobody tests. */
async function closeSuperseded(
  run: Run,
  outcome: Outcome,
  { title, state }: FoundTitle,
  mine: readonly PromotionRequest[],
): Promise<void> {
  const current = unfinishedTest(state)?.package.version;
  const branch = current && branchOf(title.slug, current);
  for (const { number, labels: has, branch: its, url } of mine) {
    if (its === branch || has.includes(labels.emergency)) continue;
    const why = current
      ? `${current.text} has taken its place in test`
      : 'its version is no longer in test';
    if (!run.dryRun) {
      const { requests } = repositoryOf(run);
      await requests.label(number, labels.superseded);
      await requests.comment(number, 'superseded', `Closed by PatchBot: ${why}.`);
      await requests.close(number);
    }
    outcome.did(title, `closed #${number}: ${why}`, current?.text, url);
  }
}

/** A second look with other eyes: a read right after somebody's write can leave things out. */
async function stillHeldInJamf(
  run: Run,
  { testPolicy }: FoundTitle,
  step: StepOf<'held-in-jamf'>,
): Promise<boolean> {
  if (!testPolicy) return false;
  const again = await run.jamf.patchPolicy(testPolicy.id);
  return step.sign === 'test policy disabled'
    ? !again.enabled
    : again.description !== undefined && again.description.trim() === '';
}

function mayReachTheFleet(run: Run, { title }: FoundTitle): boolean {
  const frozen = (day: Parameters<typeof freezeOn>[0]) => Boolean(freezeOn(day, title.freezes));
  return windowState(title.windows, run.now(), frozen).open;
}
