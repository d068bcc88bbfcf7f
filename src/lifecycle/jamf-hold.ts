import type { JamfHoldSign } from './step.ts';
import type { JamfFacts, TitleState } from './title.ts';
import { sameVersion } from './version.ts';

/**
 * Whether a person has stopped the version in test in Jamf itself (design, rule 7), by disabling the
 * test patch policy or by clearing its Self Service description. Only a policy that still targets
 * the version in test counts, and only a description that Jamf says is empty: a missing one means
 * that Jamf didn't say.
 */
export function jamfHold(state: TitleState, jamf: JamfFacts): JamfHoldSign | undefined {
  const { testing, production } = state;
  if (!testing?.definition || !jamf.test) return undefined;
  if (sameVersion(testing.package.version, production?.package.version)) return undefined;
  if (!sameVersion(jamf.test.target, testing.definition)) return undefined;
  if (!jamf.test.enabled) return 'test policy disabled';
  if (jamf.test.description !== undefined && jamf.test.description.trim() === '')
    return 'description cleared';
  return undefined;
}

/** The sign in a sentence. */
export function jamfHoldText(sign: JamfHoldSign): string {
  return sign === 'test policy disabled'
    ? 'its test patch policy was disabled in Jamf Pro'
    : "its test patch policy's Self Service description was cleared in Jamf Pro";
}
