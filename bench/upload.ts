/**
 * How fast a large package goes up, and what memory that takes: PatchBot's client and `curl` in turn
 * against the simulated Jamf Pro, in pairs, so that whatever else the machine does hits both. Each is a
 * process of its own, and so is the simulator.
 *
 * Both times are those of the one upload request, to its answer. Memory is the client's highest
 * resident size in all its life over the one it has when connected and idle. For a quick look:
 * `npm run bench -- upload --gib 0.25 --pairs 1`. Its last line: {"bench":"upload","gib":2,"ratio":…,"extraMiB":…}
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { digestOf } from '../src/jamf/digest.ts';
import { packageRecord } from '../test/simulators/jamf-asker.ts';

const run = promisify(execFile);
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { gib: { type: 'string', default: '2' }, pairs: { type: 'string', default: '5' } },
});
const gib = Number(values.gib);
const pairs = Number(values.pairs);
const bytes = Math.round(gib * 1024 ** 3);

const dir = await mkdtemp(join(tmpdir(), 'patchbot-upload-'));
const path = join(dir, 'package.pkg');
const server = spawn(process.execPath, [join(import.meta.dirname, 'upload-server.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
try {
  await fill();
  const digest = await digestOf(path);
  const url = await firstLine(server);
  const token = await tokenAt(url);

  const ratios: number[] = [];
  const extras: number[] = [];
  for (let pair = 1; pair <= pairs; pair += 1) {
    const curl = await byCurl(url, token, pair);
    const ours = await byOurs(url, digest, pair);
    ratios.push(curl / ours.seconds);
    extras.push(ours.extraMiB);
    console.log(
      `pair ${pair}: curl ${rate(curl)}, ours ${rate(ours.seconds)}, ${ours.extraMiB} MiB over idle`,
    );
  }
  const ratio = Number(median(ratios).toFixed(3));
  console.log(`\nof ${pairs} pairs: ours is ${ratio} of curl's throughput (median)`);
  console.log(JSON.stringify({ bench: 'upload', gib, ratio, extraMiB: Math.max(...extras) }));
} finally {
  server.kill();
  await rm(dir, { recursive: true, force: true });
}

/** A package that does not compress and is nowhere the same. */
async function fill(): Promise<void> {
  const file = await open(path, 'w');
  const piece = Buffer.alloc(4 * 1024 ** 2);
  for (let left = bytes; left > 0; left -= piece.length) {
    randomFillSync(piece);
    await file.write(piece, 0, Math.min(piece.length, left));
  }
  await file.close();
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the simulator says nothing');
  const [chunk] = (await once(stdout, 'data')) as [Buffer];
  return chunk.toString().trim();
}

async function tokenAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'patchbot',
      client_secret: 'client-secret-for-tests',
    }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}

/** Seconds of the upload, by the clock of curl. */
async function byCurl(url: string, token: string, pair: number): Promise<number> {
  const name = `curl-${pair}.pkg`;
  const answer = await fetch(`${url}/api/v1/packages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(packageRecord(name)),
  });
  const { id } = (await answer.json()) as { id: string };
  const { stdout } = await run('curl', [
    ...['--silent', '--show-error', '--fail', '--output', '/dev/null'],
    ...['--header', `Authorization: Bearer ${token}`],
    ...['--form', `file=@${path};filename=${name}`, '--write-out', '%{time_total}'],
    `${url}/api/v1/packages/${id}/upload`,
  ]);
  return Number(stdout);
}

async function byOurs(url: string, digest: string, pair: number) {
  const client = join(import.meta.dirname, 'upload-client.ts');
  const args = [client, url, path, `ours-${pair}.pkg`, String(bytes), digest];
  const { stdout } = await run(process.execPath, args);
  return JSON.parse(stdout) as { seconds: number; extraMiB: number };
}

function rate(seconds: number): string {
  return `${(bytes / 1024 ** 2 / seconds).toFixed(0)} MiB/s (${seconds.toFixed(1)} s)`;
}

function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
