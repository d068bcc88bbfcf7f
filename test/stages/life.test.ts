import { afterEach, describe, expect, it } from 'vitest';
import { version } from '../../src/lifecycle/version.ts';
import { build } from '../../src/stages/build.ts';
import { emergency } from '../../src/stages/emergency.ts';
import { hold, release as lift } from '../../src/stages/hold.ts';
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
const fleets: Fleet[] = [];

afterEach(async () => {
  for (const fleet of fleets.splice(0)) {
    expect(fleet.jamf.violations).toEqual([]);
    expect(fleet.github.unknown).toEqual([]);
    expect(fleet.webhooks.refused).toEqual([]);
    await fleet.close();
  }
});

async function company(
  titles: readonly CompanyTitle[] = [firefox],
  options: Parameters<typeof startCompany>[1] = {},
): Promise<Fleet> {
  const fleet = await startCompany(titles, options);
  fleets.push(fleet);
  return fleet;
}

/** One morning: build, then test. */
async function morning(fleet: Fleet): Promise<void> {
  for (const stage of [build, test]) expect((await fleet.run(stage)).failures).toEqual([]);
}

/** From a release to the merge of its promotion request and Jamf's doing. */
async function bring(fleet: Fleet, title: CompanyTitle, to: string): Promise<number> {
  await release(fleet, title, to);
  await morning(fleet);
  fleet.now = later(fleet.now, 7, 4);
  expect((await fleet.run(propose)).failures).toEqual([]);
  const request = openRequest(fleet, title.slug);
  await fleet.github.people.merge(request, 'anna');
  expect((await fleet.run(promote)).failures).toEqual([]);
  return request;
}

describe('the life of a version', () => {
  it('goes from its release over test, soak and approval to the whole fleet', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');

    await morning(fleet);
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toMatchObject({
      enabled: true,
      targetVersion: '127.0',
      description: 'Update Mozilla Firefox (2026-09-07)',
    });
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
    expect(String((await stateOnMain(fleet, 'firefox')).testing?.since)).toBe('2026-09-07');

    fleet.now = later(monday, 6, 4);
    await fleet.run(propose);
    expect(fleet.github.pulls).toEqual([]);
    expect((await statusOf(fleet, 'firefox')).reason).toMatch(
      /soaking until 2026-09-14, 6 of 7 days done/,
    );

    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    const [request] = fleet.github.pulls;
    expect(request?.title).toContain('127.0');
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);

    await fleet.github.people.merge(1, 'anna');
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable')).toMatchObject({
      enabled: true,
      targetVersion: '127.0',
    });
    expect(policyOf(fleet, 'Mozilla Firefox Test').enabled).toBe(false);
    expect(await statusOf(fleet, 'firefox')).toMatchObject({
      production: '127.0',
      testing: '127.0',
      step: 'idle',
    });
    expect(fleet.github.deployments).toHaveLength(1);
    expect(fleet.webhooks.messages.map(({ channel }) => channel)).toEqual([
      'admins',
      'testers',
      'admins',
      'everyone',
    ]);
  });

  it('can be read in the git log, with who asked', async () => {
    const fleet = await company();
    await bring(fleet, firefox, '127.0');

    expect(await fleet.github.log()).toEqual([
      'promote: Mozilla Firefox: 127.0 is in production',
      expect.stringMatching(/^Merge pull request #1 /),
      expect.stringMatching(/promote Mozilla Firefox 127.0/i),
      'test: Mozilla Firefox: 127.0 is in test',
      'build: Mozilla Firefox: 127.0 is built',
      expect.any(String),
    ]);
  });

  it('waits for a late patch definition, each day, and then begins', async () => {
    const fleet = await company();
    await fleet.autopkg.release('firefox.pkg', '127.0');
    await morning(fleet);
    expect((await statusOf(fleet, 'firefox')).step).toBe('wait-for-definition');
    expect(policyOf(fleet, 'Mozilla Firefox Test').targetVersion).not.toBe('127.0');

    fleet.now = later(monday, 2);
    fleet.jamf.addDefinition(firefox.name, {
      version: '127.0',
      releaseDate: '2026-09-09 00:00:00',
    });
    await morning(fleet);
    expect(String((await stateOnMain(fleet, 'firefox')).testing?.since)).toBe('2026-09-09');
  });

  it('is merged in the evening, and offered when the window opens', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    fleet.now = '2026-09-17T17:00:00Z';
    await fleet.github.people.merge(1, 'anna');
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
    expect((await statusOf(fleet, 'firefox')).reason).toContain('2026-09-21 at 08:00');

    fleet.now = '2026-09-21T06:05:00Z';
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(true);
  });

  it('merges its own request where the title is approved automatically', async () => {
    const vlc: CompanyTitle = { slug: 'vlc', name: 'VLC media player', more: 'approval: auto\n' };
    const fleet = await company([vlc]);
    await release(fleet, vlc, '3.0.24');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    expect(fleet.github.pull(1)).toMatchObject({ merged: true, merged_by: 'patchbot[bot]' });
    await fleet.run(promote);
    expect((await statusOf(fleet, 'vlc')).production).toBe('3.0.24');
  });

  it('needs no patch title: then its install policy alone is moved', async () => {
    const fleet = await company([{ slug: 'jq', name: 'jq', more: 'name: jq\n', patch: 'none' }]);
    await fleet.autopkg.release('jq.pkg', '1.8.1');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.merge(1, 'anna');
    expect((await fleet.run(promote)).failures).toEqual([]);
    const file = (await stateOnMain(fleet, 'jq')).package?.file ?? '';
    expect(JSON.stringify(fleet.jamf.snapshot())).toContain(file);
    expect((await statusOf(fleet, 'jq')).production).toBe('1.8.1');
  });

  it('keeps brackets and spaces of a version all the way', async () => {
    const zoom: CompanyTitle = { slug: 'zoom', name: 'Zoom' };
    const fleet = await company([zoom]);
    await bring(fleet, zoom, '6.4.12 (56699)');
    expect(policyOf(fleet, 'Zoom Stable').targetVersion).toBe('6.4.12 (56699)');
    expect((await statusOf(fleet, 'zoom')).production).toBe('6.4.12 (56699)');
  });
});

