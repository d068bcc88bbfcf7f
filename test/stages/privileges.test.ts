import { expect, it } from 'vitest';
import { type Asker, leastPrivileges } from '../../src/jamf/privileges.ts';
import { build } from '../../src/stages/build.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { reconcile } from '../../src/stages/reconcile.ts';
import type { Run } from '../../src/stages/run.ts';
import { test } from '../../src/stages/test.ts';
import { later, monday, openRequest, release, startCompany } from './company.ts';

it('every stage does its work with no more than its least privileges', {
  timeout: 120_000,
}, async () => {
  const firefox = { slug: 'firefox', name: 'Mozilla Firefox' };
  const fleet = await startCompany([firefox]);
  const run = async (asker: Asker, stage: (run: Run) => Promise<Outcome>) => {
    fleet.jamf.simulation.options.privileges = leastPrivileges([asker]);
    const outcome = await fleet.run(stage);
    expect(outcome.failures, asker).toEqual([]);
    return outcome;
  };
  try {
    await release(fleet, firefox, '127.0');
    expect((await run('build', build)).movedTitles).toEqual(['firefox']);
    expect((await run('test', test)).movedTitles).toEqual(['firefox']);
    fleet.now = later(monday, 8, 6);
    expect((await run('propose', propose)).movedTitles).toEqual(['firefox']);
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    expect((await run('promote', promote)).movedTitles).toEqual(['firefox']);
    fleet.jamf.setTarget('Mozilla Firefox Stable', '1.0');
    await run('reconcile', (all) => reconcile(all, { repair: true }));
    expect(fleet.jamf.violations).toEqual([]);
  } finally {
    await fleet.close();
  }
});
