import { order } from './definition.ts';
import { holdOnVersion, holdText } from './hold.ts';
import { isOffered, proofOf, wasOffered } from './proof.ts';
import type { Step } from './step.ts';
import type { JamfFacts, Moment, Offered, Production, Title, TitleState } from './title.ts';
import { untested } from './untested.ts';
import { sameVersion } from './version.ts';

/**
 * Whether going from what is offered to what main wants is a step back. The patch definitions know
 * best. Where they don't tell, it is one only to what the fleet was offered before, and a promotion is
 * known by having moved what is offered to `previous`.
 */
export function isRollback(
  production: Production,
  offered: Offered,
  state: TitleState,
  jamf: JamfFacts,
): boolean {
  const { definition } = production;
  if (definition && offered.definition && jamf.definitions) {
    const known = order(definition, offered.definition, jamf.definitions);
    if (known === 'older') return true;
    if (known === 'newer') return false;
  }
  return (
    wasOffered(production, state) && !sameVersion(state.previous?.package.version, offered.version)
  );
}

/**
 * A step back. A hold on the title, a halt or a pin does not stop it, as they stop what goes forward;
 * a hold on the very version that main wants again does.
 */
export function goBack(
  title: Title,
  state: TitleState,
  production: Production,
  offered: Offered,
  { today }: Moment,
): Step {
  const { version } = production.package;
  const hold = holdOnVersion(version, state.holds, today);
  if (hold)
    return {
      step: 'held',
      version,
      hold,
      reason: `main wants ${version.text} again, but it is ${holdText(hold)}`,
    };
  const { proof } = proofOf(title, production, state, today);
  if (proof !== 'offered before' && proof !== 'soaked' && !production.emergency)
    return untested(title, production);
  return {
    step: 'roll-back',
    production,
    from: offered.version,
    reason: `main wants ${version.text} again, in the place of ${offered.version.text}`,
  };
}

/**
 * Whether the patch definitions must be asked for the order of what is offered and what main wants. They
 * need not for the usual promotion, which replaces exactly what is offered.
 */
export function needsOrder({ production, offered, previous }: TitleState): boolean {
  if (!production || !offered || isOffered(production, offered)) return false;
  return !sameVersion(previous?.package.version, offered.version);
}
