import { describe, expect, it } from 'vitest';
import { decideProposal } from '../../src/lifecycle/proposing.ts';
import type { JamfFacts, Title, TitleState } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { at, built, day, firefox, inTest } from './given.ts';

const testing = inTest('127.0', '2026-11-16');
const jamf: JamfFacts = {
  test: { enabled: true, target: version('127.0'), description: 'Update' },
};
const counted = (completed: number, failed: number): JamfFacts => ({
  test: { enabled: true, target: version('127.0'), counts: { completed, failed, pending: 0 } },
});
const decide = (
  now: string,
  title: Partial<Title> = {},
  state: TitleState = { testing },
  facts: JamfFacts = jamf,
) => decideProposal(firefox(title), state, facts, at(now));

describe('a version in test', () => {
  it('soaks, and says until when and how much of it is done', () => {
    expect(decide('2026-11-19')).toMatchObject({
      step: 'soak',
      reason: 'soaking until 2026-11-23, 3 of 7 days done',
    });
  });

  it('is proposed on the day its soak is over, whatever the hour', () => {
    expect(decide('2026-11-22 23:59').step).toBe('soak');
    expect(decide('2026-11-23 00:00')).toMatchObject({ step: 'propose', testing });
  });

  it('is not proposed again once it is approved, or while Jamf still offers it after a revert', () => {
    const production = { package: testing.package };
    const offered = {
      version: testing.package.version,
      digest: testing.package.digest,
      since: day('2026-11-23'),
    };
    expect(decide('2026-11-23', {}, { testing, production }).step).toBe('idle');
    expect(
      decide('2026-11-23', {}, { testing, production: { package: built('126.0') }, offered }).step,
    ).toBe('idle');
  });

  it('that is held is not proposed, and the hold comes before every other reason', () => {
    const hold = {
      version: version('127.0'),
      reason: 'crashes',
      by: 'carl',
      since: day('2026-11-17'),
    };
    expect(decide('2026-11-19', {}, { testing, hold })).toMatchObject({
      step: 'held',
      reason: 'held by carl since 2026-11-17: crashes',
    });
    const other = { ...hold, version: version('126.0') };
    expect(decide('2026-11-23', {}, { testing, hold: other }).step).toBe('propose');
  });

  it('that somebody has stopped in Jamf is not proposed', () => {
    const disabled = { test: { enabled: false, target: version('127.0') } };
    expect(decide('2026-11-23', {}, { testing }, disabled)).toMatchObject({
      step: 'held-in-jamf',
      sign: 'test policy disabled',
    });
  });

  it('must pass its gate: red and unknown are both no', () => {
    const gate = { installs: 3, failures: 1 };
    expect(decide('2026-11-23', { gate }, { testing }, counted(5, 2))).toMatchObject({
      step: 'gate-red',
      reason: 'the test ring fails its gate: 5 installed, 2 failed; at most 1 may fail',
    });
    expect(decide('2026-11-23', { gate }, { testing }, counted(2, 0)).step).toBe('gate-unknown');
    expect(decide('2026-11-23', { gate }, { testing }, jamf).step).toBe('gate-unknown');
    expect(decide('2026-11-23', { gate }, { testing }, counted(3, 1)).step).toBe('propose');
  });

  it('has no gate but that of its own counts: what Jamf counted of another version is not its', () => {
    const other = counted(50, 0);
    const facts: JamfFacts = {
      test: { ...other.test, enabled: true, target: version('126.0') },
    };
    expect(decide('2026-11-23', { gate: { installs: 3 } }, { testing }, facts).step).not.toBe(
      'propose',
    );
  });

  it('is not proposed in a freeze', () => {
    const freezes = [{ from: day('2026-11-23'), to: day('2026-11-27'), reason: 'quarter end' }];
    expect(decide('2026-11-23', { freezes })).toMatchObject({
      step: 'frozen',
      reason: 'nothing is promoted through 2026-11-27: quarter end',
    });
    expect(decide('2026-11-28', { freezes }).step).toBe('propose');
  });

  it('soaks no working day in a freeze', () => {
    const freezes = [{ from: day('2026-11-18'), to: day('2026-11-19'), reason: 'audit' }];
    const soak = { days: 3, kind: 'working days' } as const;
    expect(decide('2026-11-20', { freezes, soak }).step).toBe('soak');
    expect(decide('2026-11-21', { freezes, soak }).step).toBe('propose');
  });
});

it('a title without anything in test has nothing to propose', () => {
  expect(decide('2026-11-23', {}, {})).toEqual({ step: 'idle', reason: 'nothing is in test' });
});
