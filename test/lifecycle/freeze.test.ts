import { describe, expect, it } from 'vitest';
import { freezeOn } from '../../src/lifecycle/freeze.ts';
import { day } from './given.ts';

const freeze = (from: string, to: string, reason: string) => ({
  from: day(from),
  to: day(to),
  reason,
});
const christmas = freeze('2026-12-18', '2027-01-04', 'Christmas');
const quarter = freeze('2026-12-28', '2026-12-31', 'quarter end');

describe('a freeze', () => {
  it('lasts from its first day through its last', () => {
    expect(freezeOn(day('2026-12-17'), [christmas])).toBeUndefined();
    expect(freezeOn(day('2026-12-18'), [christmas])).toBe(christmas);
    expect(freezeOn(day('2027-01-04'), [christmas])).toBe(christmas);
    expect(freezeOn(day('2027-01-05'), [christmas])).toBeUndefined();
  });

  it('of a single day is that day', () => {
    expect(freezeOn(day('2026-12-24'), [freeze('2026-12-24', '2026-12-24', 'eve')])?.reason).toBe(
      'eve',
    );
  });

  it('that lasts longest is the one that is named', () => {
    expect(freezeOn(day('2026-12-30'), [quarter, christmas])).toBe(christmas);
  });
});
