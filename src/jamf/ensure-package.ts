import { extname } from 'node:path';
import { type PackageId, packageId } from '../lifecycle/package.ts';
import type { Categories } from './categories.ts';
import type { Connection } from './connection.ts';
import { digestOf } from './digest.ts';
import { checkDistributionPoint } from './distribution-point.ts';
import { JamfError } from './error.ts';
import { type Arrival, awaitArrival } from './inventory.ts';
import { changedFile, checkFile, type PackageFile } from './package-file.ts';
import { createRecord, type WantedRecord, withoutEcho } from './package-record.ts';
import { type PackageRecord, recordsOf, stored } from './packages.ts';
import type { Progress } from './progress.ts';
import { type Sendable, sendFile } from './upload.ts';

/** What an upload works with. */
export interface Storage {
  readonly connection: Connection;
  readonly categories: Categories;
  readonly progress: Progress;
}

/** Where a package is in Jamf; `file` is the name that Jamf stores it by. */
export interface EnsuredPackage {
  readonly id: PackageId;
  readonly file: string;
  readonly wrote: boolean;
}

const uploads = 5;
/** How long a file that is already there, or was lost, is looked for, in milliseconds. */
const shortLook = 10_000;

/**
 * Ensures that Jamf has exactly this file. A package is known by its digest: one that is there is
 * not sent again, and one of the same name with other content is never overwritten, since policies
 * may be offering it; the new one then gets a name of its own.
 *
 * @throws JamfError when it can't be sent, or Jamf does not show it in the end.
 */
export async function ensurePackage(
  storage: Storage,
  file: PackageFile,
  wanted: WantedRecord,
): Promise<EnsuredPackage> {
  const { connection } = storage;
  const sendable = { ...file, stamp: await checkFile(file, connection.log) };
  const own = nameOfItsOwn(file);
  for (const name of [file.file, own]) {
    const isLast = name === own;
    const there = await lookFor(storage, name, file);
    if (there === 'taken') {
      if (!isLast) continue;
      throw new JamfError(`upload ${file.file}`, {
        answer: `the names ${file.file} and ${own} belong to packages with other content`,
        remedy:
          'Look at them under Settings > Packages, delete what nobody uses, and run it again.',
      });
    }
    if (there !== 'free' && there.arrived)
      return { id: packageId(there.record.id), file: name, wrote: false };
    await checkDistributionPoint(connection);
    const record =
      there === 'free'
        ? await createRecord(connection, storage.categories, name, wanted)
        : there.record;
    const arrival = await send(storage, record, sendable);
    if (arrival === 'arrived') return { id: packageId(record.id), file: name, wrote: true };
    if (there === 'free' || isLast) throw notArrived(name, record.id, arrival);
    connection.log(
      `Jamf Pro: the name ${name} is spoilt by an earlier upload that failed (package ${record.id}); it goes up as ${own}. Delete package ${record.id} when nothing uses it`,
    );
  }
  throw new Error('unreachable: the last name returns or throws');
}

/** Whether the name is free, belongs to other content, or to a record that lacks its file. */
async function lookFor(
  { connection }: Storage,
  name: string,
  { digest }: PackageFile,
): Promise<'free' | 'taken' | { readonly record: PackageRecord; readonly arrived: boolean }> {
  const records = await recordsOf(connection, name);
  const complete = (one: PackageRecord) => stored(one).digest && stored(one).ready !== false;
  const same = records.find((one) => complete(one) && stored(one).digest === digest);
  if (same) return { record: same, arrived: true };
  const lacking = records.find((one) => one.fileName === name && !complete(one));
  if (!lacking) return records.length > 0 ? 'taken' : 'free';

  connection.log(
    `Jamf Pro: the package ${lacking.id} has the name ${name} and no file yet: looking whether an earlier upload has arrived`,
  );
  const sent = { id: lacking.id, file: name, digest };
  const arrival = await awaitArrival(connection, sent, undefined, shortLook);
  if (arrival === 'arrived') return { record: lacking, arrived: true };
  if (arrival === 'other') return 'taken';
  return { record: lacking, arrived: false };
}

/** Sends the file into the record until it has arrived; a few times, where Jamf loses it. */
async function send(
  { connection, progress }: Storage,
  record: PackageRecord,
  file: Sendable,
): Promise<Arrival> {
  const to = { id: record.id, file: record.fileName, digest: file.digest };
  const patience = 10 * 60_000 + Math.ceil(file.size / 1024 ** 3) * 2 * 60_000;
  const before = await withoutEcho(connection, record, file.digest);
  for (let attempt = 1; ; attempt += 1) {
    let arrival: Arrival;
    try {
      await sendFile(connection, progress, to, file);
      arrival = await awaitArrival(connection, to, before, patience);
      if (arrival === 'arrived' || arrival === 'pending') return arrival;
      if (arrival === 'other' && (await digestOf(file.path)) !== file.digest)
        throw changedFile(to.file);
      connection.log(
        `Jamf Pro: ${to.file} was sent, but ${arrivalText(arrival)}${attempt < uploads ? '; sending it again' : ''}`,
      );
    } catch (error) {
      if (!(error instanceof JamfError) || !error.unclear) throw error;
      connection.log(`${error.message} Looking whether it has arrived all the same`);
      arrival = await awaitArrival(connection, to, before, shortLook);
      if (arrival === 'arrived') return arrival;
      if (attempt >= uploads) throw error;
    }
    if (attempt >= uploads) return arrival;
    await connection.wait(10_000);
  }
}

/** The file's name with the start of its digest: "Firefox-127.0-1a2b3c4d.pkg". */
function nameOfItsOwn({ file, digest }: PackageFile): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}-${digest.slice(0, 8)}${extension}`;
}

function arrivalText(arrival: Arrival): string {
  switch (arrival) {
    case 'empty':
      return 'Jamf Pro has lost it on the way to its storage (size 0)';
    case 'other':
      return 'what Jamf Pro stores has another digest';
    default:
      return 'Jamf Pro has not made it available ("availability pending")';
  }
}

function notArrived(name: string, of: string, arrival: Arrival): JamfError {
  return new JamfError(`upload ${name}`, {
    answer: `package ${of} is sent, but ${arrivalText(arrival)}`,
    remedy:
      arrival === 'pending'
        ? 'Run it again later: what has arrived by then is not sent again. If it stays so, delete the package in Jamf Pro and look at the cloud distribution point.'
        : 'Look at the cloud distribution point in Jamf Pro, and at https://status.jamf.com; then run it again.',
  });
}
