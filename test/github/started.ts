import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { connect, type GitHub, type GitHubSettings } from '../../src/github/github.ts';
import {
  type GitHubOptions,
  type GitHubSimulator,
  startGitHub,
} from '../simulators/github/server.ts';

/** A repository on the simulated GitHub, and PatchBot's connection to it. */
export interface Started {
  readonly simulator: GitHubSimulator;
  readonly github: GitHub;
  /** What was told while waiting and trying again. */
  readonly log: string[];
  /** The pauses that were asked for, in milliseconds; none is really made. */
  readonly pauses: number[];
  connect(settings?: Partial<GitHubSettings>): GitHub;
}

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts both; they end with the test. */
export async function started(options: Partial<GitHubOptions> = {}): Promise<Started> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-github-'));
  const simulator = await startGitHub({ dir, seed: { 'README.md': 'Hello\n' }, ...options });
  closing.push(async () => {
    await simulator.close();
    await rm(dir, { recursive: true, force: true });
  });
  const log: string[] = [];
  const pauses: number[] = [];
  const open = (settings: Partial<GitHubSettings> = {}) =>
    connect({
      token: simulator.token,
      owner: simulator.owner,
      repo: simulator.repo,
      apiUrl: simulator.url,
      log: (line) => log.push(line),
      wait: async (milliseconds) => void pauses.push(milliseconds),
      ...settings,
    });
  return { simulator, github: open(), log, pauses, connect: open };
}

/** The value, where a test has just made it. */
export function given<T>(value: T | undefined | null | 'moved'): T {
  if (value === undefined || value === null || value === 'moved')
    throw new Error(`expected a value, got ${value}`);
  return value;
}
