import type { Deployments } from '../github/github.ts';
import { type Change, placeHold, recordOffered, recordWithdrawn } from '../lifecycle/changes.ts';
import { holdOnVersion } from '../lifecycle/hold.ts';
import { limitPromotions } from '../lifecycle/limit.ts';
import { decidePromotion } from '../lifecycle/promoting.ts';
import { needsOrder } from '../lifecycle/rolling-back.ts';
import type { Step, StepOf } from '../lifecycle/step.ts';
import type { Production, TitleState } from '../lifecycle/title.ts';
import { sameVersion, type Version } from '../lifecycle/version.ts';
import type { TitleChange } from '../state/commit.ts';
import { readStates } from '../state/read.ts';
import { updateDescription } from './description.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { holdFromJamf } from './held-in-jamf.ts';
import { findInstallPolicy } from './install-policy.ts';
import { askForEach, attempt, Outcome } from './outcome.ts';
import { checkCustody, checkPackage, type PackagesThere, packagesOf } from './package-check.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';

/** GitHub's environment that shows what the fleet has. */
const environment = 'production';

/**
 * The promote stage: makes Jamf offer the fleet what main says of production. It runs on each merge
 * and whenever the window opens, and can run for ever: what is offered already is not touched.
 */
export async function promote(run: Run): Promise<Outcome> {
  const outcome = new Outcome('promote', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const decided = limitPromotions(
    await askForEach(outcome, titles, (found) => decide(run, found)),
    await fleetOf(run, titles),
    run.recipes.settings.promotions,
    momentOf(run).today,
  );
  const packages = await packagesOf(
    run,
    decided.flatMap(({ step }) => (offers(step) ? [step.production.package] : [])),
  );
  const changes: TitleChange[] = [];
  for (const { found, title, step } of decided)
    await attempt(outcome, title, async () => {
      const change = await promoteTitle(run, outcome, found, step, packages);
      if (change) changes.push(change);
    });
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'everyone',
    heading: 'Offered to all Macs',
    section: 'In production',
  });
  return outcome;
}

/** Where all titles stand, where that counts: a limit is for the fleet, not for the titles of this run. */
async function fleetOf(run: Run, titles: readonly FoundTitle[]): Promise<readonly TitleState[]> {
  const { settings, titles: all } = run.recipes;
  if (settings.promotions === undefined || !run.only) return titles.map(({ state }) => state);
  const states = await readStates(
    run.folder,
    all.map(({ slug }) => slug),
    run.github,
  );
  return [...states.values()].flatMap((read) => (read.ok ? [read.state] : []));
}

/** What Jamf must follow; whether a step back is one, the patch definitions know best. */
async function decide(run: Run, found: FoundTitle) {
  const { title, state } = found;
  const moment = momentOf(run);
  let step = decidePromotion(title, state, found.jamf, moment);
  if (needsOrder(state) && found.patchTitle) {
    const definitions = await run.jamf.definitions(found.patchTitle.id);
    step = decidePromotion(title, state, { ...found.jamf, definitions }, moment);
  }
  return { found, title, state, step };
}

function offers(step: Step): step is StepOf<'promote'> | StepOf<'roll-back'> {
  return step.step === 'promote' || step.step === 'roll-back';
}

async function promoteTitle(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  step: Step,
  packages: PackagesThere,
): Promise<TitleChange | undefined> {
  const { title } = found;
  const moment = momentOf(run);
  const change = (what: string, ...changes: Change[]): TitleChange => ({
    slug: title.slug,
    name: title.name,
    what,
    change: (before) => changes.reduce((after, each) => each(after), before),
  });
  switch (step.step) {
    case 'promote': {
      const { version } = step.production.package;
      await asDeployment(run, found, step, () => offer(run, found, step.production, packages));
      outcome.did(title, offeredText(step), version.text);
      return change(
        `${version.text} is in production`,
        recordOffered(step.production, moment.today),
      );
    }
    case 'roll-back': {
      const { version } = step.production.package;
      await asDeployment(run, found, step, () =>
        offer(run, found, step.production, packages, step.from),
      );
      outcome.did(title, `rolled back from ${step.from.text}`, version.text);
      return change(
        `rolled back from ${step.from.text} to ${version.text}`,
        recordOffered(step.production, moment.today),
        holdBack(run, step.from, `rolled back to ${version.text}`),
      );
    }
    case 'withdraw': {
      if (!run.dryRun && found.productionPolicy) {
        await disableTestOf(run, found, step.from);
        await run.jamf.ensurePatchPolicy(found.productionPolicy.id, { enabled: false });
      }
      outcome.did(title, 'no longer offered; there is no older version', step.from.text);
      return change(
        `${step.from.text} is no longer offered`,
        recordWithdrawn(),
        holdBack(run, step.from, 'its promotion was reverted'),
      );
    }
    case 'held-in-jamf': {
      const held = await holdFromJamf(run, found, step);
      if (held) outcome.did(title, step.reason, step.version.text);
      else outcome.add(title, 'waits', 'Jamf Pro does not say clearly whether it is held');
      return held;
    }
    case 'drifted':
    case 'untested':
      outcome.add(title, 'warned', step.reason, step.version.text);
      return undefined;
    case 'held':
    case 'halted':
    case 'pinned':
    case 'over-limit':
    case 'soak':
    case 'gate-red':
    case 'frozen':
    case 'wait-for-window':
      outcome.add(title, 'waits', step.reason, step.version.text);
      return undefined;
    default:
      outcome.add(title, 'nothing', step.reason);
      return undefined;
  }
}

