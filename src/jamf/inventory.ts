import type { Digest } from '../lifecycle/package.ts';
import { calls } from './calls.ts';
import { type Connection, nothing } from './connection.ts';
import { JamfError } from './error.ts';
import { recordById, type StoredPackage, stored } from './packages.ts';

/**
 * What became of an uploaded file:
 * - `arrived`: Jamf's own digest of it is ours, and Macs can get it;
 * - `empty`: Jamf has lost it on the way to its storage;
 * - `other`: what Jamf stores is not what was sent;
 * - `pending`: Jamf doesn't say yet ("availability pending").
 */
export type Arrival = 'arrived' | 'empty' | 'other' | 'pending';

/** How long to wait between looks, in milliseconds; the last one over and over. */
const looks = [500, 1_000, 2_000, 3_000, 5_000];
const tellEvery = 30_000;

/**
 * Has Jamf look at its storage and waits until it shows the digest of the file that was sent. Jamf
 * computes it by itself for a new package, and after a refresh for a replaced one; the refresh
 * works on the node that is asked, and so is asked for again each time.
 *
 * @param before the digest that the record had before the upload: it says nothing.
 * @param patience how long to wait, in milliseconds.
 */
export async function awaitArrival(
  connection: Connection,
  sent: { readonly id: string; readonly file: string; readonly digest: Digest },
  before: Digest | undefined,
  patience: number,
): Promise<Arrival> {
  let waited = 0;
  let told = 0;
  let odd: Arrival | undefined;
  for (let look = 0; ; look += 1) {
    await refresh(connection, sent.file);
    const record = await recordById(connection, sent.id);
    const seen = record ? arrivalOf(stored(record), sent.digest, before) : 'pending';
    // What speaks against it must be seen twice: a look in the middle of Jamf's own work sees half
    // of it.
    if (seen === 'arrived' || (seen !== 'pending' && seen === odd)) return seen;
    odd = seen;
    if (waited >= patience) return 'pending';
    const pause = looks[Math.min(look, looks.length - 1)] ?? 0;
    await connection.wait(pause);
    waited += pause;
    if (waited - told >= tellEvery) {
      told = waited;
      connection.log(
        `Jamf Pro: ${sent.file} is sent, and Jamf has not made it available yet (${Math.round(waited / 1000)} s)`,
      );
    }
  }
}

function arrivalOf(
  { digest, ready, size }: StoredPackage,
  wanted: Digest,
  before: Digest | undefined,
): Arrival {
  if (digest === undefined) return 'pending';
  if (digest !== wanted) return digest === before ? 'pending' : 'other';
  if (size === 0) return 'empty';
  return ready === false ? 'pending' : 'arrived';
}

/**
 * Without it Jamf may still look by itself, so a server that refuses is told and not insisted on.
 */
async function refresh(connection: Connection, file: string): Promise<void> {
  const asked = {
    tried: `refresh Jamf's inventory of ${file}`,
    query: { 'file-name': file },
    read: nothing,
  };
  try {
    await connection.ask(calls.refreshInventory, asked);
  } catch (error) {
    if (!(error instanceof JamfError)) throw error;
    if (error.status !== 404) return connection.log(error.message);
    // Before 11.25 the call had another address.
    await connection.ask(calls.refreshInventoryBefore, asked).catch((older: unknown) => {
      if (!(older instanceof JamfError)) throw older;
      connection.log(older.message);
    });
  }
}
