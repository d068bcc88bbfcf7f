/**
 * 40 recipes that each take a second or two, run by PatchBot 1, 2, 4 and 8 at once, against plain
 * `autopkg run --recipe-list`, each from an empty cache. The vendor's server answers slowly, as vendors
 * do; packages must come out the same, and a run after it must find nothing new and download nothing.
 *
 * Its last line: {"bench":"autopkg","recipes":40,"speedup":{"1":…,"2":…,"4":…,"8":…}}
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inParallel, longestFirst } from '../src/autopkg/schedule.ts';
import { noAutoPkg, realAutoPkg } from '../test/autopkg/real-autopkg.ts';
import { ordinary, startWorkshop } from '../test/autopkg/workshop.ts';

const run = promisify(execFile);
const recipes = 40;
const names = Array.from({ length: recipes }, (_, index) => `App${index + 1}`);

/** The package of each recipe, as the digest of its file. */
type Packages = ReadonlyMap<string, string>;

if (!realAutoPkg) throw new Error(`nothing can be measured: ${noAutoPkg}`);
const workshop = await startWorkshop(realAutoPkg);
try {
  offer(true);
  for (const name of names)
    await workshop.recipe(name, ordinary(workshop.vendor, `/${name}.pkg`, '1.0'));
  await workshop.override(...names);
  await workshop.trust(...names);
  console.log(
    `${recipes} recipes, ${availableParallelism()} cores; AutoPkg is ${realAutoPkg}. Every run starts with an empty cache.`,
  );
  const plain = await plainRun(realAutoPkg);
  console.log(`autopkg run --recipe-list: ${plain.seconds.toFixed(1)} s`);
  const speedup: Record<string, number> = {};
  for (const atOnce of [1, 2, 4, 8]) {
    const ours = await ourRun(atOnce);
    same(ours.packages, plain.packages);
    const ratio = plain.seconds / ours.seconds;
    speedup[atOnce] = Number(ratio.toFixed(2));
    console.log(
      `patchbot, ${atOnce} at once: ${ours.seconds.toFixed(1)} s, ${ratio.toFixed(2)} times as fast`,
    );
  }
  await nothingNew(8);
  console.log(
    'The packages are the same, and a second run of all found nothing new and downloaded nothing.',
  );
  console.log(JSON.stringify({ bench: 'autopkg', recipes, speedup }));
} finally {
  await workshop.close();
}

/** The vendor's files; each answer takes between 0.8 and 1.7 seconds, or none. */
function offer(slowly: boolean): void {
  for (const [index, name] of names.entries())
    workshop.vendor.offer(`/${name}.pkg`, `${name} `.repeat(20_000), {
      delay: slowly ? 800 + ((index * 37) % 10) * 100 : 0,
    });
}

async function plainRun(autopkg: string): Promise<{ seconds: number; packages: Packages }> {
  const cache = join(workshop.dir, 'plain');
  const list = join(workshop.dir, 'list.txt');
  await writeFile(list, names.map((name) => `${name}.pkg\n`).join(''));
  const { overridesDir, searchDirs = [] } = workshop.settings;
  const started = performance.now();
  await run(
    autopkg,
    [
      'run',
      '-q',
      '-v',
      '--recipe-list',
      list,
      '--override-dir',
      overridesDir,
      ...searchDirs.flatMap((dir) => ['--search-dir', dir]),
      '--key',
      'FAIL_RECIPES_WITHOUT_TRUST_INFO=yes',
      '--key',
      `CACHE_DIR=${cache}`,
    ],
    { cwd: workshop.dir, maxBuffer: 64 * 1024 * 1024 },
  );
  return { seconds: (performance.now() - started) / 1000, packages: await packagesIn(cache) };
}

async function ourRun(atOnce: number): Promise<{ seconds: number; packages: Packages }> {
  const cacheDir = cacheOf(atOnce);
  const started = performance.now();
  await buildAll(atOnce, async (name) => {
    const result = await workshop.build(name, {}, { cacheDir });
    if (result.result !== 'built') throw new Error(`${name}: ${JSON.stringify(result)}`);
  });
  return { seconds: (performance.now() - started) / 1000, packages: await packagesIn(cacheDir) };
}

async function nothingNew(atOnce: number): Promise<void> {
  offer(false);
  workshop.vendor.asked.length = 0;
  const cacheDir = cacheOf(atOnce);
  await buildAll(atOnce, async (name) => {
    const { result } = await workshop.build(name, {}, { cacheDir });
    if (result !== 'nothing new') throw new Error(`${name} was ${result} again`);
  });
  const downloaded = workshop.vendor.asked.filter(({ sent }) => sent > 0);
  if (downloaded.length > 0) throw new Error(`${downloaded.length} were downloaded again`);
  const left = (await files(cacheDir)).filter((file) => /running\.json$|\/tmp\w+$/.test(file));
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
}

async function buildAll(atOnce: number, work: (name: string) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  await inParallel(
    longestFirst(names, () => undefined),
    atOnce,
    (name) => work(name).catch((error) => void failures.push(error)),
  );
  if (failures.length > 0) throw failures[0];
}

function cacheOf(atOnce: number): string {
  return join(workshop.dir, `ours-${atOnce}`);
}

async function packagesIn(cache: string): Promise<Packages> {
  const found = (await files(cache)).filter((file) => /-1\.0\.pkg$/.test(file));
  const digests = found.map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [file.slice(file.lastIndexOf('/') + 1), digest] as const;
  });
  return new Map(await Promise.all(digests));
}

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function same(ours: Packages, plain: Packages): void {
  if (plain.size !== recipes) throw new Error(`autopkg made ${plain.size} packages`);
  for (const [file, digest] of plain)
    if (ours.get(file) !== digest) throw new Error(`${file} is not the same`);
}
