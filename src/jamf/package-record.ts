import { z } from 'zod';
import type { Digest } from '../lifecycle/package.ts';
import { readJson } from './answer.ts';
import { calls } from './calls.ts';
import type { Categories } from './categories.ts';
import { type Connection, json, nothing } from './connection.ts';
import { JamfError } from './error.ts';
import { id } from './field.ts';
import { type PackageRecord, recordById, recordsOf, stored } from './packages.ts';
import { lookUntil } from './retry.ts';

/** What the record of a new package says. */
export interface WantedRecord {
  /** The category's name. */
  readonly category: string;
  readonly info: string;
}

/**
 * The digest that the record has before the upload. One that is ours while there is no file was put
 * there by somebody who uploads as well: Jamf would show it as soon as it is asked, so it is taken
 * out.
 */
export async function withoutEcho(
  connection: Connection,
  record: PackageRecord,
  digest: Digest,
): Promise<Digest | undefined> {
  const before = stored(record).digest;
  if (before !== digest) return before;
  const { id: of, ...rest } = record;
  await connection.ask(calls.changePackage, {
    tried: `clear the digest of the package ${of}, which has no file`,
    id: of,
    body: json({
      ...rest,
      size: undefined,
      cloudTransferStatus: undefined,
      indexed: undefined,
      md5: null,
      sha256: null,
      sha3512: null,
      hashType: null,
      hashValue: null,
    }),
    read: nothing,
  });
  return undefined;
}

/** Makes a record without a file, and without a digest, which Jamf would only echo. */
export async function createRecord(
  connection: Connection,
  categories: Categories,
  name: string,
  { category, info }: WantedRecord,
): Promise<PackageRecord> {
  const tried = `create the package ${name}`;
  const categoryId = await categories.idOf(category);
  const post = () =>
    connection.ask(calls.createPackage, {
      tried,
      body: json({
        packageName: name,
        fileName: name,
        categoryId,
        info,
        priority: 10,
        fillUserTemplate: false,
        rebootRequired: false,
        osInstall: false,
        suppressUpdates: false,
        suppressFromDock: false,
        suppressEula: false,
        suppressRegistration: false,
      }),
      read: (answer) => readJson(answer, z.object({ id })).id,
    });
  const find = async () => (await recordsOf(connection, name)).find((one) => one.fileName === name);
  let created: string;
  try {
    created = await post();
  } catch (error) {
    if (!(error instanceof JamfError) || !error.unclear) throw error;
    connection.log(`${error.message} Looking whether it was done`);
    await connection.wait(2_000);
    const found = await find();
    if (found) return found;
    created = await post();
  }
  // Another node of Jamf Cloud may not know it for a minute.
  const { seen } = await lookUntil(
    connection.wait,
    () => recordById(connection, created),
    (record) => record !== undefined,
  );
  if (seen) return seen;
  throw new JamfError(tried, {
    answer: `Jamf Pro said that it is package ${created}, but does not show it`,
    remedy: 'Run it again.',
  });
}
