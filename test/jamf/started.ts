import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { digestOf } from '../../src/jamf/digest.ts';
import { connect, type Jamf, type JamfSettings, type PackageFile } from '../../src/jamf/jamf.ts';
import { type JamfOptions, type JamfSimulator, startJamf } from '../simulators/jamf/server.ts';

/** A simulated Jamf Pro, and PatchBot's connection to it. */
export interface Started {
  readonly simulator: JamfSimulator;
  readonly jamf: Jamf;
  /** What was told. */
  readonly log: string[];
  /** The pauses that were asked for, in milliseconds; none is really made. */
  readonly pauses: number[];
  /** What was told to be masked. */
  readonly secrets: string[];
  /** Another connection to the same Jamf Pro. */
  connect(settings?: Partial<JamfSettings>): Jamf;
  /** A package on disk. */
  file(name: string, content: string | Uint8Array): Promise<PackageFile>;
  /** The calls that were made since the last look: "GET /api/v2/patch-policies". */
  calls(): string[];
}

type Close = () => Promise<void>;

const all: Close[] = [];

afterEach(() => closeAll(all));

async function closeAll(closing: Close[]): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/**
 * Starts both, with one title "Firefox" that has two definitions; they end with the test.
 *
 * @param atEnd says when the test has ended, for one that runs at the same time as others.
 */
export async function started(
  options: JamfOptions = {},
  atEnd?: (close: Close) => void,
): Promise<Started> {
  const closing = atEnd ? [] : all;
  atEnd?.(() => closeAll(closing));
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-jamf-'));
  const simulator = await startJamf(options);
  closing.push(async () => {
    await simulator.close();
    await rm(dir, { recursive: true, force: true });
  });
  simulator.addCategory('Apps');
  simulator.addTitle({
    name: 'Firefox',
    definitions: [
      { version: '127.0', releaseDate: '2026-09-01 12:00:00' },
      { version: '126.0', releaseDate: '2026-08-01 12:00:00' },
    ],
  });
  const log: string[] = [];
  const pauses: number[] = [];
  const secrets: string[] = [];
  const open = (settings: Partial<JamfSettings> = {}) => {
    const { clientId, clientSecret } = simulator;
    const jamf = connect({
      url: simulator.url,
      credentials: { kind: 'client', clientId, clientSecret },
      connections: 5,
      readOnly: false,
      log: (line) => log.push(line),
      onSecret: (secret) => secrets.push(secret),
      wait: async (milliseconds) => void pauses.push(milliseconds),
      silence: 1_000,
      ...settings,
    });
    closing.push(() => jamf.close());
    return jamf;
  };
  let seen = 0;
  return {
    simulator,
    jamf: open(),
    log,
    pauses,
    secrets,
    connect: open,
    async file(name, content) {
      const path = join(dir, name);
      await writeFile(path, content);
      const size = Buffer.byteLength(content);
      return { path, file: name, size, digest: await digestOf(path) };
    },
    calls() {
      const since = simulator.requests.slice(seen);
      seen = simulator.requests.length;
      return since.map(({ method, path }) => `${method} ${path}`);
    },
  };
}

/** What was thrown. */
export async function thrown(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