describe('a newer version', () => {
  it('waits its turn until the one in test has reached the fleet', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 2);
    await release(fleet, firefox, '128.0');
    await morning(fleet);
    expect(policyOf(fleet, 'Mozilla Firefox Test').targetVersion).toBe('127.0');

    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.merge(1, 'anna');
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion).toBe('127.0');

    fleet.now = later(monday, 8);
    await morning(fleet);
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toMatchObject({
      enabled: true,
      targetVersion: '128.0',
    });
    expect(String((await stateOnMain(fleet, 'firefox')).testing?.since)).toBe('2026-09-15');
  });

  it('takes the place of one that is held, and its own clock starts', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    await fleet.run((run) => hold(run, { version: version('127.0'), reason: 'crashes' }), {
      titles: ['firefox'],
      actor: 'carl',
    });
    fleet.now = later(monday, 3);
    await release(fleet, firefox, '127.0.1');
    await morning(fleet);
    expect(policyOf(fleet, 'Mozilla Firefox Test').targetVersion).toBe('127.0.1');
    expect(String((await stateOnMain(fleet, 'firefox')).testing?.since)).toBe('2026-09-10');
  });
});

describe('a hold', () => {
  it('stops a version until somebody releases it', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    await fleet.run((run) => hold(run, { reason: 'printing is broken' }), {
      titles: ['firefox'],
      actor: 'carl',
    });
    fleet.now = later(monday, 8, 4);
    await fleet.run(propose);
    expect(fleet.github.pulls).toEqual([]);
    expect((await statusOf(fleet, 'firefox')).reason).toBe(
      'held by carl since 2026-09-07: printing is broken',
    );

    await fleet.run(lift, { titles: ['firefox'], actor: 'carl' });
    await fleet.run(propose);
    expect(fleet.github.pulls).toHaveLength(1);
  });

  it('that was placed after the merge keeps the version from the fleet', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.run((run) => hold(run, { reason: 'wait' }), { titles: ['firefox'], actor: 'bea' });
    await fleet.github.people.merge(1, 'anna');
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
  });

  it.each([
    ['clears the description of the test policy', 'description was cleared'],
    ['disables the test policy', 'test patch policy was disabled'],
  ])('is placed when somebody %s in Jamf', async (what, reason) => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    if (what.startsWith('clears')) fleet.jamf.clearDescription('Mozilla Firefox Test');
    else fleet.jamf.disablePolicy('Mozilla Firefox Test');
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    expect(fleet.github.pulls).toEqual([]);
    expect((await statusOf(fleet, 'firefox')).hold).toContain(reason);

    await fleet.run(lift, { titles: ['firefox'], actor: 'anna' });
    expect(policyOf(fleet, 'Mozilla Firefox Test')).toMatchObject({
      enabled: true,
      description: 'Update Mozilla Firefox (2026-09-07)',
    });
    await fleet.run(propose);
    expect(fleet.github.pulls).toHaveLength(1);
  });

  it('comes of a request that somebody closes unmerged, in their name, and is not asked again', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.close(1, 'bea');
    fleet.now = later(monday, 8, 4);
    await fleet.run(propose);
    expect((await stateOnMain(fleet, 'firefox')).holds?.[0]?.by).toBe('bea');
    await fleet.run(propose);
    expect(fleet.github.pulls).toHaveLength(1);
  });
});

