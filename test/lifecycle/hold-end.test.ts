import { expect, it } from 'vitest';
import { decideHoldEnd } from '../../src/lifecycle/hold-end.ts';
import { version } from '../../src/lifecycle/version.ts';
import { day } from './given.ts';

const forEver = {
  version: version('126.0'),
  reason: 'crashes',
  by: 'bea',
  since: day('2026-11-01'),
};
const ended = { reason: 'audit', by: 'carl', since: day('2026-11-10'), until: day('2026-11-20') };

it('a hold with an end ends by itself on that day, and says so', () => {
  const state = { holds: [forEver, ended] };
  expect(decideHoldEnd(state, day('2026-11-19'))).toBeUndefined();
  const end = decideHoldEnd(state, day('2026-11-20'));
  expect(end?.reason).toBe(
    'the hold on the title has ended: it was held by carl since 2026-11-10: audit, until 2026-11-20',
  );
  expect(end?.change(state)).toEqual({ holds: [forEver] });
});

it('a hold without an end, and a title without a hold, have nothing to end', () => {
  expect(decideHoldEnd({ holds: [forEver] }, day('2036-11-20'))).toBeUndefined();
  expect(decideHoldEnd({}, day('2026-11-20'))).toBeUndefined();
});
