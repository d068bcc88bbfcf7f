import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildResult } from '../../src/autopkg/autopkg.ts';
import { version } from '../../src/lifecycle/version.ts';
import { noAutoPkg, realAutoPkg } from './real-autopkg.ts';
import { ordinary, type Step, startWorkshop, type Workshop } from './workshop.ts';

const title = realAutoPkg ? 'the real AutoPkg' : `the real AutoPkg (skipped: ${noAutoPkg})`;

describe.skipIf(!realAutoPkg)(title, { timeout: 120_000 }, () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await startWorkshop(realAutoPkg ?? '');
  }, 60_000);
  afterEach(() => workshop.close());

  /** The bodies that the vendor's server has sent since the last time this was asked. */
  function sent(): number[] {
    return workshop.vendor.asked.splice(0).map((one) => one.sent);
  }

  async function contentOf(result: BuildResult): Promise<string> {
    if (result.result !== 'built') throw new Error(`not built: ${JSON.stringify(result)}`);
    return readFile(result.package.path, 'utf8');
  }

  /** A new machine, with nothing but what is remembered. */
  async function forget(): Promise<void> {
    await rm(workshop.settings.cacheDir, { recursive: true, force: true });
  }

  const remembering = () => ({ memoryDir: join(workshop.dir, 'memory') });
  const known = (text: string) => ({ known: version(text) });

  it('builds a package of a new download, and has nothing new until there is another', async () => {
    const { vendor } = workshop;
    vendor.offer('/app.pkg', 'first');
    await workshop.title('App', ordinary(vendor, '/app.pkg', '1.0'));
    const first = await workshop.build('App');
    expect(first).toMatchObject({
      result: 'built',
      package: { version: version('1.0'), file: 'App-1.0.pkg', size: 5 },
    });
    expect(sent()).toEqual([5]);
    expect(await workshop.build('App')).toMatchObject({
      result: 'nothing new',
      package: { version: version('1.0'), file: 'App-1.0.pkg' },
    });
    expect(sent()).toEqual([0]);
    vendor.offer('/app.pkg', 'second');
    expect(await contentOf(await workshop.build('App'))).toBe('second');
  });

  it('makes the package after all when an earlier run failed after its download', async () => {
    const { vendor } = workshop;
    vendor.offer('/app.pkg', 'first');
    const [download, ...rest] = ordinary(vendor, '/app.pkg', '1.0');
    const broken: Step = ['Raiser', { how: 'ProcessorError', words: 'not today' }];
    await workshop.title('App', [download as Step, broken, ...rest]);
    expect((await workshop.build('App')).result).toBe('failed');
    await workshop.title('App', [download as Step, ...rest]);
    expect(await contentOf(await workshop.build('App'))).toBe('first');
  });

  it('gives titles that share a parent their own downloads and packages, at the same time', async () => {
    const { vendor } = workshop;
    vendor.offer('/shared.pkg', 'shared'.repeat(50_000), { delay: 300 });
    await workshop.recipe('Shared', ordinary(vendor, '/shared.pkg', '1.0'));
    await workshop.override('Shared');
    await workshop.trust('Shared');
    const results = await Promise.all(
      ['one', 'two', 'three'].map((name) => workshop.build('Shared', { title: name })),
    );
    for (const result of results) expect(await contentOf(result)).toBe('shared'.repeat(50_000));
    const paths = results.map((result) => result.result === 'built' && result.package.path);
    expect(new Set(paths).size).toBe(3);
    expect(sent()).toEqual([300_000, 300_000, 300_000]);
  });

  it('that a killed action left behind, still downloading, is ended by the next run, which has it all', async () => {
    const { vendor, settings } = workshop;
    await workshop.title('App', ordinary(vendor, '/app.pkg', '1.0'));
    vendor.hang('/app.pkg');
    const job = { title: 'app', recipe: 'App.pkg', minutes: 5 };
    const program = join(import.meta.dirname, 'build-once.ts');
    const action = spawn(process.execPath, [program, JSON.stringify({ job, settings })], {
      stdio: 'ignore',
    });
    await expect.poll(() => vendor.open(), { timeout: 60_000 }).toBe(1);
    action.kill('SIGKILL');
    await once(action, 'exit');
    expect(await vendor.open()).toBe(1);

    vendor.offer('/app.pkg', 'first');
    expect(await contentOf(await workshop.build('App'))).toBe('first');
    expect(await vendor.open()).toBe(0);
  });

  describe('on a runner that forgets', () => {
    it('downloads nothing that is unchanged, and nothing twice that is new', async () => {
      const { vendor } = workshop;
      vendor.offer('/app.pkg', 'first');
      await workshop.title('App', ordinary(vendor, '/app.pkg', '1.0'));
      expect((await workshop.build('App', {}, remembering())).result).toBe('built');
      expect(sent()).toEqual([5]);

      await forget();
      const again = await workshop.build('App', known('1.0'), remembering());
      expect(again).toEqual({ result: 'nothing new' });
      expect(vendor.asked.map(({ status }) => status)).toEqual([304]);
      expect(sent()).toEqual([0]);

      await forget();
      vendor.offer('/app.pkg', 'second!');
      await workshop.title('App', ordinary(vendor, '/app.pkg', '2.0'));
      const second = await workshop.build('App', known('1.0'), remembering());
      expect(second).toMatchObject({ package: { version: version('2.0') } });
      expect(await contentOf(second)).toBe('second!');
      expect(sent()).toEqual([7]);

      await forget();
      expect(await workshop.build('App', known('2.0'), remembering())).toEqual({
        result: 'nothing new',
      });
      expect(sent()).toEqual([0]);
    });

    it('builds again what never came to be in Jamf', async () => {
      const { vendor } = workshop;
      vendor.offer('/app.pkg', 'first');
      await workshop.title('App', ordinary(vendor, '/app.pkg', '1.0'));
      await workshop.build('App', {}, remembering());
      await forget();
      expect(await contentOf(await workshop.build('App', {}, remembering()))).toBe('first');
    });

    it('never takes a placeholder for a download, even if the recipe does not stop', async () => {
      const { vendor } = workshop;
      vendor.offer('/one.pkg', 'one');
      vendor.offer('/two.pkg', 'two');
      const steps: readonly Step[] = [
        ['URLDownloader', { url: `${vendor.url}/one.pkg`, filename: 'one.pkg' }],
        ['URLDownloader', { url: `${vendor.url}/two.pkg`, filename: 'two.pkg' }],
        ['EndOfCheckPhase'],
        ['SetVersion', { version: '1.0' }],
        [
          'PkgCopier',
          {
            source_pkg: '%RECIPE_CACHE_DIR%/downloads/one.pkg',
            pkg_path: '%RECIPE_CACHE_DIR%/%NAME%-%version%.pkg',
          },
        ],
      ];
      await workshop.title('App', steps);
      await workshop.build('App', {}, remembering());
      await forget();
      sent();
      expect((await workshop.build('App', known('1.0'), remembering())).result).toBe('nothing new');
      expect(sent()).toEqual([0, 0]);

      await forget();
      vendor.offer('/two.pkg', 'two, changed');
      const result = await workshop.build('App', known('1.0'), remembering());
      expect(await contentOf(result)).toBe('one');
    });

    it('runs the recipe in full when it has no check phase', async () => {
      const { vendor } = workshop;
      vendor.offer('/app.pkg', 'first');
      const steps = ordinary(vendor, '/app.pkg', '1.0').filter(
        ([name]) => name !== 'EndOfCheckPhase',
      );
      await workshop.title('App', steps);
      await workshop.build('App', {}, remembering());
      await forget();
      const again = await workshop.build('App', known('1.0'), remembering());
      expect(await contentOf(again)).toBe('first');
    });

    it('still sees a version as new whose build failed after the download', async () => {
      const { vendor } = workshop;
      vendor.offer('/app.pkg', 'first');
      await workshop.title('App', ordinary(vendor, '/app.pkg', '1.0'));
      await workshop.build('App', {}, remembering());

      await forget();
      vendor.offer('/app.pkg', 'second');
      const [download, check, ...rest] = ordinary(vendor, '/app.pkg', '2.0');
      const broken: Step = ['Raiser', { how: 'ProcessorError', words: 'not today' }];
      await workshop.title('App', [download as Step, check as Step, broken, ...rest]);
      const failed = await workshop.build('App', known('1.0'), remembering());
      expect(failed.result).toBe('failed');

      await forget();
      await workshop.title('App', [download as Step, check as Step, ...rest]);
      const result = await workshop.build('App', known('1.0'), remembering());
      expect(await contentOf(result)).toBe('second');
    });
  });
});
