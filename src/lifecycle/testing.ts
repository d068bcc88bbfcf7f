import { order } from './definition.ts';
import { definitionStep } from './definition-step.ts';
import { holdOn, holdText } from './hold.ts';
import type { Package } from './package.ts';
import { pinAdmits, pinText } from './pin.ts';
import type { Step } from './step.ts';
import { mayTakePlaceOf } from './taking-place.ts';
import type { JamfFacts, Moment, Testing, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';
import { decideRing } from './widening.ts';

/**
 * Whether the title's newest package goes to the testers now, or the version in test to its next ring,
 * and if neither, what the title waits for.
 *
 * Ask without definitions first: a title with nothing new never needs them. When the answer is
 * `look-up-definition`, ask Jamf for the title's definitions and decide again.
 */
export function decideTest(title: Title, state: TitleState, jamf: JamfFacts, moment: Moment): Step {
  const newest = decideNewest(title, state, jamf, moment);
  const replaces = newest.step === 'start-test' || newest.step === 'look-up-definition';
  if (replaces) return newest;
  const ring = decideRing(title, state, jamf, moment);
  return ring ?? newest;
}

/** What the title's newest package waits for. */
function decideNewest(title: Title, state: TitleState, jamf: JamfFacts, moment: Moment): Step {
  const candidate = state.package;
  if (!candidate) return { step: 'idle', reason: 'AutoPkg has not built a package of it yet' };
  const { version } = candidate;
  const rebuilt = isRebuilt(candidate, state);
  if (sameVersion(version, state.testing?.package.version) && !rebuilt)
    return { step: 'idle', reason: `${version.text} is the newest package, and it went to test` };
  if (sameVersion(version, state.production?.package.version))
    return { step: 'idle', reason: `${version.text} is the newest package, and in production` };
  if (sameVersion(version, state.offered?.version))
    return { step: 'idle', reason: `${version.text} is being taken back from production` };

  const hold = holdOn(version, state.holds, moment.today);
  if (hold) return { step: 'held', version, hold, reason: holdText(hold) };
  if (title.pin && !pinAdmits(title.pin, version))
    return {
      step: 'pinned',
      version,
      pin: title.pin,
      reason: `${version.text} is built, but the title is pinned to ${pinText(title.pin)}`,
    };
  if (title.halt !== undefined)
    return {
      step: 'halted',
      version,
      reason: `${version.text} is built, but everything stands still: ${title.halt}`,
    };
  if (rebuilt)
    return start(title, state, jamf, moment, candidate, rebuilt, 'its package was built anew');

  const inTest = unfinishedTest(state);
  const verdict = inTest ? mayTakePlaceOf(inTest, version, title, state, jamf, moment) : undefined;
  if (inTest && verdict && !verdict.may)
    return {
      step: 'wait-its-turn',
      version,
      behind: inTest.package.version,
      reason: `${version.text} waits its turn: ${verdict.reason}`,
    };
  return start(title, state, jamf, moment, candidate, inTest, verdict?.reason);
}

/** The version in test that has not reached production: the one that a newer package must wait for. */
export function unfinishedTest(state: TitleState): Testing | undefined {
  const { testing, production, offered } = state;
  if (!testing) return undefined;
  const { version } = testing.package;
  if (sameVersion(version, production?.package.version)) return undefined;
  if (sameVersion(version, offered?.version)) return undefined;
  return testing;
}

/**
 * The test of the same version with another package: that one was lost in Jamf and built again. What
 * was tested is not what would be promoted, so the test starts anew (design, rule 14).
 */
function isRebuilt(candidate: Package, state: TitleState): Testing | undefined {
  const testing = unfinishedTest(state);
  const same = testing && sameVersion(testing.package.version, candidate.version);
  return same && testing.package.digest !== candidate.digest ? testing : undefined;
}

/** Starts the test of the newest package, once Jamf knows its patch definition. */
function start(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
  candidate: Package,
  inTest: Testing | undefined,
  why: string | undefined,
): Step {
  const { version } = candidate;
  const because = inTest ? `, in the place of ${inTest.package.version.text}: ${why}` : '';
  const instead = inTest && { instead: inTest.package.version };
  if (title.patch === 'none')
    return {
      step: 'start-test',
      package: candidate,
      ...instead,
      reason: `${version.text} is new${because}`,
    };
  const found = definitionStep(title, state, jamf, moment, version, because);
  if ('step' in found) return found;
  const { definition } = found;
  const live = state.production?.definition;
  if (live && jamf.definitions && order(definition.version, live, jamf.definitions) === 'older')
    return {
      step: 'idle',
      reason: `${version.text} is the newest package, but older than ${live.text} in production`,
    };
  return {
    step: 'start-test',
    package: candidate,
    definition,
    ...instead,
    reason: `${version.text} is new and has its patch definition${because}`,
  };
}
