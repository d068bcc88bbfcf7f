import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AutoPkgSettings,
  type BuildFailure,
  build,
  type Job,
  secondsOf,
} from '../../src/autopkg/autopkg.ts';
import { version } from '../../src/lifecycle/version.ts';
import { type AutoPkgWorld, autopkgWorld } from '../simulators/autopkg/world.ts';

const recipe = 'Firefox.pkg';
let dir: string;
let world: AutoPkgWorld;
let settings: AutoPkgSettings;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-build-'));
  const cacheDir = join(dir, 'cache');
  world = await autopkgWorld(cacheDir);
  settings = {
    command: join(world.path, 'autopkg'),
    overridesDir: join(dir, 'overrides'),
    cacheDir,
  };
});

afterEach(() => rm(dir, { recursive: true }));

const go = (more: Partial<Job> = {}) =>
  build({ title: 'firefox', recipe, minutes: 1, ...more }, settings, () => undefined);

async function failing(more: Partial<Job> = {}): Promise<BuildFailure> {
  const result = await go(more);
  if (result.result !== 'failed') throw new Error(`it did not fail: ${result.result}`);
  return result.failure;
}

describe('a build', () => {
  it('has nothing while the vendor has nothing, and then the package with its version', async () => {
    expect(await go()).toEqual({ result: 'nothing new' });
    await world.release(recipe, '6.4.12 (56699)');
    expect(await go()).toMatchObject({
      result: 'built',
      package: {
        version: version('6.4.12 (56699)'),
        path: join(settings.cacheDir, 'firefox', 'local.pkg.Firefox', 'Firefox-6.4.12 (56699).pkg'),
        size: 20_484,
      },
    });
    expect(await secondsOf('firefox', settings)).toBeGreaterThan(0);
  });

  it('keeps the last package in mind while nothing is new, for a day on which it gets uploaded', async () => {
    await world.release(recipe, '1.0');
    await go();
    expect(await go()).toMatchObject({
      result: 'nothing new',
      package: { version: version('1.0') },
    });
  });

  it('makes a package again that was lost before it came to be in Jamf, and no other', async () => {
    await world.release(recipe, '1.0');
    const first = await go();
    if (first.result !== 'built') throw new Error(first.result);
    await rm(first.package.path);
    expect(await go({ known: version('1.0') })).toEqual({ result: 'nothing new' });
    expect((await go()).result).toBe('built');
  });

  it('does not take a package that was cut off for the one that was made', async () => {
    await world.release(recipe, '1.0');
    const first = await go();
    if (first.result !== 'built') throw new Error(first.result);
    const whole = await readFile(first.package.path);
    await writeFile(first.package.path, whole.subarray(0, 100));
    const again = await go();
    expect(again.result).toBe('built');
    expect(await readFile(first.package.path)).toEqual(whole);
  });

  it('asks nobody for a name that is none', async () => {
    for (const odd of ['--prefs=/evil', '../x', '*', 'a/b', ''])
      expect((await failing({ recipe: odd })).kind).toBe('usage');
    expect(await world.runs()).toEqual([]);
  });

  it('says so when AutoPkg is not there', async () => {
    settings = { ...settings, command: join(dir, 'absent') };
    expect(await failing()).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^AutoPkg could not be run: .*absent/),
      remedy: 'check that autopkg runs on the runner: autopkg version',
    });
  });
});

describe('a failure', () => {
  it('takes nothing away from what is known of the title', async () => {
    await world.release(recipe, '1.0');
    await go();
    await world.fail(recipe, 'server-error');
    await failing();
    await world.mend(recipe);
    expect(await go()).toMatchObject({
      result: 'nothing new',
      package: { version: version('1.0') },
    });
  });
});
