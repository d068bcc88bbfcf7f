import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { propose } from '../../src/stages/propose.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet } from '../simulators/fleet.ts';
import {
  later,
  monday,
  openRequest,
  policyOf,
  release,
  startCompany,
  stateOnMain,
  three,
} from './company.ts';

/*
 * Real processes at the same moment. The workflows' own `concurrency` keeps them apart; this is what
 * happens where it does not: a person at a terminal, a second runner, a fork of the schedule.
 */

const [firefox, slack] = three as [(typeof three)[0] & object, (typeof three)[0] & object];

let fleet: Fleet;
afterEach(async () => {
  expect(fleet.jamf.violations).toEqual([]);
  await fleet.close();
});

/** A verb with its arguments, and what is special about where it runs. */
type Started = readonly [args: readonly string[], environment?: Readonly<Record<string, string>>];

/** Runs verbs at the same moment, each as a process of its own. @returns what each said, when it failed. */
async function atOnce(...started: readonly Started[]): Promise<readonly string[]> {
  const children = [];
  for (const one of started) children.push(await fleet.spawn(...one));
  return Promise.all(
    children.map(async (child, index) => {
      let said = '';
      const hear = (chunk: unknown) => {
        said += String(chunk);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      const [code] = await once(child, 'close');
      return code === 0 ? 'well' : `${started[index]?.[0].join(' ')}: ${said}`;
    }),
  );
}

/** New versions of the first two titles, built and as far as `stages` take them. */
async function prepared(...stages: readonly (typeof build)[]): Promise<void> {
  fleet = await startCompany(three);
  for (const title of [firefox, slack]) await release(fleet, title, '2.0');
  for (const stage of stages) expect((await fleet.run(stage)).failures).toEqual([]);
}

/** How often each file is a package in Jamf Pro. */
function packages(): string[] {
  return [...fleet.jamf.world.packages.values()].map(({ record }) => record.fileName).sort();
}

describe('two runs of a stage at the same moment', { timeout: 120_000 }, () => {
  it.each([
    ['on one machine', false],
    ['on two', true],
  ])('build %s: each package is in Jamf Pro once, and main says which', async (_, two) => {
    await prepared();
    const another = { PATCHBOT_AUTOPKG_CACHE: join(fleet.folder, '..', 'another') };
    const ends = await atOnce([['build']], [['build'], two ? another : {}]);
    // Each title is built by whoever was first. The other says that it is being built, or that Jamf Pro
    // has a package of that name already: two builds differ, and must not write over each other.
    const late = /another PatchBot .* is building this title|could not create the package/;
    for (const end of ends) if (end !== 'well') expect(end).toMatch(late);
    expect(new Set(packages()).size).toBe(packages().length);
    for (const { slug } of [firefox, slack]) {
      const { package: built } = await stateOnMain(fleet, slug);
      expect(built?.version.text).toBe('2.0');
      const inJamf = fleet.jamf.world.packages.get(built?.jamfId ?? '');
      expect(inJamf?.record.fileName).toBe(built?.file);
      expect(inJamf?.record['hashValue']).toBe(built?.digest);
    }
    const again = await fleet.run(build);
    expect(again.rows.map(({ did }) => did)).toEqual(['nothing', 'nothing', 'nothing']);
  });

  it('test: each version is in test once, from one day on', async () => {
    await prepared(build);
    expect(await atOnce([['test']], [['test']])).toEqual(['well', 'well']);
    for (const { slug, name } of [firefox, slack]) {
      expect((await stateOnMain(fleet, slug)).testing?.package.version.text).toBe('2.0');
      expect(policyOf(fleet, `${name} Test`)).toMatchObject({
        enabled: true,
        targetVersion: '2.0',
      });
    }
    const commits = await fleet.github.log();
    expect(commits.filter((message) => /^test: /.test(message))).toHaveLength(1);
  });

  it('propose: each version has one request', async () => {
    await prepared(build, test);
    fleet.now = later(monday, 7, 4);
    expect(await atOnce([['propose']], [['propose']])).toEqual(['well', 'well']);
    for (const { slug } of [firefox, slack]) expect(openRequest(fleet, slug)).toBeGreaterThan(0);
    expect(fleet.github.pulls).toHaveLength(2);
  });

  it('promote: each version is offered once, and is one deployment', async () => {
    await prepared(build, test);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    for (const { slug } of [firefox, slack])
      await fleet.github.people.merge(openRequest(fleet, slug), 'anna');
    expect(await atOnce([['promote']], [['promote']])).toEqual(['well', 'well']);
    for (const { slug, name } of [firefox, slack]) {
      expect((await stateOnMain(fleet, slug)).offered?.version.text).toBe('2.0');
      expect(policyOf(fleet, `${name} Stable`)).toMatchObject({ targetVersion: '2.0' });
    }
    expect(fleet.github.deployments).toHaveLength(2);
    for (const { statuses } of fleet.github.deployments)
      expect(statuses.at(-1)?.state).toBe('success');
  });
});

describe('a merge, a hold and a run in the same second', { timeout: 120_000 }, () => {
  it('lose nothing: what was merged is offered, what was held is held', async () => {
    await prepared(build, test);
    fleet.now = later(monday, 7, 4);
    await fleet.run(propose);
    const merge = openRequest(fleet, 'firefox');
    const [ends] = await Promise.all([
      atOnce(
        [['hold', 'slack', '--reason', 'it crashes']],
        [['hold', 'zoom', '--reason', 'wait for the new server']],
        [['promote']],
        [['propose']],
      ),
      fleet.github.people.merge(merge, 'anna'),
    ]);
    expect(ends).toEqual(['well', 'well', 'well', 'well']);
    expect((await stateOnMain(fleet, 'slack')).holds?.[0]?.reason).toBe('it crashes');
    expect((await stateOnMain(fleet, 'zoom')).holds?.[0]?.reason).toBe('wait for the new server');
    expect((await stateOnMain(fleet, 'firefox')).production?.package.version.text).toBe('2.0');
    // Whoever was too late for the merge finds it in the next run, and nothing is done twice.
    expect(await atOnce([['promote']])).toEqual(['well']);
    expect((await stateOnMain(fleet, 'firefox')).offered?.version.text).toBe('2.0');
    expect((await stateOnMain(fleet, 'slack')).production).toBeUndefined();
    expect(fleet.github.deployments).toHaveLength(1);
  });

  it('lose no hold among many that are placed at once', async () => {
    await prepared(build);
    const titles = ['firefox', 'slack', 'zoom'];
    const holds = titles.map((slug): Started => [['hold', slug, '--reason', `of ${slug}`]]);
    expect(await atOnce(...holds, [['test']])).toEqual(['well', 'well', 'well', 'well']);
    for (const slug of titles)
      expect((await stateOnMain(fleet, slug)).holds?.[0]?.reason).toBe(`of ${slug}`);
  });
});
