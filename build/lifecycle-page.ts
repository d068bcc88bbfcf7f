import { nextStep } from '../src/lifecycle/next-step.ts';
import type { Step } from '../src/lifecycle/step.ts';
import { canHappen, events, phases, type Situation } from './lifecycle-situations.ts';

const next = ({ title, state, jamf, moment }: Situation) => nextStep(title, state, jamf, moment);

/** What a stage does for a step that is no waiting, and where the version is then. */
const done: Partial<Record<Step['step'], string>> = {
  'start-test': 'in test',
  propose: 'ready, to be approved',
  promote: 'in production',
  'roll-back': 'in test, held',
  'held-in-jamf': 'in test, held',
};

/** The page on the life of a version: every phase, and what each event does in it, as the decisions say. */
export function lifecyclePage(): string {
  return [
    '# The life of a version',
    '',
    'Firefox 1.0 is in production, and 2.0 is on its way (7 days of soak, a gate of 3 installs and at most',
    '1 failure, windows from Monday to Thursday, 08:00 to 16:00). For each phase that 2.0 may be in: what',
    'PatchBot does next, and what it would do after each event. This page is made from the decisions',
    'themselves (`npm run docs`), so it says what the stages do.',
    '',
    '```mermaid',
    ...picture(),
    '```',
    '',
    ...Object.entries(phases).flatMap(([phase, situation]) => section(phase, situation)),
  ].join('\n');
}

function section(phase: string, situation: Situation): string[] {
  const now = next(situation);
  return [
    `## ${phase.charAt(0).toUpperCase()}${phase.slice(1)}`,
    '',
    `On ${weekday(situation)}, ${situation.moment.today}, next is **${now.step}**: ${now.reason}.`,
    '',
    '| When | next is | because |',
    '| --- | --- | --- |',
    ...events
      .filter(({ name }) => canHappen(phase, name))
      .map(({ name, happen }) => {
        const then = next(happen(situation));
        return then.step === now.step && then.reason === now.reason
          ? `| ${name} | the same | |`
          : `| ${name} | **${then.step}** | ${cell(then.reason)} |`;
      }),
    '',
  ];
}

/** The phases as a picture, with an arrow for each event that moves a version from one to another. */
function picture(): string[] {
  const names = Object.keys(phases);
  const id = (phase: string) => `p${names.indexOf(phase)}`;
  const arrows = new Map<string, string[]>();
  const arrow = (from: string, to: string | undefined, label: string) => {
    if (to === undefined || to === from) return;
    const key = `${id(from)} --> ${id(to)}`;
    arrows.set(key, [...(arrows.get(key) ?? []), label]);
  };
  for (const [phase, situation] of Object.entries(phases)) {
    arrow(phase, done[next(situation).step], 'PatchBot');
    for (const { name, happen } of events)
      if (canHappen(phase, name) && name !== 'a newer version is built')
        arrow(phase, phaseAfter(happen(situation)), name);
  }
  return [
    'stateDiagram-v2',
    ...names.map((name) => `  state "${name}" as ${id(name)}`),
    ...[...arrows].map(([key, labels]) => `  ${key}: ${labels.join(', ')}`),
  ];
}

/** The phase whose next step is the one of this situation, of the same version. */
function phaseAfter(situation: Situation): string | undefined {
  const { step, reason } = next(situation);
  const same = Object.entries(phases).filter(([, one]) => next(one).step === step);
  if (same.length <= 1) return same[0]?.[0];
  return same.find(([, one]) => next(one).reason === reason)?.[0];
}

function weekday({ moment }: Situation): string {
  return moment.now.toLocaleString('en', { weekday: 'long' });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
