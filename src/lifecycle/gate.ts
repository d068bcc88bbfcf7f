import type { JamfFacts, Testing } from './title.ts';
import { sameVersion } from './version.ts';

/** What the test ring must show before a version may be proposed. */
export interface GateRule {
  /** At least so many Macs must have installed it; 0 asks for nothing. */
  readonly installs: number;
  /** At most so many Macs may have failed; absent allows any number. */
  readonly failures?: number;
}

/** How Jamf counts the test ring. */
export interface GateCounts {
  readonly completed: number;
  readonly failed: number;
}

/** What the gate says: `unknown` when Jamf didn't say enough, which is not green. */
export type GateState =
  | { readonly gate: 'green'; readonly reason: string }
  | { readonly gate: 'red'; readonly reason: string }
  | { readonly gate: 'unknown'; readonly reason: string };

/** Reads the gate off Jamf's counts of the test patch policy. */
export function gateState(rule: GateRule, counts: GateCounts | undefined): GateState {
  if (rule.installs === 0 && rule.failures === undefined)
    return { gate: 'green', reason: 'the title asks nothing of its test ring' };
  if (!counts)
    return {
      gate: 'unknown',
      reason: 'Jamf did not say how many Macs of the test ring installed it',
    };
  const seen = `${counts.completed} installed, ${counts.failed} failed`;
  if (rule.failures !== undefined && counts.failed > rule.failures)
    return { gate: 'red', reason: `${seen}; at most ${rule.failures} may fail` };
  if (counts.completed < rule.installs)
    return { gate: 'unknown', reason: `${seen}; at least ${rule.installs} must install it first` };
  return { gate: 'green', reason: seen };
}

/**
 * How Jamf counts the test ring for the version in test. It counts for the policy's present target, so
 * when somebody has pointed the policy at another version, there are no counts of this one.
 */
export function countsOf(testing: Testing, jamf: JamfFacts): GateCounts | undefined {
  if (!sameVersion(jamf.test?.target, testing.definition)) return undefined;
  return jamf.test?.counts;
}
