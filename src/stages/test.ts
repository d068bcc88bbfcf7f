import { startTest } from '../lifecycle/changes.ts';
import type { StepOf } from '../lifecycle/step.ts';
import { decideTest } from '../lifecycle/testing.ts';
import type { TitleChange } from '../state/commit.ts';
import { updateDescription } from './description.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { ensurePackageThere } from './package-check.ts';
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
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const changes: TitleChange[] = [];
  for (const found of titles)
    await attempt(outcome, found.title, async () => {
      const change = await testTitle(run, outcome, found);
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

async function testTitle(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
): Promise<TitleChange | undefined> {
  const { title, state } = found;
  const moment = momentOf(run);
  let step = decideTest(title, state, found.jamf, moment);
  if (step.step === 'look-up-definition' && found.patchTitle) {
    const definitions = await run.jamf.definitions(found.patchTitle.id);
    step = decideTest(title, state, { ...found.jamf, definitions }, moment);
  }
  switch (step.step) {
    case 'start-test':
      return startTesting(run, outcome, found, step);
    case 'wait-for-definition':
      outcome.add(title, step.overdue ? 'warned' : 'waits', waitingText(step), step.version.text);
      return undefined;
    case 'definition-ambiguous':
      throw new Error(step.reason);
    case 'held':
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
): Promise<TitleChange> {
  const { title } = found;
  const { today } = momentOf(run);
  const { definition } = step;
  const tested = step.package;
  if (!run.dryRun) {
    await ensurePackageThere(run.jamf, title, tested);
    if (definition && found.patchTitle && found.testPolicy) {
      await run.jamf.ensureLinked(found.patchTitle.id, definition.version, tested.jamfId);
      await run.jamf.ensurePatchPolicy(found.testPolicy.id, {
        enabled: true,
        target: definition.version,
        allowDowngrade: false,
        description: updateDescription(title, today),
        deadline: title.deadline.test,
      });
    }
  }
  outcome.did(title, step.reason, tested.version.text);
  return {
    slug: title.slug,
    name: title.name,
    what: `${tested.version.text} is in test`,
    change: startTest(tested, definition, today),
  };
}

function waitingText(step: StepOf<'wait-for-definition'>): string {
  return step.overdue
    ? `${step.reason}: look whether the patch source still follows this application, or whether its versions are spelled otherwise ("definition-version")`
    : step.reason;
}
