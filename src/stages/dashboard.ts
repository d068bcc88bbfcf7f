import {
  type Dashboard,
  dashboardBody,
  dashboardLabel,
  dashboardMarker,
  dashboardTitle,
  type KeptIssue,
  type ListedTitle,
  type PromotionRequest,
  type Tick,
  ticksIn,
} from '../github/github.ts';
import { inPlay } from '../lifecycle/hold.ts';
import { type Slug, slug } from '../lifecycle/title.ts';
import { version } from '../lifecycle/version.ts';
import { emergency } from './emergency.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { haltOnMain, recordSwitch } from './halt.ts';
import { release } from './hold.ts';
import { attempt, Outcome } from './outcome.ts';
import { type Phase, phaseOf, phases } from './phase.ts';
import { requestsOfTitle } from './promotions.ts';
import { propose } from './propose.ts';
import { type Run, repositoryOf, sameRun } from './run.ts';
import { stepOf, versionOf } from './status.ts';

/** How rows name what is about no title. */
const itself = { slug: 'patchbot', name: 'The dashboard' };

/** Somebody may tick a box while we write: so often we look again. */
const attempts = 3;

/**
 * The dashboard stage: does what people have ticked in the issue "Patch dashboard", in their name, and
 * writes where each title stands, if that has changed.
 */
export async function dashboard(run: Run): Promise<Outcome> {
  const outcome = new Outcome('dashboard', run.dryRun);
  const { issues } = repositoryOf(run);
  const all = sameRun(run, { only: undefined });
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await issues.find(dashboardLabel, dashboardMarker);
    const ticks = found?.state === 'open' ? ticksIn(found.body) : [];
    if (found && ticks.length > 0) await obey(all, outcome, found, ticks);
    const body = dashboardBody(await dashboardOf(all));
    if (run.dryRun) return outcome;
    const ensured = await issues.ensure(
      { label: dashboardLabel, marker: dashboardMarker, title: dashboardTitle, body },
      found?.body,
    );
    if (ensured === 'edited') continue;
    run.log(`${ensured.issue.url} is ${ensured.wrote ? 'brought up to date' : 'up to date'}`);
    return outcome;
  }
  throw new Error('people keep editing the dashboard while it is written: run it again');
}

/** Does what was ticked, in the name of who ticked it. */
async function obey(
  run: Run,
  outcome: Outcome,
  { number }: KeptIssue,
  ticks: readonly Tick[],
): Promise<void> {
  const github = repositoryOf(run);
  // GitHub tells who edited the text last; who else has ticked a box since it was written it doesn't.
  const who = await github.issues.editor(number);
  if (who === undefined || !(await github.mayWrite(who))) {
    const whom =
      who === undefined ? 'GitHub does not tell by whom' : `by ${who}, who may not write here`;
    outcome.add(itself, 'warned', `boxes were ticked, ${whom}: nothing was done`);
    return;
  }
  const reason = `ticked on the dashboard (#${number})`;
  const touched: Slug[] = [];
  for (const tick of ticks) {
    if (!('slug' in tick)) {
      const halt = tick.asks === 'halt' ? reason : undefined;
      await attempt(outcome, itself, () =>
        recordSwitch(sameRun(run, { actor: who }), outcome, halt),
      );
      continue;
    }
    await attempt(outcome, { slug: tick.slug, name: tick.slug }, async () => {
      const title = slug(tick.slug);
      const theirs = sameRun(run, { actor: who, only: [title] });
      outcome.take(await (tick.asks === 'release' ? release(theirs) : hurry(theirs, tick, reason)));
      touched.push(title);
    });
  }
  if (touched.length === 0) return;
  // Their requests show it at once, not tomorrow.
  const shown = await propose(sameRun(run, { actor: who, only: touched }), 'refresh');
  outcome.failures.push(...shown.failures);
}

function hurry(run: Run, tick: Tick & { version?: string }, reason: string): Promise<Outcome> {
  return emergency(run, {
    reason,
    mode: 'pull-request',
    ...(tick.version !== undefined && { version: version(tick.version) }),
  });
}

/** Where all titles stand. */
async function dashboardOf(run: Run): Promise<Dashboard> {
  const halt = await haltOnMain(run);
  const seen = new Outcome('dashboard', run.dryRun);
  const open = await repositoryOf(run).requests.open();
  const listed = new Map<Phase, ListedTitle[]>(phases.map((phase) => [phase, []]));
  for (const found of await gatherJamf(run, seen, await gatherStates(run, seen)))
    await attempt(seen, found.title, async () => {
      const step = await stepOf(run, found);
      const phase = phaseOf(step, found.state);
      const wanted = versionOf(step, found.state);
      listed.get(phase)?.push(lineOf(found, phase, step.reason, wanted, open));
    });
  for (const { title, message } of seen.failures)
    listed.get('Needs a person')?.push({ name: title, text: message });
  return {
    ...(halt !== undefined && { halt }),
    phases: phases.map((phase) => ({
      heading: phase,
      folded: phase === 'In order',
      titles: listed.get(phase) ?? [],
    })),
  };
}

const hurried: readonly Phase[] = ['Waiting for approval', 'In test', 'Waiting to be tested'];

function lineOf(
  found: FoundTitle,
  phase: Phase,
  reason: string,
  wanted: string | undefined,
  open: readonly PromotionRequest[],
): ListedTitle {
  const { title, state } = found;
  const [request] = requestsOfTitle(found, open);
  const boxes: { tick: Tick; text: string }[] = [];
  if (state.holds?.some((hold) => inPlay(hold, state)))
    boxes.push({ tick: { asks: 'release', slug: title.slug }, text: 'Release it' });
  if (wanted !== undefined && hurried.includes(phase))
    boxes.push({
      tick: { asks: 'expedite', slug: title.slug, version: wanted },
      text: `Expedite ${wanted}: ask for its merge now, as an emergency`,
    });
  return {
    name: title.name,
    ...(wanted !== undefined && { version: wanted }),
    text: reason,
    ...(request && { link: { text: `#${request.number}`, url: request.url } }),
    boxes,
  };
}
