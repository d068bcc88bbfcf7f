import { dayOff, freezeOn } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import { pinAgainst } from './pin.ts';
import { isOffered, proofOf } from './proof.ts';
import { goBack, isRollback } from './rolling-back.ts';
import type { Step } from './step.ts';
import type { JamfFacts, Moment, Production, Title, TitleState } from './title.ts';
import { untested } from './untested.ts';
import { sameVersion } from './version.ts';
import { openingText, windowState } from './window.ts';

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
  if (isOffered(production, offered)) return inPlace(title, production, jamf);
  if (offered && isRollback(production, offered, state, jamf))
    return goBack(title, state, production, offered, moment);
  return (
    stopped(title, state, production, jamf, moment) ??
    (production.emergency ? undefined : notYet(title, state, production, jamf, moment)) ?? {
      step: 'promote',
      production,
      ...(offered && { from: offered.version }),
      reason: production.emergency
        ? `emergency by ${production.emergency.by}: ${production.emergency.reason}`
        : `${production.package.version.text} is approved on main`,
    }
  );
}

/** What stops an approved version, an emergency too. */
function stopped(
  title: Title,
  state: TitleState,
  production: Production,
  jamf: JamfFacts,
  { today }: Moment,
): Step | undefined {
  const { version } = production.package;
  const hold = holdOn(version, state.holds, today);
  if (hold) return { step: 'held', version, hold, reason: `approved, but ${holdText(hold)}` };
  const sign = isInTest(production, state) ? jamfHold(title, state, jamf) : undefined;
  if (sign)
    return {
      step: 'held-in-jamf',
      version,
      ...sign,
      reason: `approved, but held: ${jamfHoldText(sign, title)}`,
    };
  // "One behind the newest" is caution; an emergency is what caution makes way for.
  const bypassed = production.emergency && title.pin?.to.kind === 'behind';
  const pinned = bypassed ? undefined : pinAgainst(title.pin, version, state);
  if (title.pin && pinned)
    return { step: 'pinned', version, pin: title.pin, reason: `approved, but ${pinned}` };
  return undefined;
}

/** What an approved version waits for, unless it is an emergency. */
function notYet(
  title: Title,
  state: TitleState,
  production: Production,
  jamf: JamfFacts,
  { now, today }: Moment,
): Step | undefined {
  const { version } = production.package;
  const proof = proofOf(title, production, state, today);
  if (proof.proof === 'none') return untested(title, production);
  if (proof.proof === 'soaking')
    return {
      step: 'soak',
      version,
      progress: proof.progress,
      reason: `approved, but it has not soaked in full: until ${proof.progress.until}`,
    };
  if (isInTest(production, state) && state.testing) {
    const gate = gateState(title.gate, countsOf(title.rings, state.testing, jamf));
    if (gate.gate === 'red')
      return {
        step: 'gate-red',
        version,
        reason: `approved, but the test ring fails its gate: ${gate.reason}`,
      };
  }
  if (title.halt !== undefined)
    return {
      step: 'halted',
      version,
      reason: `approved, but everything stands still: ${title.halt}`,
    };
  const freeze = freezeOn(today, title.freezes);
  if (freeze)
    return {
      step: 'frozen',
      version,
      freeze,
      reason: `approved, but nothing is promoted through ${freeze.to}: ${freeze.reason}`,
    };
  const window = windowState(title.windows, now, dayOff(title.freezes));
  if (window.open) return undefined;
  return {
    step: 'wait-for-window',
    version,
    ...(window.opens && { opens: window.opens }),
    reason: window.opens
      ? `approved; the window opens ${openingText(window.opens)}`
      : 'approved, but no promotion window opens in the next year: see "windows" in recipes/patchbot.yaml',
  };
}

function isInTest(production: Production, { testing }: TitleState): boolean {
  return testing?.package.digest === production.package.digest;
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
