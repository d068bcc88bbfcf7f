import { enteredRings } from './rings.ts';
import type { JamfHoldSign } from './step.ts';
import type { JamfFacts, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';

/** A person's sign in Jamf, and the ring whose patch policy shows it. */
export interface JamfHold {
  readonly sign: JamfHoldSign;
  readonly ring: string;
}

/**
 * Whether a person has stopped the version in test in Jamf itself (design, rule 7), by disabling the
 * patch policy of a ring that it has entered, or by clearing its Self Service description. Only a policy
 * that still targets the version in test counts, and only a description that Jamf says is empty: a
 * missing one means that Jamf didn't say.
 *
 * PatchBot itself disables the policies once production offers the version. Then that is seen at the
 * production policy, even if the run that did it was cut short before it could record it.
 */
export function jamfHold(title: Title, state: TitleState, jamf: JamfFacts): JamfHold | undefined {
  const { testing, offered } = state;
  const wanted = testing?.definition;
  if (!testing || !wanted) return undefined;
  if (sameVersion(testing.package.version, offered?.version)) return undefined;
  if (jamf.production?.enabled && sameVersion(jamf.production.target, wanted)) return undefined;
  for (const { name } of enteredRings(title.rings, testing)) {
    const policy = jamf.rings?.get(name);
    if (!policy || !sameVersion(policy.target, wanted)) continue;
    if (!policy.enabled) return { sign: 'test policy disabled', ring: name };
    if (policy.description !== undefined && policy.description.trim() === '')
      return { sign: 'description cleared', ring: name };
  }
  return undefined;
}

/** The sign in a sentence; the ring is named where the title has several. */
export function jamfHoldText({ sign, ring }: JamfHold, title: Title): string {
  const whose =
    title.rings.length > 1 ? `in ring ${ring}, its patch policy` : 'its test patch policy';
  return sign === 'test policy disabled'
    ? `${whose} was disabled in Jamf Pro`
    : `${whose}'s Self Service description was cleared in Jamf Pro`;
}
