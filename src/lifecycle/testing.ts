import { definitionOf, order } from './definition.ts';
import { freezeOn } from './freeze.ts';
import { countsOf, gateState } from './gate.ts';
import { holdOn, holdText } from './hold.ts';
import { jamfHold, jamfHoldText } from './jamf-hold.ts';
import type { Package } from './package.ts';
import { soakProgress } from './soak.ts';
import type { Step } from './step.ts';
import type { JamfFacts, Moment, Testing, Title, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/**
 * Whether the title's newest package goes to the testers now, and if not, what it waits for.
 *
 * Ask without definitions first: a title with nothing new never needs them. When the answer is
 * `look-up-definition`, ask Jamf for the title's definitions and decide again.
 */
export function decideTest(title: Title, state: TitleState, jamf: JamfFacts, moment: Moment): Step {
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

  const hold = holdOn(version, state.hold, moment.today);
  if (hold) return { step: 'held', version, hold, reason: holdText(hold) };

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
  const instead = inTest
    ? {
        instead: inTest.package.version,
        because: `, in the place of ${inTest.package.version.text}: ${why}`,
      }
    : { because: '' };
  if (title.patch === 'none')
    return {
      step: 'start-test',
      package: candidate,
      ...(instead.instead && { instead: instead.instead }),
      reason: `${version.text} is new${instead.because}`,
    };
  if (!jamf.definitions)
    return {
      step: 'look-up-definition',
      version,
      reason: `${version.text} is new${instead.because}; Jamf must know its patch definition`,
    };

  const match = definitionOf(version, jamf.definitions, title.definitionVersion);
  if (match.found === 'several') {
    const spelled = match.candidates.map((one) => `"${one.version.text}"`).join(', ');
    return {
      step: 'definition-ambiguous',
      version,
      candidates: match.candidates,
      reason: `${match.candidates.length} patch definitions could be ${version.text}: ${spelled}; say which by "definition-version" in its title file`,
    };
  }
  if (match.found === 'none') {
    const since = sameVersion(state.waiting?.version, version)
      ? (state.waiting?.since ?? moment.today)
      : moment.today;
    const days = since.until(moment.today, { largestUnit: 'days' }).days;
    return {
      step: 'wait-for-definition',
      version,
      since,
      overdue: days >= title.escalateAfter,
      reason: `Jamf has no patch definition of ${version.text} yet; it has waited since ${since}`,
    };
  }
  const { definition } = match;
  const live = state.production?.definition;
  if (live && order(definition.version, live, jamf.definitions) === 'older')
    return {
      step: 'idle',
      reason: `${version.text} is the newest package, but older than ${live.text} in production`,
    };
  return {
    step: 'start-test',
    package: candidate,
    definition,
    ...(instead.instead && { instead: instead.instead }),
    reason: `${version.text} is new and has its patch definition${instead.because}`,
  };
}

type Verdict = { readonly may: boolean; readonly reason: string };

/** Rule 4: a version in test is not pushed out by a newer one, but for good cause. */
function mayTakePlaceOf(
  inTest: Testing,
  newer: Version,
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
): Verdict {
  const { version } = inTest.package;
  if (title.newer === 'restart')
    return {
      may: true,
      reason: `the title says "newer: restart", so the clock starts anew with ${newer.text}`,
    };
  const hold = holdOn(version, state.hold, moment.today);
  if (hold) return { may: true, reason: `${version.text} is ${holdText(hold)}` };
  const sign = jamfHold(state, jamf);
  if (sign) return { may: true, reason: jamfHoldText(sign) };
  const gate = gateState(title.gate, countsOf(inTest, jamf));
  if (gate.gate === 'red') return { may: true, reason: `it fails its gate (${gate.reason})` };
  const { over, until } = soakProgress(title.soak, inTest.since, moment.today, (day) =>
    Boolean(freezeOn(day, title.freezes)),
  );
  if (!over) return { may: false, reason: `${version.text} soaks until ${until}` };
  const givenUp = until.add({ days: title.patience });
  if (until.until(moment.today, { largestUnit: 'days' }).days > title.patience)
    return {
      may: true,
      reason: `it has stood ready since ${until}, longer than the ${title.patience} days of "patience"`,
    };
  return {
    may: false,
    reason: `${version.text} is ready since ${until} and may be approved through ${givenUp}`,
  };
}
