import type { PromotionRequest } from '../github/github.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import type { TitleChange } from '../state/commit.ts';
import { candidateOf } from './candidate.ts';
import { askedFor, type Declined, declineChange, declinedRequest } from './declined.ts';
import { type OpenEmergency, openEmergencies } from './emergencies.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { askedOf, type Candidate, type Promotion, promotionsOf } from './promotions.ts';
import { record } from './record.ts';
import { labels, type OfGroup, promotionRequest } from './request.ts';
import { type Run, repositoryOf, withGroups } from './run.ts';
import { closeOrphans, closeSuperseded, linkSuperseded, type Standing } from './superseded.ts';
import { tell } from './tell.ts';

/**
 * What the propose stage is to do: `refresh` keeps the open requests true, and neither asks for
 * anything new nor merges.
 */
export type ProposeMode = 'ask' | 'refresh';

/** What one run of the stage has come to so far. */
interface Session {
  readonly run: Run;
  readonly outcome: Outcome;
  readonly mode: ProposeMode;
  readonly open: readonly PromotionRequest[];
  readonly changes: TitleChange[];
  readonly declined: Declined[];
  readonly standing: Standing[];
}

/**
 * The propose stage: opens a pull request for each version (or group of them) that is ready, keeps the
 * open ones true, and takes a request that somebody closed for the no that it is.
 */
export async function propose(given: Run, mode: ProposeMode = 'ask'): Promise<Outcome> {
  const run = withGroups(given);
  const outcome = new Outcome('propose', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const open = run.github ? await run.github.requests.open() : [];
  const session: Session = {
    run,
    outcome,
    mode,
    open,
    changes: [],
    declined: [],
    standing: [],
  };
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const candidates: Candidate[] = [];
  const taken = new Set<string>();
  for (const found of titles)
    await attempt(outcome, found.title, async () => {
      candidates.push(await candidateOf(run, outcome, session.changes, found));
      for (const emergency of await openEmergencies(run, found, open)) {
        taken.add(emergency.request.branch);
        await keepEmergency(session, emergency);
      }
    });
  for (const promotion of promotionsOf(candidates, open, taken))
    await attemptAll(session, promotion, () => pursue(session, promotion));

  const well = titles.filter(({ title }) => !outcome.failedTitles.includes(title.slug));
  await closeSuperseded(run, outcome, well, open, session.standing);
  if (!run.only) await closeOrphans(run, outcome, open);
  await linkSuperseded(run, outcome, session.standing);

  await record(run, outcome, session.changes);
  // The label comes after the hold: were it first, a crash in between would lose the no.
  if (!run.dryRun && !outcome.failures.some(({ slug }) => slug === 'patchbot'))
    for (const { request } of session.declined)
      await run.github?.requests.label(request.number, labels.declined);
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'Waiting for your approval',
    section: 'Promotion requests',
  });
  return outcome;
}

/** Asks for what is ready, or keeps true what was asked for. */
async function pursue(session: Session, promotion: Promotion): Promise<void> {
  const { run, outcome, mode } = session;
  const { open, branch } = promotion;
  let ready = promotion.candidates.filter(({ step }) => step.step === 'propose');
  if (!open && ready.length > 0) {
    const no = await declinedRequest(run, promotion);
    if (no) ready = takeNo(session, no, ready);
  }
  const isNews = mode === 'ask' && ready.length > 0;
  const asked = isNews ? ready : await stillShown(run, promotion);
  for (const { found, step } of promotion.candidates.filter((one) => !asked.includes(one)))
    sayWaits(session, found, step.reason);
  if (asked.length === 0) return;
  if (run.dryRun) {
    for (const { found, step } of asked)
      if (open) sayWaits(session, found, `${step.reason}; see #${open.number}`);
      else outcome.did(found.title, `would ask for approval: ${step.reason}`, versionOf(found));
    return;
  }
  await ask(session, branch, asked, groupOf(promotion, asked));
}

