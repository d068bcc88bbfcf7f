import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildFailure } from '../../src/autopkg/autopkg.ts';
import { noAutoPkg, realAutoPkg } from './real-autopkg.ts';
import type { Vendor } from './vendor.ts';
import { ordinary, type Step, startWorkshop, type Workshop } from './workshop.ts';

const title = realAutoPkg
  ? 'a failure of the real AutoPkg'
  : `a failure of the real AutoPkg (skipped: ${noAutoPkg})`;

/** The recipes, each with a failure in it, or one that a test puts in. */
function recipes(vendor: Vendor): Readonly<Record<string, readonly Step[]>> {
  const download = (path: string) => ordinary(vendor, path, '1.0');
  const signed = { input_path: '%pathname%', expected_authority_names: ['Developer ID Installer'] };
  const words = 'The page has changed.\nNo version was found.\n';
  return {
    Changed: download('/good.pkg'),
    Processed: [['Own']],
    Orphan: download('/good.pkg'),
    Status404: download('/404'),
    Status403: download('/403'),
    Status503: download('/503'),
    Refused: [['URLDownloader', { url: 'http://127.0.0.1:1/x.pkg' }]],
    Unsigned: [
      ['URLDownloader', { url: `${vendor.url}/good.pkg` }],
      ['CodeSignatureVerifier', signed],
    ],
    Broken: [['Raiser', { how: 'ProcessorError', words }]],
    Buggy: [['Raiser', { how: 'KeyError', words: 'version' }]],
    Lacking: [['NotThere']],
    Odd: [['OddSummary']],
    Only: [['URLDownloader', { url: `${vendor.url}/only.dmg` }]],
    Never: download('/never.pkg'),
    Sleepy: [['Sleeper', { seconds: '987.125' }]],
    Ended: [['Sleeper', { seconds: '987.25' }]],
    Big: download('/big.pkg'),
  };
}

