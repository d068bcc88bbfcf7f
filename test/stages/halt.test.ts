import { afterEach, describe, expect, it } from 'vitest';
import { version } from '../../src/lifecycle/version.ts';
import { build } from '../../src/stages/build.ts';
import { hold, release as lift } from '../../src/stages/hold.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { policyOf, release, startCompany, statusOf, three } from './company.ts';

let fleet: Fleet;

afterEach(() => fleet.close());

describe('a hold of all titles', () => {
  it('is one switch under which nothing moves, until somebody lets everything move again', async () => {
    fleet = await startCompany(three);
    for (const title of three) await release(fleet, title, '2.0');
    await fleet.run(build);
    const all = { titles: ['all'], actor: 'anna' };
    const stop = () => fleet.run((run) => hold(run, { reason: 'the network is down' }), all);
    expect((await stop()).rows.map(({ text }) => text)).toEqual([
      'all titles are stopped: the network is down, says anna',
    ]);
    expect((await fleet.github.files())['recipes/patchbot.yaml']).toContain(
      'halt: the network is down',
    );
    expect(await fleet.github.log()).toContain('halt: stop everything: the network is down');
    expect((await stop()).movedTitles).toEqual([]);

    await fleet.run(test);
    for (const { name } of three) expect(policyOf(fleet, `${name} Test`).enabled).toBe(false);
    expect((await statusOf(fleet, 'zoom')).reason).toContain('the network is down');

    await fleet.run(lift, all);
    await fleet.run(test);
    for (const { name } of three) expect(policyOf(fleet, `${name} Test`).enabled).toBe(true);
  });

  it('is for no version and no day', async () => {
    fleet = await startCompany(three);
    await expect(
      fleet.run((run) => hold(run, { reason: 'x', version: version('2.0') }), { titles: ['all'] }),
    ).rejects.toThrow(/leave out the version and the day/);
  });
});