describe('a rollback', () => {
  it('is the revert of the merged request: Jamf goes back, and the version is held', async () => {
    const fleet = await company();
    await bring(fleet, firefox, '127.0');
    const request = await bring(fleet, firefox, '128.0');
    expect(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion).toBe('128.0');

    const revert = await fleet.github.people.revert(request, 'bea');
    await fleet.github.people.merge(revert, 'bea');
    // At night: a rollback waits for no window.
    fleet.now = later(fleet.now, 0, 14);
    expect((await fleet.run(promote, { actor: 'bea' })).failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable')).toMatchObject({
      enabled: true,
      targetVersion: '127.0',
      allowDowngrade: true,
    });
    expect(await statusOf(fleet, 'firefox')).toMatchObject({
      production: '127.0',
      hold: 'rolled back to 127.0',
    });

    fleet.now = later(fleet.now, 3);
    await morning(fleet);
    await fleet.run(propose);
    expect(fleet.github.pulls.filter(({ state }) => state === 'open')).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Test').enabled).toBe(false);
  });

  it('of an approval that has not reached the fleet yet is a no to its version', async () => {
    const fleet = await company();
    await bring(fleet, firefox, '127.0');
    await release(fleet, firefox, '128.0');
    await morning(fleet);
    fleet.now = later(fleet.now, 7, 0);
    await fleet.run(propose);
    const request = openRequest(fleet, 'firefox');
    // In the evening, when the window is closed.
    fleet.now = later(fleet.now, 0, 9);
    await fleet.github.people.merge(request, 'anna');
    await fleet.run(promote);
    const revert = await fleet.github.people.revert(request, 'bea');
    await fleet.github.people.merge(revert, 'bea');
    fleet.now = later(fleet.now, 1, -9);
    for (const stage of [promote, propose, propose])
      expect((await fleet.run(stage)).failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion).toBe('127.0');
    expect(fleet.github.pulls.filter(({ state }) => state === 'open')).toEqual([]);
    expect((await statusOf(fleet, 'firefox')).hold).toBe(`declined in #${request}`);
  });

  it('of the very first promotion offers nothing any more', async () => {
    const fleet = await company();
    const request = await bring(fleet, firefox, '127.0');
    const revert = await fleet.github.people.revert(request, 'bea');
    await fleet.github.people.merge(revert, 'bea');
    await fleet.run(promote, { actor: 'bea' });
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
    expect((await statusOf(fleet, 'firefox')).hold).toBe('its promotion was reverted');
  });
});

