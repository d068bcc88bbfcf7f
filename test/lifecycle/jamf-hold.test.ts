import { describe, expect, it } from 'vitest';
import { jamfHold, jamfHoldText } from '../../src/lifecycle/jamf-hold.ts';
import type { PatchPolicyFacts, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { built, day, firefox, inTest, oneRing, ringOf } from './given.ts';

const state: TitleState = { testing: inTest('127.0', '2026-11-16') };
const offering: PatchPolicyFacts = {
  enabled: true,
  target: version('127.0'),
  description: 'Update Firefox (2026-11-16)',
};
const sign = (policy: Partial<PatchPolicyFacts>, of: TitleState = state) =>
  jamfHold(firefox(), of, ringOf({ ...offering, ...policy }))?.sign;

describe('a person stops a version in Jamf itself', () => {
  it('by disabling its test patch policy', () => {
    expect(sign({ enabled: false })).toBe('test policy disabled');
    expect(jamfHoldText({ sign: 'test policy disabled', ring: 'test' }, firefox())).toBe(
      'its test patch policy was disabled in Jamf Pro',
    );
  });

  it('by clearing its Self Service description, white space or not', () => {
    expect(sign({ description: '' })).toBe('description cleared');
    expect(sign({ description: ' \n' })).toBe('description cleared');
    expect(jamfHoldText({ sign: 'description cleared', ring: 'test' }, firefox())).toBe(
      "its test patch policy's Self Service description was cleared in Jamf Pro",
    );
  });
});

describe('nobody has stopped a version in Jamf', () => {
  it('when its test patch policy is as it was left', () => {
    expect(sign({})).toBeUndefined();
  });

  it('when Jamf leaves the description out: that is no answer', () => {
    const { description: _, ...silent } = offering;
    expect(jamfHold(firefox(), state, ringOf(silent))).toBeUndefined();
    expect(jamfHold(firefox(), state, {})).toBeUndefined();
  });

  it('when the policy offers another version by now', () => {
    expect(sign({ enabled: false, target: version('126.0') })).toBeUndefined();
  });

  it('when there is nothing in test, or no patch title', () => {
    expect(sign({ enabled: false }, {})).toBeUndefined();
    const { definition: _, ...without } = inTest('127.0', '2026-11-16');
    expect(sign({ enabled: false }, { testing: without })).toBeUndefined();
  });

  it('when production offers it: its test policy is disabled because it has done its work', () => {
    const offered = {
      version: version('127.0'),
      digest: built('127.0').digest,
      since: day('2026-11-23'),
    };
    expect(sign({ enabled: false }, { ...state, offered })).toBeUndefined();
  });

  it('when a run that promoted it was cut short before it could say so', () => {
    const merged = { ...state, production: { package: built('127.0') } };
    const jamf = {
      ...ringOf({ ...offering, enabled: false }),
      production: { enabled: true, target: version('127.0') },
    };
    expect(jamfHold(firefox(), merged, jamf)).toBeUndefined();
  });
});

describe('after the merge, while the window is closed,', () => {
  it('a person can still stop it in Jamf', () => {
    const merged = { ...state, production: { package: built('127.0') } };
    expect(sign({ enabled: false }, merged)).toBe('test policy disabled');
  });
});

describe('with several rings', () => {
  const title = firefox({
    rings: [
      ...oneRing({ days: 2, kind: 'days' }),
      { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'Firefox Early' },
    ],
  });
  const jamf = (early: Partial<PatchPolicyFacts>) => ({
    rings: new Map([
      ['test', offering],
      ['early', { ...offering, ...early }],
    ]),
  });
  const both = new Map([
    ['test', day('2026-11-16')],
    ['early', day('2026-11-18')],
  ]);

  it('the policy of any ring that it has entered is a sign, and is named', () => {
    const entered = { testing: { ...inTest('127.0', '2026-11-16'), rings: both } };
    const hold = jamfHold(title, entered, jamf({ enabled: false }));
    expect(hold).toEqual({ sign: 'test policy disabled', ring: 'early' });
    expect(hold && jamfHoldText(hold, title)).toBe(
      'in ring early, its patch policy was disabled in Jamf Pro',
    );
  });

  it('the policy of a ring that it has not entered says nothing about it', () => {
    expect(jamfHold(title, state, jamf({ enabled: false }))).toBeUndefined();
  });
});