/** Ensures the request and its statuses; merges it when that is automatic and nothing speaks against it. */
async function ask(
  session: Session,
  branch: string,
  candidates: readonly Candidate[],
  group: OfGroup | undefined,
): Promise<void> {
  const { run, outcome, mode, standing } = session;
  const github = repositoryOf(run);
  const asked = candidates.map(askedOf);
  const wanted = await promotionRequest(run, asked, branch, group);
  const { request, opened } = await github.requests.ensure(wanted.request);
  const { number, url, headSha } = request;
  standing.push({ request, titles: candidates.map(({ found }) => found) });
  await github.statuses.ensure(headSha, wanted.statuses);
  const say = (did: 'did' | 'waits', text: (candidate: Candidate) => string) => {
    for (const candidate of candidates) {
      const { title } = candidate.found;
      const version = versionOf(candidate.found);
      if (did === 'did') outcome.did(title, text(candidate), version, url);
      else outcome.add(title, 'waits', text(candidate), version, url);
    }
  };
  const isAutomatic = asked.every(({ found }) => found.title.approval === 'auto');
  const against = wanted.conditions.find(({ state }) => state !== 'met');
  if (isAutomatic && !against && mode === 'ask') {
    const merge = await github.requests.merge(number, headSha);
    if (merge.merged) say('did', () => `approved by itself ("approval: auto") in #${number}`);
    else say('waits', () => `#${number} is not merged yet: ${merge.why}`);
  } else if (opened) say('did', ({ step }) => `${step.reason}; see #${number}`);
  else if (against && against.name !== 'window')
    say('waits', ({ step }) => `${step.reason}; #${number} stays open`);
  else if (isAutomatic) say('waits', () => `#${number} is not merged yet: ${against?.reason}`);
  else say('waits', () => `waits for approval in #${number}`);
}

/** An emergency that waits for its merge is kept as true as any other request. */
async function keepEmergency(session: Session, emergency: OpenEmergency): Promise<void> {
  const { run, outcome, standing } = session;
  const { found, to, request } = emergency;
  standing.push({ request, titles: [found] });
  const { version } = to.package;
  outcome.add(
    found.title,
    'waits',
    `an emergency waits for approval in #${request.number}`,
    version.text,
    request.url,
  );
  if (run.dryRun) return;
  const github = repositoryOf(run);
  const wanted = await promotionRequest(run, [{ found, to }], request.branch);
  const ensured = await github.requests.ensure(wanted.request);
  await github.statuses.ensure(ensured.request.headSha, wanted.statuses);
}

/** Takes a closed request for a no to the versions that it asked for. @returns who is left. */
function takeNo(session: Session, no: Declined, ready: readonly Candidate[]): Candidate[] {
  const { run, outcome, changes, declined } = session;
  declined.push(no);
  const { request, by } = no;
  for (const found of no.titles) {
    if (!ready.some((one) => one.found === found)) continue;
    changes.push(declineChange(run, no, found));
    outcome.did(
      found.title,
      `declined by ${by} in #${request.number}`,
      versionOf(found),
      request.url,
    );
  }
  return ready.filter(({ found }) => !no.titles.includes(found));
}

/** Whom the open request asks for already, ready or not. */
async function stillShown(run: Run, { open, group, candidates }: Promotion): Promise<Candidate[]> {
  if (!open) return [];
  if (group === undefined) return [...candidates];
  const shown: Candidate[] = [];
  for (const candidate of candidates)
    if (await askedFor(run, open, candidate.found)) shown.push(candidate);
  return shown;
}

function groupOf(promotion: Promotion, asked: readonly Candidate[]): OfGroup | undefined {
  if (promotion.group === undefined) return undefined;
  const leftOut = promotion.candidates
    .filter((one) => !asked.includes(one))
    .map(({ found, step }) => ({ name: found.title.name, reason: step.reason }));
  return { name: promotion.group, leftOut };
}

/** Does something for the titles of one request: what goes wrong is the failure of each of them. */
async function attemptAll(
  { outcome }: Session,
  { candidates }: Promotion,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const { found } of candidates) outcome.fail(found.title, error);
  }
}

/** A title that waits says so once, unless it has more to say already. */
function sayWaits({ outcome }: Session, found: FoundTitle, reason: string): void {
  const { slug } = found.title;
  if (outcome.rows.some((row) => row.slug === slug && row.did !== 'waits')) return;
  outcome.add(found.title, 'waits', reason, versionOf(found));
}

function versionOf({ state }: FoundTitle): string | undefined {
  return unfinishedTest(state)?.package.version.text;
}
