import { afterEach, describe, expect, it } from 'vitest';
import type { Fleet } from '../simulators/fleet.ts';
import { type CompanyTitle, policyOf, release, startCompany, three } from './company.ts';

let fleet: Fleet;

afterEach(async () => {
  expect(fleet.jamf.violations).toEqual([]);
  await fleet.close();
});

describe('a daily run with three broken titles', () => {
  it('moves all the others, says once what is wrong with each of the three, and fails', async () => {
    const broken: CompanyTitle = {
      slug: 'broken-file',
      name: 'Broken File',
      more: 'saok: 3 days\n',
    };
    const failing: CompanyTitle = { slug: 'failing', name: 'Failing App' };
    fleet = await startCompany([...three, broken, failing], {
      files: {
        'recipes/titles/unknown.yaml': 'recipe: unknown.pkg\npatch: Unknown App\ncategory: Apps\n',
      },
    });
    for (const title of [...three, broken]) await release(fleet, title, '2.0');
    await fleet.autopkg.release('unknown.pkg', '2.0');
    await fleet.autopkg.release('failing.pkg', '2.0');
    await fleet.autopkg.fail('failing.pkg', 'not-found');

    const built = await fleet.action('build');
    const tested = await fleet.action('test', { told: built.outputs['failed'] ?? '' });

    for (const { name } of three)
      expect(policyOf(fleet, `${name} Test`)).toMatchObject({
        enabled: true,
        targetVersion: '2.0',
      });
    expect([built.exitCode, tested.exitCode]).toEqual([1, 1]);
    const errors = [...built.annotations, ...tested.annotations].filter(
      ({ level }) => level === 'error',
    );
    expect(errors.map(({ properties }) => properties['title']).toSorted()).toEqual([
      'Failing App',
      'Unknown App',
      'broken-file',
    ]);
    const said = (title: string) => errors.find(({ properties }) => properties['title'] === title);
    expect(said('broken-file')?.message).toContain('unknown key "saok": did you mean "soak"?');
    expect(said('broken-file')?.properties).toMatchObject({
      file: 'recipes/titles/broken-file.yaml',
      line: '4',
      col: '1',
    });
    expect(said('Unknown App')?.message).toContain('Jamf Pro has no patch title "Unknown App"');
    expect(said('Failing App')?.message).toMatch(/recipe failing\.pkg: download failed.*404/);
    expect(built.outputs['moved']?.split(',').toSorted()).toEqual([
      'firefox',
      'slack',
      'unknown',
      'zoom',
    ]);
    expect(built.summary).toContain('Failing App');
  });
});
