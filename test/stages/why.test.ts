import { expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { test } from '../../src/stages/test.ts';
import { explain, foresee } from '../../src/stages/why.ts';
import { later, monday, release, startCompany, three } from './company.ts';

it('what titles wait for is told in sentences, and the coming promotions by date', async () => {
  const fleet = await startCompany(three);
  try {
    const [firefox, slack] = three;
    if (!firefox || !slack) throw new Error('three titles were asked for');
    await release(fleet, slack, '2.0');
    for (const stage of [build, test]) await fleet.run(stage);
    fleet.now = later(monday, 2);
    await release(fleet, firefox, '3.0');
    await fleet.run(build);
    fleet.jamf.resetCounts();

    const told = await fleet.run(explain, { titles: ['slack'], dryRun: true });
    expect(told.rows.map(({ text }) => text)).toEqual([
      'The fleet is offered nothing by PatchBot yet.',
      '2.0 is in test since 2026-09-07.',
      'Next: soaking until 2026-09-14, 2 of 7 days done.',
      'Besides, window: opens 2026-09-09 at 08:00; a merge waits until then.',
      'To hurry it: an emergency (patchbot emergency slack), which skips the soak.',
      '2.0 reaches the fleet on 2026-09-14 at 08:00, if it is approved by then.',
    ]);

    const coming = await fleet.run(foresee, { dryRun: true });
    expect(coming.rows.map(({ slug, text }) => `${slug}: ${text}`)).toEqual([
      'slack: 2026-09-14 at 08:00, needs approval',
      'firefox: 2026-09-16 at 08:00, needs approval',
      'zoom: AutoPkg has not built a package of it yet',
    ]);
    expect(fleet.jamf.writes).toBe(0);
  } finally {
    await fleet.close();
  }
});
