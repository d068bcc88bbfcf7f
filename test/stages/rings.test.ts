import { afterEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
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
  statusOf,
} from './company.ts';

const firefox: CompanyTitle = { slug: 'firefox', name: 'Mozilla Firefox' };
let fleet: Fleet;

afterEach(() => fleet.close());

/** Whether a patch policy offers a version. */
function offers(policy: string): string | undefined {
  const { enabled, targetVersion } = policyOf(fleet, `Mozilla Firefox ${policy}`);
  return enabled ? targetVersion : undefined;
}

const morning = async () => {
  for (const stage of [build, test, propose]) expect((await fleet.run(stage)).failures).toEqual([]);
};

describe('a title with two test rings', () => {
  it('goes to one after the other, each for its soak, and then to everybody', async () => {
    fleet = await startCompany([], {
      files: {
        'recipes/titles/firefox.yaml':
          'recipe: firefox.pkg\npatch: Mozilla Firefox\ncategory: Apps\nrings: [pilot 2 days, early 5 days]\n',
      },
    });
    fleet.jamf.addTitle({
      name: firefox.name,
      policies: { test: ['Mozilla Firefox Pilot', 'Mozilla Firefox Early'] },
    });
    await release(fleet, firefox, '2.0');
    await morning();
    expect([offers('Pilot'), offers('Early')]).toEqual(['2.0', undefined]);

    fleet.now = later(monday, 1);
    await morning();
    expect(offers('Early')).toBeUndefined();

    fleet.now = later(monday, 2);
    await morning();
    expect([offers('Pilot'), offers('Early')]).toEqual(['2.0', '2.0']);
    const { testing } = await stateOnMain(fleet, 'firefox');
    expect([...(testing?.rings ?? [])].map(([ring, since]) => `${ring} ${since}`)).toEqual([
      'pilot 2026-09-07',
      'early 2026-09-09',
    ]);
    expect((await statusOf(fleet, 'firefox')).reason).toContain('2026-09-14');

    fleet.now = later(monday, 7, 4);
    await morning();
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    expect((await fleet.run(promote)).failures).toEqual([]);
    expect([offers('Pilot'), offers('Early'), offers('Stable')]).toEqual([
      undefined,
      undefined,
      '2.0',
    ]);
    expect(fleet.jamf.violations).toEqual([]);
  });
});
