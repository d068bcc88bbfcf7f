import { describe, expect, it } from 'vitest';
import { gateState } from '../../src/lifecycle/gate.ts';

const counts = (completed: number, failed: number) => ({ completed, failed });

describe('the gate', () => {
  it('is green for a title that asks nothing, even when Jamf says nothing', () => {
    expect(gateState({ installs: 0 }, undefined).gate).toBe('green');
  });

  it('is unknown, which is not green, when Jamf did not say', () => {
    expect(gateState({ installs: 3 }, undefined).gate).toBe('unknown');
    expect(gateState({ installs: 0, failures: 0 }, undefined).gate).toBe('unknown');
  });

  it('is unknown until enough Macs have installed', () => {
    expect(gateState({ installs: 3 }, counts(2, 0))).toEqual({
      gate: 'unknown',
      reason: '2 installed, 0 failed; at least 3 must install it first',
    });
    expect(gateState({ installs: 3 }, counts(3, 9)).gate).toBe('green');
  });

  it('is red as soon as too many have failed, however few have installed', () => {
    expect(gateState({ installs: 3, failures: 1 }, counts(0, 2)).gate).toBe('red');
    expect(gateState({ installs: 3, failures: 1 }, counts(9, 1)).gate).toBe('green');
    expect(gateState({ installs: 0, failures: 0 }, counts(100, 1)).gate).toBe('red');
  });
});