describe('an emergency', () => {
  it('reaches the fleet on a Friday evening, without soak, and says that it was one', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = '2026-09-11T18:00:00Z';
    await release(fleet, firefox, '127.0.1');
    const who = { titles: ['firefox'], actor: 'anna' };
    await fleet.run(build, who);
    await fleet.run((run) => emergency(run, { reason: 'CVE-2026-1', mode: 'direct' }), who);
    expect((await fleet.run(promote, who)).failures).toEqual([]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion).toBe('127.0.1');
    expect(policyOf(fleet, 'Mozilla Firefox Test').enabled).toBe(false);
    expect((await stateOnMain(fleet, 'firefox')).production?.emergency).toEqual({
      by: 'anna',
      reason: 'CVE-2026-1',
    });
    expect(JSON.stringify(fleet.webhooks.messages)).toContain('EMERGENCY by anna');
  });

  it('asks for a merge when it is to be approved by somebody else', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    await fleet.run((run) => emergency(run, { reason: 'CVE-2026-1', mode: 'pull-request' }), {
      titles: ['firefox'],
      actor: 'anna',
    });
    const number = openRequest(fleet, 'firefox');
    expect(fleet.github.pull(number).labels).toContain('emergency');
    await fleet.github.people.merge(number, 'bea');
    fleet.now = '2026-09-11T18:00:00Z';
    await fleet.run(promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion).toBe('127.0');
  });

  it('does not skip a hold', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    const who = { titles: ['firefox'], actor: 'anna' };
    await fleet.run((run) => hold(run, { reason: 'wipes disks' }), who);
    const outcome = await fleet.run(
      (run) => emergency(run, { reason: 'CVE', mode: 'direct' }),
      who,
    );
    expect(outcome.failures[0]?.message).toMatch(/held by anna.*release it first/);
    expect((await statusOf(fleet, 'firefox')).production).toBeUndefined();
  });
});

describe('what was approved', () => {
  it('is not offered when somebody has changed the package in Jamf meanwhile', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    await fleet.github.people.merge(1, 'anna');
    const file = (await stateOnMain(fleet, 'firefox')).package?.file ?? '';
    fleet.jamf.deletePackage(file);
    const outcome = await fleet.run(promote);
    expect(outcome.failures[0]?.message).toMatch(/no longer in Jamf Pro/);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
    expect(fleet.github.deployments).toHaveLength(1);
  });

  it('is told when somebody changes the production policy by hand, and left alone', async () => {
    const fleet = await company();
    await bring(fleet, firefox, '127.0');
    fleet.jamf.setTarget('Mozilla Firefox Stable', '1.0');
    fleet.jamf.resetCounts();
    const outcome = await fleet.run(promote);
    expect(outcome.rows[0]).toMatchObject({ did: 'warned' });
    expect(outcome.rows[0]?.text).toMatch(/targets 1\.0 in Jamf Pro, but main says 127\.0/);
    expect(fleet.jamf.writes).toBe(0);
  });
});

describe('a dry run', () => {
  it('of every stage says what would be done, and changes nothing', async () => {
    const fleet = await company();
    await release(fleet, firefox, '127.0');
    await morning(fleet);
    fleet.now = later(monday, 7, 4);
    fleet.jamf.resetCounts();
    fleet.github.resetCounts();
    const told = fleet.webhooks.messages.length;
    const dry = { dryRun: true, titles: ['firefox'], actor: 'anna' };
    for (const stage of [build, propose, promote, lift]) await fleet.run(stage, dry);
    await fleet.run((run) => hold(run, { reason: 'x' }), dry);
    await fleet.run((run) => emergency(run, { reason: 'x', mode: 'direct' }), dry);
    const proposed = await fleet.run(propose, dry);
    expect(proposed.rows[0]).toMatchObject({ did: 'would' });
    expect([fleet.jamf.writes, fleet.github.writes]).toEqual([0, 0]);
    expect(fleet.webhooks.messages).toHaveLength(told);
  });
});
