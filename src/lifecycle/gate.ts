import { enteredRings, type Rings } from './rings.ts';
import type { JamfFacts, Testing } from './title.ts';
import { sameVersion } from './version.ts';

/** What the test rings must show before a version may be proposed. */
export interface GateRule {
  /** At least so many Macs must have installed it; 0 asks for nothing. */
  readonly installs: number;
  /** At most so many Macs may have failed; absent allows any number. */
  readonly failures?: number;
  /** At most so many percent of the Macs that tried may have failed; absent allows any share. */
  readonly failureRate?: number;
}

/** How Jamf counts the test rings. */
export interface GateCounts {
  readonly completed: number;
  readonly failed: number;
}

/** The same, with the Macs that have yet to try. */
export interface RingCounts extends GateCounts {
  readonly pending: number;
}

/** What the gate says: `unknown` when Jamf didn't say enough, which is not green. */
export type GateState =
  | { readonly gate: 'green'; readonly reason: string }
  | { readonly gate: 'red'; readonly reason: string }
  | { readonly gate: 'unknown'; readonly reason: string };

/** Reads the gate off Jamf's counts of the test patch policies. */
export function gateState(rule: GateRule, counts: GateCounts | undefined): GateState {
  const { installs, failures, failureRate } = rule;
  if (installs === 0 && failures === undefined && failureRate === undefined)
    return { gate: 'green', reason: 'the title asks nothing of its test ring' };
  if (!counts)
    return {
      gate: 'unknown',
      reason: 'Jamf did not say how many Macs of the test ring installed it',
    };
  const { completed, failed } = counts;
  const seen = `${completed} installed, ${failed} failed`;
  if (failures !== undefined && failed > failures)
    return { gate: 'red', reason: `${seen}; at most ${failures} may fail` };
  if (completed < installs)
    return { gate: 'unknown', reason: `${seen}; at least ${installs} must install it first` };
  if (failureRate === undefined) return { gate: 'green', reason: seen };
  const tried = completed + failed;
  if (tried === 0)
    return { gate: 'unknown', reason: `${seen}; nobody has tried, so no share of it failed` };
  // The share is judged when enough have installed it: one failure of the first two Macs is no half.
  return failed * 100 > failureRate * tried
    ? {
        gate: 'red',
        reason: `${seen}, ${percent(failed, tried)}; at most ${failureRate} % may fail`,
      }
    : { gate: 'green', reason: `${seen}, ${percent(failed, tried)}` };
}

function percent(failed: number, tried: number): string {
  return `${Math.round((failed * 1000) / tried) / 10} %`;
}

/**
 * How Jamf counts the rings that the version in test has entered, together. It counts for a policy's
 * present target, so a policy that somebody has pointed at another version has no counts of this one;
 * then there is no sum either.
 */
export function countsOf(rings: Rings, testing: Testing, jamf: JamfFacts): RingCounts | undefined {
  let completed = 0;
  let failed = 0;
  let pending = 0;
  for (const { name } of enteredRings(rings, testing)) {
    const policy = jamf.rings?.get(name);
    if (!policy?.counts || !sameVersion(policy.target, testing.definition)) return undefined;
    completed += policy.counts.completed;
    failed += policy.counts.failed;
    pending += policy.counts.pending;
  }
  return { completed, failed, pending };
}