/** Makes Jamf offer exactly this package to the fleet: each call an ensure, in an order that no crash harms. */
export async function offer(
  run: Run,
  found: FoundTitle,
  production: Production,
  packages: PackagesThere,
  rolledBackFrom?: Version,
): Promise<void> {
  const { title, patchTitle, productionPolicy } = found;
  const { jamf } = run;
  const approved = production.package;
  checkPackage(title, approved, packages);
  // What the fleet had before was good when it was offered then.
  if (!rolledBackFrom) checkCustody(title, found.state, approved);
  const installPolicy = await findInstallPolicy(run, title);
  if (patchTitle && productionPolicy) {
    if (!production.definition)
      throw new Error(
        `state/${title.slug}.yaml has no "definition:" under "production:": write the version there exactly as the patch definition in Jamf Pro spells it`,
      );
    await jamf.ensureLinked(patchTitle.id, production.definition, approved.jamfId);
    // A Mac takes the highest version that any enabled policy offers it: the newer one goes first.
    if (rolledBackFrom) await disableTestOf(run, found, rolledBackFrom);
    await jamf.ensurePatchPolicy(productionPolicy.id, {
      enabled: true,
      target: production.definition,
      allowDowngrade: rolledBackFrom !== undefined,
      description: updateDescription(title, momentOf(run).today),
      deadline: title.deadline.production,
    });
  }
  if (installPolicy)
    await jamf.ensureInstallPolicy(installPolicy, { id: approved.jamfId, file: approved.file });
  if (!rolledBackFrom) await disableTestOf(run, found, approved.version);
}

/** The test policies have done their work for a version; they stay on when another is in test by now. */
export async function disableTestOf(run: Run, found: FoundTitle, done: Version): Promise<void> {
  const { rings, state } = found;
  const { testing, production } = state;
  const finished =
    !testing ||
    sameVersion(testing.package.version, done) ||
    sameVersion(testing.package.version, production?.package.version);
  if (!finished) return;
  for (const { policy } of rings) await run.jamf.ensurePatchPolicy(policy.id, { enabled: false });
}

/** Shows a production change as a GitHub deployment, failures included. */
async function asDeployment(
  run: Run,
  { title }: FoundTitle,
  step: StepOf<'promote'> | StepOf<'roll-back'>,
  work: () => Promise<void>,
): Promise<void> {
  if (run.dryRun) return;
  const github = repositoryOf(run);
  const { version, digest } = step.production.package;
  const task = `promote:${title.slug}`;
  const said = `${title.name} ${version.text}: ${step.reason}`;
  const latest = await github.deployments.latest(task, environment);
  const isThis =
    latest?.payload['version'] === version.text && latest.payload['sha3-512'] === digest;
  const id = latest && isThis ? latest.id : (await begin(github.deployments)).id;
  try {
    await work();
  } catch (error) {
    await github.deployments.finish(id, 'failure', `${title.name} ${version.text} failed`, run.url);
    throw error;
  }
  await github.deployments.finish(id, 'success', `${title.name} ${version.text}`, run.url);

  async function begin(deployments: Deployments) {
    const ref = await github.head();
    if (!ref) throw new Error(`the branch ${github.base} has no commit`);
    return deployments.begin({
      task,
      environment,
      ref,
      description: said,
      payload: {
        title: title.slug,
        version: version.text,
        'sha3-512': digest,
        ...(step.production.emergency && { emergency: { ...step.production.emergency } }),
      },
    });
  }
}

/** Holds a version that was taken back, unless a person does so already, who will have said why. */
function holdBack(run: Run, version: Version, reason: string): Change {
  const { today } = momentOf(run);
  const place = placeHold({ version, reason, by: run.actor, since: today });
  return (state) => (holdOnVersion(version, state.holds, today) ? state : place(state));
}

function offeredText(step: StepOf<'promote'>): string {
  const from = step.from ? `, after ${step.from.text}` : '';
  const { emergency } = step.production;
  return emergency
    ? `EMERGENCY by ${emergency.by}: ${emergency.reason}${from}`
    : `approved and offered${from}`;
}
