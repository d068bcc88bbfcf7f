import { z } from 'zod';
import { type Digest, digest, type PackageId, packageId } from '../lifecycle/package.ts';
import { readJson } from './answer.ts';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { id, text } from './field.ts';
import { allPages, quoted } from './paging.ts';

/** A package as Jamf Pro has it. */
export interface StoredPackage {
  readonly id: PackageId;
  readonly file: string;
  readonly name: string;
  /** In bytes; any change of the record blanks it until the next refresh of the inventory. */
  readonly size?: number;
  /** Absent where Jamf has no SHA3-512 of the file. */
  readonly digest?: Digest;
  /** Whether Jamf says that the file is where Macs can get it; absent where it says nothing. */
  readonly ready?: boolean;
}

/** "234" is bytes; "234KB", the schema's example, says no more than whether there is anything at all. */
function bytesIn(size: string | number | null | undefined): number | undefined {
  const text = String(size ?? '').trim();
  if (/^\d+$/.test(text)) return Number(text);
  return /^0+(\.0+)?\s*[KMGT]?B$/i.test(text) ? 0 : undefined;
}

/** Schema `Package`. All of it is kept, since a PUT replaces the whole record. */
export const packageRecord = z.looseObject({
  id,
  packageName: z.string(),
  fileName: z.string(),
  cloudTransferStatus: text,
  size: z.union([z.string(), z.number()]).nullish().transform(bytesIn),
  sha3512: text,
  hashType: text,
  hashValue: text,
});
export type PackageRecord = z.infer<typeof packageRecord>;

/** How long a filter may be in an address, in characters: many servers stop at 8 KiB. */
const longestFilter = 6_000;

/** The packages with these ids, asked for many at a time; what is not there is left out. */
export async function packagesById(
  connection: Connection,
  ids: readonly PackageId[],
): Promise<ReadonlyMap<PackageId, StoredPackage>> {
  const found = new Map<PackageId, StoredPackage>();
  const wanted = new Set<string>(ids);
  for (const group of groups([...wanted])) {
    const records = await allPages(connection, calls.packages, packageRecord, {
      tried: 'read the packages',
      query: { filter: `id=in=(${group.join(',')})`, sort: 'id:asc' },
    });
    for (const record of records)
      if (wanted.has(record.id)) found.set(packageId(record.id), stored(record));
  }
  return found;
}

/** Splits ids so that each group fits into one filter. */
function groups(ids: readonly string[]): string[][] {
  const all: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const one of ids) {
    // A comma takes three characters in an address.
    length += one.length + 3;
    if (length > longestFilter) {
      all.push([]);
      length = one.length;
    }
    all.at(-1)?.push(one);
  }
  return all;
}

/** The package with this id; `undefined` when it is not there (any more). */
export async function packageById(
  connection: Connection,
  of: PackageId,
): Promise<StoredPackage | undefined> {
  const record = await recordById(connection, of);
  return record && stored(record);
}

export function recordById(connection: Connection, of: string): Promise<PackageRecord | undefined> {
  return connection.find(calls.package, {
    tried: `read the package ${of}`,
    id: of,
    read: (answer) => readJson(answer, packageRecord),
  });
}

/** The records that have this file or name, exactly: none, one or, by mistake, many. */
export async function recordsOf(
  connection: Connection,
  file: string,
): Promise<readonly PackageRecord[]> {
  const records = await allPages(connection, calls.packages, packageRecord, {
    tried: `look for the package ${file}`,
    query: { filter: `fileName==${quoted(file)},packageName==${quoted(file)}`, sort: 'id:asc' },
  });
  return records.filter(({ fileName, packageName }) => fileName === file || packageName === file);
}

/** What the record says of its package. */
export function stored(record: PackageRecord): StoredPackage {
  const { fileName, packageName, size, cloudTransferStatus } = record;
  const known = digestIn(record);
  return {
    id: packageId(record.id),
    file: fileName,
    name: packageName,
    ...(size !== undefined && { size }),
    ...(known && { digest: known }),
    ...(cloudTransferStatus && { ready: cloudTransferStatus === 'READY' }),
  };
}

/** The SHA3-512 in the record: `hashValue` where it is of that type, else the field of its own. */
function digestIn({ hashType, hashValue, sha3512 }: PackageRecord): Digest | undefined {
  const isSha3 = hashType?.replace(/[-_]/g, '').toUpperCase() === 'SHA3512';
  const value = isSha3 && hashValue ? hashValue : sha3512;
  try {
    return value ? digest(value) : undefined;
  } catch {
    return undefined;
  }
}
