/**
 * Cold start of an action: from the start of its process until its first request arrives, over what a
 * Node process that does nothing takes. Both in turn, so that whatever else the machine does hits both.
 *
 * Its last line: {"bench":"start","overNodeMs":…,"bundleMiB":…}
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'actions', 'dist');
const action = join(dist, 'propose.js');
const pairs = 21;

const dir = await mkdtemp(join(tmpdir(), 'patchbot-start-'));
let arrived: (() => void) | undefined;
const server = createServer((request) => {
  arrived?.();
  // It gets no answer: what it would do with one is not measured here.
  request.socket.destroy();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
try {
  await makeRepository();
  // The first of each reads from disk what the others find in memory.
  await empty();
  await firstRequest();
  const over: number[] = [];
  const nodes: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const node = await empty();
    over.push((await firstRequest()) - node);
    nodes.push(node);
  }
  const bundle = await size();
  console.log(
    `An empty Node process takes ${median(nodes).toFixed(0)} ms; an action's first request comes ${median(over).toFixed(0)} ms later (median of ${pairs} pairs; from ${Math.min(...over).toFixed(0)} to ${Math.max(...over).toFixed(0)}).`,
  );
  console.log(`The bundle has ${(bundle / 1024 / 1024).toFixed(2)} MiB.`);
  console.log(
    JSON.stringify({
      bench: 'start',
      overNodeMs: Math.round(median(over)),
      bundleMiB: Number((bundle / 1024 / 1024).toFixed(2)),
    }),
  );
} finally {
  server.close();
  await rm(dir, { recursive: true, force: true });
}

/** Milliseconds of a Node process that runs an empty file. */
async function empty(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, [join(dir, 'empty.js')], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

/** Milliseconds from the start of an action's process until its first request is here. */
async function firstRequest(): Promise<number> {
  const { port } = server.address() as AddressInfo;
  const here = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const started = performance.now();
  const child = spawn(process.execPath, [action], {
    stdio: 'ignore',
    env: {
      GITHUB_WORKSPACE: dir,
      GITHUB_REPOSITORY: 'acme/patchbot',
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      'INPUT_GITHUB-TOKEN': 'none',
    },
  });
  await Promise.race([here, once(child, 'exit').then(([code]) => Promise.reject(ended(code)))]);
  const took = performance.now() - started;
  child.kill('SIGKILL');
  return took;
}

function ended(code: unknown): Error {
  return new Error(`the action ended (${code}) before it asked for anything`);
}

async function makeRepository(): Promise<void> {
  await mkdir(join(dir, 'recipes', 'titles'), { recursive: true });
  await writeFile(join(dir, 'empty.js'), '');
  await writeFile(join(dir, 'recipes', 'patchbot.yaml'), 'time-zone: Europe/Zurich\n');
  await writeFile(
    join(dir, 'recipes', 'titles', 'firefox.yaml'),
    'recipe: Firefox.pkg\npatch: Mozilla Firefox\ncategory: Apps\n',
  );
}

async function size(): Promise<number> {
  const sizes = (await readdir(dist)).map(async (name) => (await stat(join(dist, name))).size);
  return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
