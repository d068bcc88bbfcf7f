import { order } from './definition.ts';
import { freezeOn } from './freeze.ts';
import { holdOn, holdText } from './hold.ts';
import type { Step } from './step.ts';
import type { JamfFacts, Moment, Offered, Production, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';
import { windowState } from './window.ts';

/**
 * Whether Jamf must follow what main says of production. Emergencies and rollbacks wait for no window
 * and no freeze: they are how a person mends the fleet. A hold stops a promotion, an emergency too.
 */
export function decidePromotion(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
): Step {
  const { production, offered } = state;
  if (!production)
    return offered
      ? {
          step: 'withdraw',
          from: offered.version,
          reason: `main no longer wants ${offered.version.text} in production, and nothing in its place`,
        }
      : { step: 'idle', reason: 'nothing was approved for production yet' };
  const { version } = production.package;
  if (isOffered(production, offered)) return inPlace(title, production, jamf);

  if (offered && isRollback(production, offered, state, jamf))
    return {
      step: 'roll-back',
      production,
      from: offered.version,
      reason: `main wants ${version.text} again, in the place of ${offered.version.text}`,
    };
  const hold = holdOn(version, state.hold, moment.today);
  if (hold) return { step: 'held', version, hold, reason: `approved, but ${holdText(hold)}` };

  const promote: Step = {
    step: 'promote',
    production,
    ...(offered && { from: offered.version }),
    reason: production.emergency
      ? `emergency by ${production.emergency.by}: ${production.emergency.reason}`
      : `${version.text} is approved on main`,
  };
  if (production.emergency) return promote;
  const freeze = freezeOn(moment.today, title.freezes);
  if (freeze)
    return {
      step: 'frozen',
      version,
      freeze,
      reason: `approved, but nothing is promoted through ${freeze.to}: ${freeze.reason}`,
    };
  const window = windowState(title.windows, moment.now, (day) =>
    Boolean(freezeOn(day, title.freezes)),
  );
  if (!window.open)
    return {
      step: 'wait-for-window',
      version,
      ...(window.opens && { opens: window.opens }),
      reason: window.opens
        ? `approved; the window opens ${window.opens.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' at ')}`
        : 'approved, but no promotion window opens in the next year: see "windows" in recipes/patchbot.yaml',
    };
  return promote;
}

/** Whether Jamf was already made to offer exactly this package. */
export function isOffered(production: Production, offered: Offered | undefined): boolean {
  return (
    offered !== undefined &&
    sameVersion(production.package.version, offered.version) &&
    production.package.digest === offered.digest
  );
}

function inPlace(title: Title, production: Production, jamf: JamfFacts): Step {
  const { version } = production.package;
  const offers = jamf.production;
  if (title.patch !== 'none' && offers && production.definition) {
    const wrong = !offers.enabled
      ? 'is disabled'
      : !sameVersion(offers.target, production.definition)
        ? `targets ${offers.target?.text ?? 'no version'}`
        : undefined;
    if (wrong)
      return {
        step: 'drifted',
        version,
        reason: `the patch policy "${title.policies.production}" ${wrong} in Jamf Pro, but main says ${production.definition.text}: somebody changed it there`,
      };
  }
  return { step: 'idle', reason: `production offers ${version.text}` };
}

/**
 * Whether going from what is offered to what main wants is a step back. The patch definitions know
 * best; where they don't tell, a promotion is known by having moved what is offered to `previous`.
 */
function isRollback(
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
  return !sameVersion(state.previous?.package.version, offered.version);
}
