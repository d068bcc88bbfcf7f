import { afterEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { cleanup } from '../../src/stages/cleanup.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet } from '../simulators/fleet.ts';
import {
  type CompanyTitle,
  later,
  openRequest,
  release,
  startCompany,
  stateOnMain,
} from './company.ts';

const firefox: CompanyTitle = {
  slug: 'firefox',
  name: 'Mozilla Firefox',
  more: 'keep: { versions: 1, days: 10 }\n',
};
let fleet: Fleet;

afterEach(async () => {
  expect(fleet.jamf.violations).toEqual([]);
  await fleet.close();
});

/** Brings versions to the fleet, one after the other, a week apart. */
async function bring(...versions: readonly string[]): Promise<void> {
  for (const version of versions) {
    await release(fleet, firefox, version);
    for (const stage of [build, test]) expect((await fleet.run(stage)).failures).toEqual([]);
    fleet.now = later(fleet.now, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    expect((await fleet.run(promote)).failures).toEqual([]);
    fleet.now = later(fleet.now, 0, -4);
  }
}

const files = () => [...fleet.jamf.world.packages.values()].map(({ record }) => record.fileName);
const look = () => fleet.run((run) => cleanup(run, { really: false }));
const clean = () => fleet.run((run) => cleanup(run, { really: true }));
const said = ({ rows }: Outcome) => rows.map(({ text }) => text).join('\n');

describe('cleanup', () => {
  it('deletes what was replaced long ago and nothing uses, once, and only when asked to', async () => {
    fleet = await startCompany([firefox]);
    await bring('2.0', '3.0', '4.0', '5.0');
    fleet.now = later(fleet.now, 30);
    const before = files();

    const would = await look();
    expect(would.failures).toEqual([]);
    expect(said(would)).toMatch(/firefox-2\.0\.pkg \(id 1\) would be deleted/);
    expect(files()).toEqual(before);

    expect((await clean()).failures).toEqual([]);
    // What is in production, and what was before: a rollback needs it.
    expect(files()).toEqual(['firefox-4.0.pkg', 'firefox-5.0.pkg']);
    const older = (await stateOnMain(fleet, 'firefox')).older ?? [];
    expect(older.map((one) => one.package.file)).not.toContain('firefox-2.0.pkg');

    fleet.jamf.resetCounts();
    fleet.github.resetCounts();
    await clean();
    expect([fleet.jamf.writes, fleet.github.writes]).toEqual([0, 0]);
  });

  it.each(['a policy', 'a PreStage', 'another patch title'] as const)(
    'never deletes what %s still uses',
    async (who) => {
      fleet = await startCompany([firefox, { slug: 'slack', name: 'Slack' }]);
      await bring('2.0', '3.0', '4.0', '5.0');
      fleet.now = later(fleet.now, 30);
      const { world } = fleet.jamf;
      const [id = ''] = world.packages.keys();
      const entry = { id, action: 'Install', fut: 'false', feu: 'false', updateAutorun: 'false' };
      for (const policy of world.policies.values())
        if (who === 'a policy' && String(policy.sections['general']?.['name']).endsWith('Slack'))
          policy.packages = [entry];
      if (who === 'a PreStage')
        world.preStages.set('1', { id: '1', name: 'Everybody', packages: [id] });
      for (const title of world.titles.values())
        if (who === 'another patch title' && title.displayName === 'Slack')
          title.links.push({ packageId: id, version: '1.0' });

      const outcome = await clean();
      expect(outcome.failures).toEqual([]);
      expect(said(outcome)).toMatch(/firefox-2\.0\.pkg \(id 1\) stays: Jamf Pro uses it in/);
      expect(files()).toContain('firefox-2.0.pkg');
    },
  );

  it('deletes nothing when Jamf does not say all that uses a package', async () => {
    fleet = await startCompany([firefox]);
    await bring('2.0', '3.0', '4.0', '5.0');
    fleet.now = later(fleet.now, 30);
    const before = files();
    fleet.jamf.faults.next({ kind: 'status', status: 403, path: /computer-prestages/ });
    await expect(clean()).rejects.toThrow(/PreStage/);
    expect(files()).toEqual(before);
  });
});
