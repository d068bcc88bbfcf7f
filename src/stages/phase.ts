import { isOffered } from '../lifecycle/proof.ts';
import type { Step } from '../lifecycle/step.ts';
import type { TitleState } from '../lifecycle/title.ts';

/** The phases of a title's life as the dashboard lists them, the most pressing first. */
export const phases = [
  'Needs a person',
  'Waiting for approval',
  'On hold',
  'Approved, and not offered yet',
  'In test',
  'Waiting to be tested',
  'In order',
] as const;

export type Phase = (typeof phases)[number];

const ofStep: { readonly [step in Step['step']]: Phase } = {
  idle: 'In order',
  'look-up-definition': 'Waiting to be tested',
  'wait-for-definition': 'Waiting to be tested',
  'definition-ambiguous': 'Needs a person',
  'wait-its-turn': 'Waiting to be tested',
  'start-test': 'Waiting to be tested',
  'enter-ring': 'In test',
  soak: 'In test',
  held: 'On hold',
  'held-in-jamf': 'On hold',
  halted: 'On hold',
  pinned: 'On hold',
  'gate-red': 'Needs a person',
  'gate-unknown': 'In test',
  frozen: 'Waiting for approval',
  propose: 'Waiting for approval',
  'wait-for-window': 'Approved, and not offered yet',
  'over-limit': 'Approved, and not offered yet',
  untested: 'Needs a person',
  promote: 'Approved, and not offered yet',
  'roll-back': 'Approved, and not offered yet',
  withdraw: 'Approved, and not offered yet',
  drifted: 'Needs a person',
};

/** The phase of a title, by its one next step: it is computed, never kept (design, rule 1). */
export function phaseOf(step: Step, { production, offered }: TitleState): Phase {
  if (step.step === 'wait-for-definition' && step.overdue) return 'Needs a person';
  const isApproved = production !== undefined && !isOffered(production, offered);
  if (step.step === 'frozen' && isApproved) return 'Approved, and not offered yet';
  return ofStep[step.step];
}
