import { type Condition, conditionsOf } from './conditions.ts';
import { type Forecast, forecast } from './forecast.ts';
import { nextStep } from './next-step.ts';
import { proposedProduction } from './proposing.ts';
import type { Step } from './step.ts';
import { decideTest, unfinishedTest } from './testing.ts';
import type { JamfFacts, Moment, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';
import { openingText } from './window.ts';

/**
 * What a title waits for and what would move it, in sentences for the person who asks. They come from the
 * decisions that the stages act on: where the title is, what is in the way, what a person can do, when it
 * will be there.
 */
export function why(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
): readonly string[] {
  const step = nextStep(title, state, jamf, moment);
  return [
    ...standing(state),
    sentence(`Next: ${step.reason}`),
    ...obstacles(title, state, jamf, moment, step),
    ...remedies(title, step),
    ...behind(title, state, jamf, moment, step),
    expectation(forecast(title, state, jamf, moment), step),
  ].filter((text) => text !== undefined);
}

function standing(state: TitleState): string[] {
  const { production, offered } = state;
  const testing = unfinishedTest(state);
  const said: string[] = [];
  if (offered) said.push(`The fleet is offered ${offered.version.text} since ${offered.since}.`);
  else said.push('The fleet is offered nothing by PatchBot yet.');
  if (production && !sameVersion(production.package.version, offered?.version))
    said.push(`On main, ${production.package.version.text} is approved.`);
  if (testing) said.push(`${testing.package.version.text} is in test since ${testing.since}.`);
  return said;
}

/** The condition that a step already speaks of. */
const conditionOf: Partial<Record<Step['step'], Condition['name']>> = {
  soak: 'soak',
  untested: 'soak',
  'gate-red': 'gate',
  'gate-unknown': 'gate',
  held: 'hold',
  'held-in-jamf': 'hold',
  halted: 'hold',
  pinned: 'hold',
  frozen: 'window',
  'wait-for-window': 'window',
};

/** Whatever else stands in the way of what is in test or approved, besides the first that the step names. */
function obstacles(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
  step: Step,
): string[] {
  const testing = unfinishedTest(state);
  const { production, offered } = state;
  const approved =
    production && production.package.digest !== offered?.digest ? production : undefined;
  const to = approved ?? (testing && proposedProduction(testing));
  if (!to) return [];
  return conditionsOf(title, state, jamf, moment, to)
    .filter((one) => one.state !== 'met' && one.name !== conditionOf[step.step])
    .map((one) => sentence(`Besides, ${one.name}: ${one.reason}`));
}

/** What a person can do. */
function remedies(title: Title, step: Step): string[] {
  const file = `recipes/titles/${title.slug}.yaml`;
  switch (step.step) {
    case 'held':
      return [
        step.hold.until
          ? `The hold ends by itself on ${step.hold.until}; to end it now: patchbot release ${title.slug}.`
          : `It moves again when somebody releases it: patchbot release ${title.slug}.`,
      ];
    case 'held-in-jamf':
      return [
        `The next run makes that a hold; to lift it: patchbot release ${title.slug}, which puts the policy right.`,
      ];
    case 'halted':
      return ['Everything moves again when "halt" is deleted from recipes/patchbot.yaml.'];
    case 'pinned':
      return [`To let it go, change or delete "pin" in ${file}.`];
    case 'wait-for-definition':
      return [
        `It goes to test on the day on which the patch source knows it; is it spelled otherwise there, write "definition-version" into ${file}.`,
      ];
    case 'definition-ambiguous':
      return [`Write "definition-version" into ${file}, so that one of them is left.`];
    case 'gate-unknown':
      return ['It is ready when enough Macs of the test ring have installed it ("gate").'];
    case 'gate-red':
      return [
        'A newer version takes its place when there is one; or change "gate", if it is wrong.',
      ];
    case 'soak':
      return [
        `To hurry it: an emergency (patchbot emergency ${title.slug}), which skips the soak.`,
      ];
    case 'propose':
      return [
        title.approval === 'auto'
          ? 'Its request is merged by itself when nothing speaks against it.'
          : 'It moves when somebody merges its promotion request.',
      ];
    case 'untested':
    case 'drifted':
      return ['patchbot reconcile shows what differs, and puts it right with --repair.'];
    default:
      return [];
  }
}

/** What has been built besides, and why that waits. */
function behind(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
  step: Step,
): string[] {
  const newer = decideTest(title, state, jamf, moment);
  return newer.step === 'idle' || newer.reason === step.reason ? [] : [sentence(newer.reason)];
}

function expectation(its: Forecast, step: Step): string | undefined {
  if (its.comes === 'not' || step.step === 'promote') return undefined;
  const needs = its.needs.map((one) =>
    one === 'approval' ? 'it is approved by then' : 'its gate is green by then',
  );
  const provided = needs.length > 0 ? `, if ${needs.join(' and ')}` : '';
  return `${its.version.text} reaches the fleet on ${openingText(its.at)}${provided}.`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
