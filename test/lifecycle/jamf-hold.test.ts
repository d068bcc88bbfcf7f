import { describe, expect, it } from 'vitest';
import { jamfHold, jamfHoldText } from '../../src/lifecycle/jamf-hold.ts';
import type { PatchPolicyFacts, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { built, inTest } from './given.ts';

const state: TitleState = { testing: inTest('127.0', '2026-11-16') };
const offering: PatchPolicyFacts = {
  enabled: true,
  target: version('127.0'),
  description: 'Update Firefox (2026-11-16)',
};
const sign = (policy: Partial<PatchPolicyFacts>, of: TitleState = state) =>
  jamfHold(of, { test: { ...offering, ...policy } });

describe('a person stops a version in Jamf itself', () => {
  it('by disabling its test patch policy', () => {
    expect(sign({ enabled: false })).toBe('test policy disabled');
    expect(jamfHoldText('test policy disabled')).toMatch(/was disabled in Jamf Pro/);
  });

  it('by clearing its Self Service description, white space or not', () => {
    expect(sign({ description: '' })).toBe('description cleared');
    expect(sign({ description: ' \n' })).toBe('description cleared');
    expect(jamfHoldText('description cleared')).toMatch(/was cleared in Jamf Pro/);
  });
});

describe('nobody has stopped a version in Jamf', () => {
  it('when its test patch policy is as it was left', () => {
    expect(sign({})).toBeUndefined();
  });

  it('when Jamf leaves the description out: that is no answer', () => {
    const { description: _, ...silent } = offering;
    expect(jamfHold(state, { test: silent })).toBeUndefined();
    expect(jamfHold(state, {})).toBeUndefined();
  });

  it('when the policy offers another version by now', () => {
    expect(sign({ enabled: false, target: version('126.0') })).toBeUndefined();
  });

  it('when there is nothing in test, or no patch title', () => {
    expect(sign({ enabled: false }, {})).toBeUndefined();
    const { definition: _, ...without } = inTest('127.0', '2026-11-16');
    expect(sign({ enabled: false }, { testing: without })).toBeUndefined();
  });

  it('when the version is in production: its test policy is disabled because it has done its work', () => {
    const promoted = { ...state, production: { package: built('127.0') } };
    expect(sign({ enabled: false }, promoted)).toBeUndefined();
  });
});
