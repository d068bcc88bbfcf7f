import { type Change, enterRing, startTest } from '../lifecycle/changes.ts';
import type { Package } from '../lifecycle/package.ts';
import { enteredRings } from '../lifecycle/rings.ts';
import type { Step, StepOf } from '../lifecycle/step.ts';
import { decideTest } from '../lifecycle/testing.ts';
import type { Testing } from '../lifecycle/title.ts';
import type { TitleChange } from '../state/commit.ts';
import { updateDescription } from './description.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { endHolds } from './hold-end.ts';
import { askForEach, attempt, Outcome } from './outcome.ts';
import { checkPackage, type PackagesThere, packagesOf } from './package-check.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';

/**
 * The test stage: sees which titles have a package newer than the one in test, and offers it to the
 * testers once Jamf knows its patch definition. From then on the soak runs.
 */
export async function test(run: Run): Promise<Outcome> {
  const outcome = new Outcome('test', run.dryRun);
  if (!run.dryRun) repositoryOf(run);
  const { titles: known, changes: ended } = await endHolds(run, await gatherStates(run, outcome));
  const titles = await gatherJamf(run, outcome, known);
  const decided = await askForEach(outcome, titles, (found) => decide(run, found));
  const packages = await packagesOf(
    run,
    decided.flatMap(({ step }) => packageOf(step) ?? []),
  );
  const changes: TitleChange[] = [...ended];
  for (const { found, title, step } of decided)
    await attempt(outcome, title, async () => {
      const change = await testTitle(run, outcome, found, step, packages);
      if (change) changes.push(change);
    });
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'testers',
    heading: 'New versions to test',
    section: 'In test',
  });
  return outcome;
}

/** The package that the step is about to offer to testers. */
function packageOf(step: Step): Package | undefined {
  if (step.step === 'start-test') return step.package;
  return step.step === 'enter-ring' ? step.testing.package : undefined;
}

/** What to do with the title; Jamf is asked for its definitions only where there is news. */
async function decide(run: Run, found: FoundTitle) {
  const { title, state } = found;
  const moment = momentOf(run);
  let step = decideTest(title, state, found.jamf, moment);
  if (step.step === 'look-up-definition' && found.patchTitle) {
    const definitions = await run.jamf.definitions(found.patchTitle.id);
    step = decideTest(title, state, { ...found.jamf, definitions }, moment);
  }
  return { found, title, step };
}

async function testTitle(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  step: Step,
  packages: PackagesThere,
): Promise<TitleChange | undefined> {
  const { title } = found;
  switch (step.step) {
    case 'start-test':
      return startTesting(run, outcome, found, step, packages);
    case 'enter-ring':
      return widen(run, outcome, found, step, packages);
    case 'wait-for-definition':
      outcome.add(title, step.overdue ? 'warned' : 'waits', waitingText(step), step.version.text);
      return undefined;
    case 'definition-ambiguous':
      throw new Error(step.reason);
    case 'held':
    case 'halted':
    case 'pinned':
    case 'wait-its-turn':
      outcome.add(title, 'waits', step.reason, step.version.text);
      return undefined;
    default:
      outcome.add(title, 'nothing', step.reason);
      return undefined;
  }
}

async function startTesting(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  step: StepOf<'start-test'>,
  packages: PackagesThere,
): Promise<TitleChange> {
  const { title } = found;
  const tested = step.package;
  const change = startTest(tested, step.definition, momentOf(run).today, title.rings);
  await offerAfter(run, found, change, packages);
  outcome.did(title, step.reason, tested.version.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `${tested.version.text} is in test`,
    change,
  };
}

async function widen(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  { ring, testing, reason }: StepOf<'enter-ring'>,
  packages: PackagesThere,
): Promise<TitleChange> {
  const { title } = found;
  const { version } = testing.package;
  const change = enterRing(version, ring, title.rings, momentOf(run).today);
  await offerAfter(run, found, change, packages);
  outcome.did(title, reason, version.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `${version.text} is in ring ${ring.name}`,
    change,
  };
}

/** Makes Jamf offer what will be in test after the change, before the change is recorded. */
async function offerAfter(
  run: Run,
  found: FoundTitle,
  change: Change,
  packages: PackagesThere,
): Promise<void> {
  const { testing } = change(found.state);
  if (testing && !run.dryRun) await offerTest(run, found, testing, packages);
}

/**
 * Makes Jamf offer exactly this package to the rings that it has entered, and to the others nothing: each
 * call an ensure.
 */
export async function offerTest(
  run: Run,
  { title, patchTitle, rings }: FoundTitle,
  testing: Testing,
  packages: PackagesThere,
): Promise<void> {
  checkPackage(title, testing.package, packages);
  const { definition } = testing;
  if (!definition || !patchTitle) return;
  await run.jamf.ensureLinked(patchTitle.id, definition, testing.package.jamfId);
  const entered = enteredRings(title.rings, testing);
  for (const { ring, policy } of rings)
    if (!entered.includes(ring)) await run.jamf.ensurePatchPolicy(policy.id, { enabled: false });
    else
      await run.jamf.ensurePatchPolicy(policy.id, {
        enabled: true,
        target: definition,
        allowDowngrade: false,
        description: updateDescription(title, testing.rings?.get(ring.name) ?? testing.since),
        deadline: title.deadline.test,
      });
}

function waitingText(step: StepOf<'wait-for-definition'>): string {
  return step.overdue
    ? `${step.reason}: look whether the patch source still follows this application, or whether its versions are spelled otherwise ("definition-version")`
    : step.reason;
}
