import { afterEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { reconcile } from '../../src/stages/reconcile.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet } from '../simulators/fleet.ts';
import {
  type CompanyTitle,
  later,
  monday,
  openRequest,
  policyOf,
  release,
  startCompany,
  stateOnMain,
} from './company.ts';

const firefox: CompanyTitle = { slug: 'firefox', name: 'Mozilla Firefox' };
let fleet: Fleet;

afterEach(async () => {
  expect(fleet.jamf.violations).toEqual([]);
  await fleet.close();
});

/** A company whose Firefox 2.0 is in production, and 3.0 in test. */
async function company(): Promise<void> {
  fleet = await startCompany([firefox]);
  await release(fleet, firefox, '2.0');
  for (const stage of [build, test]) await fleet.run(stage);
  fleet.now = later(monday, 7, 4);
  await fleet.run(propose);
  await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
  await fleet.run(promote);
  fleet.now = later(monday, 8);
  await release(fleet, firefox, '3.0');
  for (const stage of [build, test]) await fleet.run(stage);
  fleet.jamf.resetCounts();
}

const look = () => fleet.run((run) => reconcile(run, { repair: false }));
const repair = () => fleet.run((run) => reconcile(run, { repair: true }));
const said = (outcome: Outcome) =>
  outcome.rows.filter(({ did }) => did === 'warned').map(({ text }) => text);

describe('reconcile', () => {
  it('has nothing to say when Jamf has what main says', async () => {
    await company();
    const outcome = await look();
    expect(outcome.failures).toEqual([]);
    expect(said(outcome)).toEqual([]);
  });

  it('says what somebody changed by hand, changes nothing, and puts it back when asked', async () => {
    await company();
    fleet.jamf.setTarget('Mozilla Firefox Stable', '1.0');
    fleet.jamf.disablePolicy('Mozilla Firefox Stable');
    fleet.jamf.setTarget('Mozilla Firefox Test', '1.0');
    for (const policy of fleet.jamf.world.policies.values()) policy.packages = [];

    const outcome = await look();
    expect(said(outcome)).toEqual([
      expect.stringContaining('"Mozilla Firefox Stable": main says enabled, Jamf Pro has disabled'),
      expect.stringContaining('main says targets 2.0, Jamf Pro has targets 1.0'),
      expect.stringContaining(
        '"Mozilla Firefox Test": main says targets 3.0, Jamf Pro has targets 1.0',
      ),
      expect.stringContaining('"Install Mozilla Firefox": main says installs'),
    ]);
    expect(fleet.jamf.writes).toBe(0);
    const issue = () => fleet.github.issues.find(({ title }) => title.includes('differs'));
    expect(issue()).toMatchObject({ state: 'open', labels: ['jamf differences'] });
    expect(issue()?.body).toContain('Mozilla Firefox Stable');
    fleet.github.resetCounts();
    await look();
    expect(fleet.github.writes).toBe(0);

    const repaired = await repair();
    expect(repaired.failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable')).toMatchObject({
      enabled: true,
      targetVersion: '2.0',
    });
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toMatchObject({
      enabled: true,
      targetVersion: '3.0',
    });
    expect(said(await look())).toEqual([]);
    expect(issue()?.state).toBe('closed');
  });

  it('says which package is gone, and that a person must look', async () => {
    await company();
    const file = (await stateOnMain(fleet, 'firefox')).production?.package.file ?? '';
    fleet.jamf.deletePackage(file);
    const [first] = said(await look());
    expect(first).toMatch(/package firefox-2\.0\.pkg: .*no such package.*look who and why/);
  });

  it('leaves alone what is approved and waits for its window, and what is held in Jamf', async () => {
    await company();
    fleet.jamf.clearDescription('Mozilla Firefox Test');
    fleet.now = later(monday, 15, 4);
    expect(said(await look())).toEqual([]);
    const before = policyOf(fleet, 'Mozilla Firefox Test');
    await repair();
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toEqual(before);
  });
});
