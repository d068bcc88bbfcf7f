import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { signalGroup } from './process.ts';

const run = promisify(execFile);

const journalSchema = z.object({
  /** In milliseconds since 1970. */
  started: z.number(),
  /** The PatchBot that made the note. Ids are used again, but not within the same second. */
  by: z.object({ id: z.int().min(1), since: z.string().min(1) }),
  /** The process group that works in the folder. */
  group: z.int().min(2).optional(),
});

export type Journal = z.output<typeof journalSchema>;

/** A title's cache folder is in use. */
export class Busy extends Error {
  constructor(by: number) {
    super(`another PatchBot (process ${by}) is building this title on this machine`);
    this.name = 'Busy';
  }
}

/**
 * Notes in a title's cache folder that a run begins, after what an earlier run left behind is cleared
 * away: a run whose note is still there was cut short (it was killed, or the machine stopped), and may
 * still be going on.
 *
 * @throws Busy when the process that made the note is still there.
 */
export async function begin(cache: string): Promise<Journal> {
  const left = await readFile(noteIn(cache), 'utf8').catch(() => undefined);
  if (left !== undefined) await clearAway(cache, left);
  self ??= identify(process.pid);
  const journal = { started: Date.now(), by: await self };
  await mkdir(cache, { recursive: true });
  await writeFile(noteIn(cache), JSON.stringify(journal));
  return journal;
}

/** Ends what an earlier run still does in the folder, and undoes what it did. */
async function clearAway(cache: string, text: string): Promise<void> {
  const left = readNote(text);
  if (left && left.by.id !== process.pid && (await isAlive(left.by))) throw new Busy(left.by.id);
  // Once it is told to end it may still write for a moment.
  for (let looks = 0; looks < 100; looks += 1) {
    const groups = await stillAtWork(cache, left?.group);
    if (groups.size === 0) break;
    for (const group of groups) signalGroup(group, 'SIGKILL');
    await setTimeout(50);
  }
  // A note that the machine did not finish says nothing of when the run began.
  if (left) await undo(cache, left);
  else await clear(cache);
}

function readNote(text: string): Journal | undefined {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Notes which process group works in the folder: at once, as this process may die before the next line. */
export function note(cache: string, journal: Journal, group: number): void {
  writeFileSync(noteIn(cache), JSON.stringify({ ...journal, group }));
}

/** Notes that the run is over, and that what it made may stay. */
export async function finish(cache: string): Promise<void> {
  await rm(noteIn(cache), { force: true });
}

/**
 * Removes what a run that came to nothing has made, so that the next one starts where the last good one
 * ended. Otherwise half a package could be taken for a whole one, and a download of which no
 * package was made would be "unchanged" ever after. Receipts stay: they say what happened.
 */
export async function undo(cache: string, journal: Journal): Promise<void> {
  for (const entry of await readdir(cache, { recursive: true, withFileTypes: true }).catch(
    () => [],
  )) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (path === noteIn(cache) || entry.parentPath.endsWith('/receipts')) continue;
    const found = await lstat(path).catch(() => undefined);
    // The time of the last change of any kind: a file can come with an older time of writing.
    if (!found || Math.max(found.mtimeMs, found.ctimeMs) >= journal.started - clockGrain)
      await rm(path, { force: true });
  }
  await finish(cache);
}

/** Removes all that is in a title's cache folder, but for the note of the run that goes on. */
export async function clear(cache: string): Promise<void> {
  for (const name of await readdir(cache))
    if (join(cache, name) !== noteIn(cache))
      await rm(join(cache, name), { recursive: true, force: true });
}

/** File systems keep time coarser than the clock. */
const clockGrain = 20;

function noteIn(cache: string): string {
  return join(cache, 'running.json');
}

/** This process; it stays the same. */
let self: Promise<Journal['by']> | undefined;

async function identify(id: number): Promise<Journal['by']> {
  return { id, since: (await ps('-o', 'lstart=', '-p', String(id))).trim() };
}

async function isAlive(known: Journal['by']): Promise<boolean> {
  const found = await identify(known.id).catch(() => undefined);
  return found?.since === known.since;
}

/**
 * The process groups of an earlier run that still work in the folder: AutoPkg, which is given the folder
 * on its command line, or what it had started, if that speaks of the folder too.
 */
async function stillAtWork(cache: string, noted: number | undefined): Promise<ReadonlySet<number>> {
  const groups = new Set<number>();
  for (const line of (await ps('-A', '-ww', '-o', 'pgid=,args=')).split('\n')) {
    const [, id, args = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    const group = Number(id);
    const autopkg = `${args} `.includes(`CACHE_DIR=${cache} `);
    if (autopkg || (group === noted && args.includes(cache))) groups.add(group);
  }
  return groups;
}

async function ps(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('ps', args, {
    // Else the same time could be written in another way by the next run.
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
