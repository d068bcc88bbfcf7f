import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { version } from '../lifecycle/version.ts';

const instant = z.string().transform((text, context) => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'no instant' });
    return z.NEVER;
  }
});

/** A download, as its server described it: enough to ask whether it has changed. */
const downloadSchema = z.object({
  /** Relative to the title's cache folder, and in it. */
  path: z
    .string()
    .refine((path) => !isAbsolute(path) && !normalize(path).startsWith('..') && path !== ''),
  /** In bytes. */
  size: z.int().min(1),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});

const memorySchema = z.object({
  /** How long the last run took that went well. */
  seconds: z.number().min(0),
  /** The last package that a run made, written once all of it was on disk. */
  package: z
    .object({
      version: z.string().transform((text) => version(text)),
      path: z.string(),
      size: z.int().min(1),
      /** The receipt of the run that made it. */
      receipt: z.string(),
      sealed: instant,
    })
    .optional(),
  /** What that package was made of. */
  downloads: z.array(downloadSchema),
});

export type Download = z.output<typeof downloadSchema>;

/**
 * What is known of a title's earlier runs. It is small and without secrets: a runner that forgets
 * everything else can be given it back (actions/cache). What it says is checked before it is believed,
 * and a title without a memory is merely built from scratch.
 */
export type Memory = z.output<typeof memorySchema>;
export type Sealed = NonNullable<Memory['package']>;

/** Reads what is remembered of a title; undefined when that is nothing, or can't be read. */
export async function recall(folder: string, title: string): Promise<Memory | undefined> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(fileOf(folder, title), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Replaces what is remembered of a title, all at once.
 *
 * @param durable whether it must be on disk before this returns, whatever happens to the machine.
 */
export async function remember(
  folder: string,
  title: string,
  memory: Memory,
  durable: boolean,
): Promise<void> {
  const file = fileOf(folder, title);
  const { package: sealed, ...rest } = memory;
  const text = JSON.stringify(
    {
      ...rest,
      ...(sealed && {
        package: { ...sealed, version: sealed.version.text, sealed: sealed.sealed.toString() },
      }),
    },
    undefined,
    2,
  );
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(`${text}\n`);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

function fileOf(folder: string, title: string): string {
  return join(folder, `${title}.json`);
}
