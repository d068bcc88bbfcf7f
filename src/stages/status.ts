import { inPlay } from '../lifecycle/hold.ts';
import { nextStep } from '../lifecycle/next-step.ts';
import { needsOrder } from '../lifecycle/rolling-back.ts';
import type { Step } from '../lifecycle/step.ts';
import type { TitleState } from '../lifecycle/title.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { momentOf, type Run } from './run.ts';

/** Where a title stands and what comes next, for people and programs. */
export interface TitleStatus {
  readonly title: string;
  readonly slug: string;
  readonly production?: string;
  readonly testing?: string;
  /** Why a person has stopped it; a hold on a version that is gone stops nothing. */
  readonly hold?: string;
  readonly step: Step['step'];
  readonly reason: string;
}

/** Where all titles of the run stand. */
export interface Status {
  readonly outcome: Outcome;
  readonly titles: readonly TitleStatus[];
}

/** Looks where each title stands, and what its one next step is. Changes nothing, ever. */
export async function status(run: Run): Promise<Status> {
  const outcome = new Outcome('status', true);
  const titles: TitleStatus[] = [];
  for (const found of await gatherJamf(run, outcome, await gatherStates(run, outcome)))
    await attempt(outcome, found.title, async () => {
      const step = await stepOf(run, found);
      titles.push(statusOf(found, step));
      outcome.add(
        found.title,
        step.step === 'idle' ? 'nothing' : acts(step) ? 'would' : 'waits',
        step.reason,
        versionOf(step, found.state),
      );
    });
  return { outcome, titles };
}

/** The one next step, with the patch definitions where the decision needs them. */
export async function stepOf(run: Run, found: FoundTitle): Promise<Step> {
  const moment = momentOf(run);
  const step = nextStep(found.title, found.state, found.jamf, moment);
  const needsDefinitions = step.step === 'look-up-definition' || needsOrder(found.state);
  if (!needsDefinitions || !found.patchTitle) return step;
  const definitions = await run.jamf.definitions(found.patchTitle.id);
  return nextStep(found.title, found.state, { ...found.jamf, definitions }, moment);
}

const acting: readonly Step['step'][] = [
  'start-test',
  'enter-ring',
  'propose',
  'promote',
  'roll-back',
  'withdraw',
  'held-in-jamf',
];

/** Whether a stage would do something for this step, rather than wait. */
function acts(step: Step): boolean {
  return acting.includes(step.step);
}

/** The version that a step is about; what production wants when it is about none. */
export function versionOf(step: Step, state: TitleState): string | undefined {
  if ('version' in step) return step.version.text;
  if ('package' in step) return step.package.version.text;
  if ('testing' in step) return step.testing.package.version.text;
  return state.production?.package.version.text;
}

function statusOf({ title, state }: FoundTitle, step: Step): TitleStatus {
  const stops = state.holds?.find((hold) => inPlay(hold, state));
  return {
    title: title.name,
    slug: title.slug,
    ...(state.production && { production: state.production.package.version.text }),
    ...(state.testing && { testing: state.testing.package.version.text }),
    ...(stops && { hold: stops.reason }),
    step: step.step,
    reason: step.reason,
  };
}
