import type { Temporal } from 'temporal-polyfill';
import { placeHold, releaseHold } from '../lifecycle/changes.ts';
import { type Hold, holdText, inPlay } from '../lifecycle/hold.ts';
import { enteredRings } from '../lifecycle/rings.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import type { TitleState } from '../lifecycle/title.ts';
import { sameVersion, type Version } from '../lifecycle/version.ts';
import type { TitleChange } from '../state/commit.ts';
import { updateDescription } from './description.ts';
import { type FoundTitle, gatherJamf, gatherStates, type KnownTitle } from './gather.ts';
import { isForEverything, switchEverything } from './halt.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';

/** What a person wants to be held. */
export interface HoldRequest {
  readonly reason: string;
  /** Only this version; absent holds the title, whatever version comes. */
  readonly version?: Version;
  /** The first day on which it holds no more. */
  readonly until?: Temporal.PlainDate;
}

/** The hold stage: from now on these titles do not move, until somebody releases them. */
export async function hold(run: Run, request: HoldRequest): Promise<Outcome> {
  if (isForEverything(run)) return holdEverything(run, request);
  const outcome = new Outcome('hold', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const { today } = momentOf(run);
  const changes: TitleChange[] = [];
  for (const { title, state } of await gatherStates(run, outcome)) {
    const wanted: Hold = {
      ...(request.version && { version: request.version }),
      reason: request.reason,
      by: run.actor,
      since: today,
      ...(request.until && { until: request.until }),
    };
    if (state.holds?.some((hold) => saysTheSame(hold, wanted))) {
      outcome.add(title, 'nothing', holdText(wanted), wanted.version?.text);
      continue;
    }
    const what = request.version?.text ?? 'the title';
    outcome.did(title, holdText(wanted), request.version?.text);
    changes.push({
      slug: title.slug,
      name: title.name,
      what: `${what} is ${holdText(wanted)}`,
      change: placeHold(wanted),
    });
  }
  await record(run, outcome, changes);
  await tell(run, outcome, { audience: 'admins', heading: 'On hold', section: 'Held' });
  return outcome;
}

/** "all" stops what comes later too: one switch, not a hold for each title. */
function holdEverything(run: Run, { reason, version, until }: HoldRequest): Promise<Outcome> {
  if (version || until)
    throw new Error(
      'all titles are stopped until somebody lets them move again: leave out the version and the day, or name the titles',
    );
  return switchEverything(run, reason);
}

/**
 * The release: lifts the hold. When it came from Jamf (the test policy disabled, or its description
 * cleared), the policy is put right first, or the next run would find the same hold again.
 */
export async function release(run: Run): Promise<Outcome> {
  if (isForEverything(run)) return switchEverything(run, undefined);
  const outcome = new Outcome('release', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const known = await gatherStates(run, outcome);
  const held = known.filter(({ state }) => stopping(state).length > 0);
  for (const { title } of known.filter(({ state }) => stopping(state).length === 0))
    outcome.add(title, 'nothing', 'it is not held');
  const changes: TitleChange[] = [];
  for (const found of await gatherJamf(run, outcome, held))
    await attempt(outcome, found.title, async () => {
      await reopenTest(run, found);
      changes.push(lift(outcome, found));
    });
  await record(run, outcome, changes);
  await tell(run, outcome, { audience: 'admins', heading: 'Released', section: 'Moves again' });
  return outcome;
}

function lift(outcome: Outcome, { title, state }: KnownTitle): TitleChange {
  const holds = stopping(state);
  const before = holds
    .map((hold) => `; ${hold.version?.text ?? 'it'} was ${holdText(hold)}`)
    .join('');
  outcome.did(title, `released${before}`, holds[0]?.version?.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `released${before}`,
    change: releaseHold(),
  };
}

/** Offers the version in test to the testers again, as it was offered when its soak began. */
async function reopenTest(run: Run, found: FoundTitle): Promise<void> {
  const { title, state, rings } = found;
  const testing = unfinishedTest(state);
  if (run.dryRun || !testing?.definition) return;
  const entered = enteredRings(title.rings, testing);
  for (const { ring, policy } of rings) {
    if (!entered.includes(ring) || !sameVersion(policy.target, testing.definition)) continue;
    await run.jamf.ensurePatchPolicy(policy.id, {
      enabled: true,
      target: testing.definition,
      description: updateDescription(title, testing.rings?.get(ring.name) ?? testing.since),
    });
  }
}

/** The holds that stop the title now: those that a release lifts. */
function stopping(state: TitleState): readonly Hold[] {
  return (state.holds ?? []).filter((hold) => inPlay(hold, state));
}

function saysTheSame(a: Hold, b: Hold): boolean {
  return (
    a.reason === b.reason &&
    a.by === b.by &&
    (a.version?.text ?? '') === (b.version?.text ?? '') &&
    (a.until?.toString() ?? '') === (b.until?.toString() ?? '')
  );
}
