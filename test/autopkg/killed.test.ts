import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { type AutoPkgSettings, build, type Job } from '../../src/autopkg/autopkg.ts';
import { contentOf } from '../simulators/autopkg/recipe.ts';
import { autopkgWorld } from '../simulators/autopkg/world.ts';

const job: Job = { title: 'firefox', recipe: 'Firefox.pkg', minutes: 1 };

/** What dies: AutoPkg, the action that runs it (AutoPkg goes on alone), or both at once. */
const victims = ['AutoPkg', 'the action', 'the machine'] as const;

/** A runner whose last good run built 1.0, and 2.0 is out. */
async function runner() {
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-killed-'));
  const cacheDir = join(dir, 'cache');
  const world = await autopkgWorld(cacheDir);
  const settings: AutoPkgSettings = {
    command: join(world.path, 'autopkg'),
    overridesDir: join(dir, 'overrides'),
    cacheDir,
  };
  await world.release(job.recipe, '1.0');
  expect((await build(job, settings, () => undefined)).result).toBe('built');
  await world.release(job.recipe, '2.0', { milliseconds: 40 });
  return { dir, settings, world };
}

/** Runs a build that is killed as its nth line of output comes. @returns whether it was. */
async function killedAt(
  nth: number,
  victim: (typeof victims)[number],
  settings: AutoPkgSettings,
): Promise<boolean> {
  const program = join(import.meta.dirname, 'build-once.ts');
  const child = spawn(process.execPath, [program, JSON.stringify({ job, settings })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let lines = 0;
  let killed = false;
  createInterface({ input: child.stdout }).on('line', () => {
    lines += 1;
    if (lines !== nth) return;
    killed = true;
    kill(victim, child, settings);
  });
  await once(child, 'exit');
  return killed;
}

function kill(victim: (typeof victims)[number], action: ChildProcess, settings: AutoPkgSettings) {
  const note = join(settings.cacheDir, job.title, 'running.json');
  const autopkg = (): number | undefined => {
    try {
      return JSON.parse(readFileSync(note, 'utf8')).group;
    } catch {
      return undefined;
    }
  };
  const group = autopkg();
  if (victim !== 'AutoPkg') action.kill('SIGKILL');
  if (victim === 'the action' || group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It was over already.
  }
}

describe.concurrent.each(victims)('when %s is killed at any moment', (victim) => {
  it('the next run has the whole package', { timeout: 300_000 }, async () => {
    for (let nth = 1; ; nth += 1) {
      const { dir, settings, world } = await runner();
      try {
        const killed = await killedAt(nth, victim, settings);
        await world.release(job.recipe, '2.0', { milliseconds: 0 });
        const result = await build(job, settings, () => undefined);
        if (result.result === 'failed' || !result.package)
          throw new Error(`killed at line ${nth}: ${JSON.stringify(result)}`);
        expect(result.package.version.text).toBe('2.0');
        expect(await readFile(result.package.path), `killed at line ${nth}`).toEqual(
          contentOf('Firefox', '2.0'),
        );
        if (!killed) {
          // So many lines there are: fewer would mean that nothing was tried.
          expect(nth).toBeGreaterThan(10);
          break;
        }
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    }
  });
});

describe('while another PatchBot builds a title', () => {
  it('a second one leaves it alone, and says who is at work', async () => {
    const { dir, settings, world } = await runner();
    await world.fail(job.recipe, 'hang');
    const program = join(import.meta.dirname, 'build-once.ts');
    const other = spawn(process.execPath, [program, JSON.stringify({ job, settings })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: other.stdout }), 'line');
    const result = await build(job, settings, () => undefined);
    expect(result).toMatchObject({
      result: 'failed',
      failure: {
        kind: 'busy',
        message: `another PatchBot (process ${other.pid}) is building this title on this machine`,
      },
    });
    other.kill('SIGTERM');
    await once(other, 'exit');
    expect(other.signalCode).toBe('SIGTERM');
    await world.mend(job.recipe);
    expect((await build(job, settings, () => undefined)).result).toBe('built');
    await rm(dir, { recursive: true, force: true });
  });
});