describe.skipIf(!realAutoPkg)(title, { timeout: 120_000 }, () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await startWorkshop(realAutoPkg ?? '');
    const { vendor } = workshop;
    vendor.offer('/good.pkg', 'a package');
    vendor.offer('/only.dmg', 'a disk image');
    vendor.offer('/big.pkg', Buffer.alloc(3_000_000, 'x'));
    for (const status of [404, 403, 503]) vendor.refuse(`/${status}`, status);
    vendor.hang('/never.pkg');
    await writeFile(join(workshop.recipes, 'Own.py'), ownProcessor);
    const all = recipes(vendor);
    for (const [name, steps] of Object.entries(all)) await workshop.recipe(name, steps);
    await workshop.recipe('Future', [['EndOfCheckPhase']], { MinimumVersion: '99.0' });
    await workshop.override(...Object.keys(all), 'Future');
    await workshop.trust(...Object.keys(all), 'Future');
  }, 120_000);
  afterAll(() => workshop.close());

  async function failureOf(...args: Parameters<Workshop['build']>): Promise<BuildFailure> {
    const result = await workshop.build(...args);
    if (result.result !== 'failed') throw new Error(`it did not fail: ${JSON.stringify(result)}`);
    const { recipe, message, remedy } = result.failure;
    expect(recipe).toBe(`${args[0]}.pkg`);
    expect(`${message}${remedy}`, 'one line each').not.toMatch(/[\n\r]/);
    return result.failure;
  }

  it('"trust missing": nobody has vouched for the parent', async () => {
    await workshop.recipe('Untrusted', ordinary(workshop.vendor, '/good.pkg', '1.0'));
    await workshop.override('Untrusted');
    expect(await failureOf('Untrusted')).toMatchObject({
      kind: 'trust missing',
      recipe: 'Untrusted.pkg',
      message: 'No trust information present.',
      remedy: expect.stringMatching(/autopkg update-trust-info .*Untrusted\.pkg$/),
    });
  });

  it('"trust changed": the parent is not as it was', async () => {
    await appendFile(join(workshop.recipes, 'Changed.pkg.recipe'), '\n');
    expect(await failureOf('Changed')).toMatchObject({
      kind: 'trust changed',
      message: expect.stringContaining(
        'Parent recipe com.example.pkg.Changed contents differ from expected.',
      ),
      remedy: expect.stringMatching(/^read what changed: autopkg verify-trust-info -vv/),
    });
  });

  it('"trust changed": a processor is not as it was', async () => {
    await appendFile(join(workshop.recipes, 'Own.py'), '\n# a word more\n');
    expect(await failureOf('Processed')).toMatchObject({
      kind: 'trust changed',
      message: expect.stringContaining('Processor Own contents differ from expected.'),
    });
  });

  it('"recipe not found"', async () => {
    expect(await failureOf('Nowhere')).toMatchObject({
      kind: 'recipe not found',
      message: 'AutoPkg knows no recipe Nowhere.pkg',
    });
  });

  it('"parent missing"', async () => {
    await rm(join(workshop.recipes, 'Orphan.pkg.recipe'));
    expect(await failureOf('Orphan')).toMatchObject({
      kind: 'parent missing',
      message: expect.stringMatching(/^Could not find parent recipe for /),
      remedy: expect.stringContaining('com.example.pkg.Orphan'),
    });
  });

  it.each([
    [404, 'the vendor has moved the download'],
    [403, 'the vendor refuses the download'],
    [503, "the vendor's server has trouble"],
  ])('"download failed" with status %i', async (status, remedy) => {
    expect(await failureOf(`Status${status}`)).toMatchObject({
      kind: 'download failed',
      step: 'URLDownloader',
      httpStatus: status,
      message: `curl: (22) The requested URL returned error: ${status}`,
      remedy: expect.stringContaining(remedy),
    });
  });

  it('"download failed" without an answer', async () => {
    const failure = await failureOf('Refused');
    expect(failure).toMatchObject({ kind: 'download failed', step: 'URLDownloader' });
    expect(failure.httpStatus).toBeUndefined();
    expect(failure.message).toMatch(/^curl: \(7\) Failed to connect to 127\.0\.0\.1 port 1/);
  });

  it.skipIf(process.platform !== 'darwin')(
    '"signature mismatch" (only where macOS has its pkgutil)',
    async () => {
      expect(await failureOf('Unsigned')).toMatchObject({
        kind: 'signature mismatch',
        step: 'CodeSignatureVerifier',
        message: 'Code signature verification failed.',
      });
    },
  );

  it('"processor error": with what it says in one line', async () => {
    expect(await failureOf('Broken')).toMatchObject({
      kind: 'processor error',
      step: 'Raiser',
      message: 'The page has changed. No version was found.',
    });
  });

  it('"processor error": a bug in the processor', async () => {
    expect(await failureOf('Buggy')).toMatchObject({
      kind: 'processor error',
      step: 'Raiser',
      message: "'version'",
    });
  });

  it('"unknown processor"', async () => {
    expect(await failureOf('Lacking')).toMatchObject({
      kind: 'unknown processor',
      message: "Unknown processor 'NotThere'.",
    });
  });

  it('"autopkg too old"', async () => {
    expect(await failureOf('Future')).toMatchObject({
      kind: 'autopkg too old',
      message: expect.stringContaining('requires at least autopkg version 99.0'),
    });
  });

  it('"invalid recipe": a file that is no property list', async () => {
    await writeFile(join(workshop.settings.overridesDir, 'Torn.pkg.recipe'), '<plist><dict>');
    expect(await failureOf('Torn')).toMatchObject({
      kind: 'invalid recipe',
      message: expect.stringContaining('Torn.pkg.recipe: '),
    });
    await rm(join(workshop.settings.overridesDir, 'Torn.pkg.recipe'));
  });

  it('"crashed": AutoPkg itself falls over', async () => {
    expect(await failureOf('Odd')).toMatchObject({
      kind: 'crashed',
      message: "AutoPkg crashed: TypeError: object of type 'int' has no len()",
    });
  });

  it('"no package": the recipe only downloads', async () => {
    expect(await failureOf('Only')).toMatchObject({
      kind: 'no package',
      message: 'the recipe ran to its end, and made no package',
    });
  });

  it('"timeout": a download that never comes, and curl is ended too', async () => {
    expect(await failureOf('Never', { minutes: 4 / 60 })).toMatchObject({
      kind: 'timeout',
      step: 'URLDownloader',
      remedy: expect.stringContaining('build-minutes'),
    });
    await expect.poll(() => workshop.vendor.open()).toBe(0);
  });

  it('"timeout": whatever a processor has started is ended', async () => {
    expect(await failureOf('Sleepy', { minutes: 4 / 60 })).toMatchObject({
      kind: 'timeout',
      step: 'Sleeper',
    });
    expect(running('sleep 987.125')).toBeUndefined();
  });

  it('"cancelled": somebody ended AutoPkg', async () => {
    const failing = failureOf('Ended');
    await expect.poll(() => running('sleep 987.25'), { timeout: 30_000 }).toBeDefined();
    process.kill(running('run -q .* Ended\\.pkg$') ?? 0, 'SIGKILL');
    expect(await failing).toMatchObject({ kind: 'cancelled' });
  });

  const small = smallDisk();
  it.skipIf(!small)(
    `"disk full"${small ? '' : ' (skipped: this machine lets nobody make a small disk)'}`,
    async () => {
      const wrapper = join(workshop.dir, 'on-a-small-disk');
      const cache = join(workshop.settings.cacheDir, 'big');
      await mkdir(cache, { recursive: true });
      await writeFile(
        wrapper,
        `#!/bin/sh\nexec unshare -Urm sh -c 'mount -t tmpfs -o size=1m none "$0" && exec "$@"' ${cache} ${realAutoPkg} "$@"\n`,
      );
      await chmod(wrapper, 0o755);
      expect(await failureOf('Big', {}, { command: wrapper })).toMatchObject({
        kind: 'disk full',
        step: 'URLDownloader',
        remedy: expect.stringContaining('df -h'),
      });
    },
  );
});

const ownProcessor = `from autopkglib import Processor

__all__ = ["Own"]


class Own(Processor):
    description = "For tests."
    input_variables = {}
    output_variables = {}

    def main(self):
        pass
`;

/** The process whose command line is like that. */
function running(pattern: string): number | undefined {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  const found = processes.split('\n').find((line) => new RegExp(pattern).test(line));
  return found === undefined ? undefined : Number.parseInt(found, 10);
}

/** Whether a disk that is soon full can be made here: in a namespace of its own, on Linux. */
function smallDisk(): boolean {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
