import { type Definition, definitionOf } from './definition.ts';
import type { Step } from './step.ts';
import type { JamfFacts, Moment, Title, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** The patch definition of a new version, or what stands in the way of having it. */
export function definitionStep(
  title: Title,
  state: TitleState,
  jamf: JamfFacts,
  moment: Moment,
  wanted: Version,
  because: string,
): Step | { readonly definition: Definition } {
  if (!jamf.definitions)
    return {
      step: 'look-up-definition',
      version: wanted,
      reason: `${wanted.text} is new${because}; Jamf must know its patch definition`,
    };
  const match = definitionOf(wanted, jamf.definitions, title.definitionVersion);
  if (match.found === 'one') return { definition: match.definition };
  if (match.found === 'several') {
    const spelled = match.candidates.map((one) => `"${one.version.text}"`).join(', ');
    return {
      step: 'definition-ambiguous',
      version: wanted,
      candidates: match.candidates,
      reason: `${match.candidates.length} patch definitions could be ${wanted.text}: ${spelled}; say which by "definition-version" in its title file`,
    };
  }
  const since = sameVersion(state.waiting?.version, wanted)
    ? (state.waiting?.since ?? moment.today)
    : moment.today;
  const days = since.until(moment.today, { largestUnit: 'days' }).days;
  return {
    step: 'wait-for-definition',
    version: wanted,
    since,
    overdue: days >= title.escalateAfter,
    reason: `Jamf has no patch definition of ${wanted.text} yet; it has waited since ${since}`,
  };
}
