import { describe, expect, it } from 'vitest';
import { type Decided, limitPromotions } from '../../src/lifecycle/limit.ts';
import type { Production, TitleState } from '../../src/lifecycle/title.ts';
import { built, day } from './given.ts';

const today = day('2026-11-23');

function approved(slug: string, tested: string, more: Partial<Production> = {}): Decided {
  const production = { package: built(slug), tested: day(tested), ...more };
  return { title: { slug }, state: {}, step: { step: 'promote', production, reason: 'approved' } };
}

function promotedOn(date: string, more: Partial<Production> = {}): TitleState {
  const its = built('1.0');
  return {
    production: { package: its, ...more },
    offered: { version: its.version, digest: its.digest, since: day(date) },
  };
}

const going = (decided: readonly Decided[]) =>
  decided.filter(({ step }) => step.step === 'promote').map(({ title }) => title.slug);

describe('a limit of promotions a day', () => {
  const three = [
    approved('b', '2026-11-16'),
    approved('c', '2026-11-10'),
    approved('a', '2026-11-16'),
  ];

  it('lets those go that have waited longest, and tells the others', () => {
    const decided = limitPromotions(three, [], 2, today);
    expect(going(decided)).toEqual(['c', 'a']);
    expect(decided[0]?.step).toMatchObject({
      step: 'over-limit',
      limit: 2,
      reason:
        'approved; 2 titles a day are promoted ("limits: promotions"), so it waits for tomorrow',
    });
  });

  it('counts what was promoted earlier that day, and nothing of the days before', () => {
    const fleet = [promotedOn('2026-11-23'), promotedOn('2026-11-22'), {}];
    expect(going(limitPromotions(three, fleet, 2, today))).toEqual(['c']);
    expect(going(limitPromotions(three, [...fleet, ...fleet], 2, today))).toEqual([]);
  });

  it('neither stops nor counts emergencies', () => {
    const emergency = { by: 'anna', reason: 'CVE' };
    const urgent = approved('z', '2026-11-22', { emergency });
    const fleet = [promotedOn('2026-11-23', { emergency })];
    expect(going(limitPromotions([...three, urgent], fleet, 1, today))).toEqual(['c', 'z']);
  });

  it('leaves alone what is not promoted, and everything where there is none', () => {
    const waits: Decided = {
      title: { slug: 'w' },
      state: {},
      step: { step: 'idle', reason: 'nothing' },
    };
    expect(limitPromotions([waits], [], 1, today)).toEqual([waits]);
    expect(limitPromotions(three, [], undefined, today)).toBe(three);
  });
});
