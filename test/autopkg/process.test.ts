import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcess } from '../../src/autopkg/process.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-process-'));
});

afterEach(() => rm(dir, { recursive: true }));

function sh(script: string, limit = 60_000, onLine: (line: string) => void = () => undefined) {
  const env = { PATH: process.env['PATH'] ?? '' };
  return runProcess('sh', ['-c', script], { cwd: dir, env, limit, onLine });
}

/** A process that is over, but that nobody has asked about, is no longer alive. */
function isAlive(id: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(id)], { encoding: 'utf8' });
  return /^\s*[^Z\s]/.test(stdout);
}

describe('a program that runs', () => {
  it('leaves its exit code and both outputs, line by line while it runs', async () => {
    const lines: string[] = [];
    const ended = await sh('echo one; echo two >&2; printf three; exit 70', 60_000, (line) =>
      lines.push(line),
    );
    expect(ended).toEqual({ exitCode: 70, stdout: 'one\nthree', stderr: 'two\n', timedOut: false });
    expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
  });

  it('gets no input: what asks a question goes on without an answer', async () => {
    expect((await sh('read answer; echo "got:$answer"')).stdout).toBe('got:\n');
  });

  it('has no exit code when a signal ends it', async () => {
    const ended = await sh('kill -9 $$');
    expect(ended.exitCode).toBeUndefined();
    expect(ended.timedOut).toBe(false);
  });

  it('is ended when its time is over, with the processes that it has started', async () => {
    const ended = await sh('sleep 600 & echo $! > child; wait', 300);
    expect(ended.timedOut).toBe(true);
    const child = Number(await readFile(join(dir, 'child'), 'utf8'));
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('is over when it is over, though something it left behind keeps its output open', async () => {
    const ended = await sh('sleep 600 & echo $! > child; echo done');
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    const child = Number(await readFile(join(dir, 'child'), 'utf8'));
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it('that can not be started is an error that names it', async () => {
    const options = { cwd: dir, env: {}, limit: 1000, onLine: () => undefined };
    await expect(runProcess(join(dir, 'absent'), [], options)).rejects.toThrow(/absent/);
  });
});
