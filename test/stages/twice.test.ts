import { afterEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { emergency } from '../../src/stages/emergency.ts';
import { hold, release as lift } from '../../src/stages/hold.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import type { Run } from '../../src/stages/run.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet, RunOptions } from '../simulators/fleet.ts';
import { later, monday, release, startCompany, three } from './company.ts';

let fleet: Fleet;

afterEach(() => fleet.close());

/** Runs a stage twice; the first must have written, the second must not, nor say a word. */
async function twice(
  stage: (run: Run) => Promise<Outcome>,
  options: RunOptions = {},
): Promise<void> {
  const writes = () => fleet.jamf.writes + fleet.github.writes;
  const before = writes();
  const first = await fleet.run(stage, options);
  expect(first.failures).toEqual([]);
  expect(writes()).toBeGreaterThan(before);

  fleet.jamf.resetCounts();
  fleet.github.resetCounts();
  fleet.webhooks.resetCounts();
  const second = await fleet.run(stage, options);
  expect(second.failures).toEqual([]);
  expect(second.movedTitles).toEqual([]);
  expect({
    jamf: fleet.jamf.writes,
    github: fleet.github.writes,
    messages: fleet.webhooks.writes,
  }).toEqual({ jamf: 0, github: 0, messages: 0 });
}

describe('a stage that runs twice in a row', () => {
  it('writes nothing to Jamf, to GitHub or to anybody the second time', async () => {
    fleet = await startCompany(three);
    for (const title of three) await release(fleet, title, '2.0');
    const one = { titles: ['zoom'], actor: 'anna' };

    await twice(build);
    await twice(test);
    await twice((run) => hold(run, { reason: 'no sound' }), one);
    await twice(lift, one);
    await twice((run) => emergency(run, { reason: 'CVE', mode: 'pull-request' }), one);
    await twice((run) => emergency(run, { reason: 'CVE', mode: 'direct' }), one);

    fleet.now = later(monday, 7, 4);
    await twice(propose);
    const [first, second, ...others] = fleet.github.pulls.filter(({ state }) => state === 'open');
    if (!first || !second) throw new Error('there must be two requests');
    expect(others).toEqual([]);
    await fleet.github.people.close(second.number, 'bea');
    await twice(propose);
    await fleet.github.people.merge(first.number, 'anna');
    await twice(promote);

    const revert = await fleet.github.people.revert(first.number, 'bea');
    await fleet.github.people.merge(revert, 'bea');
    await twice(promote);
  });
});
