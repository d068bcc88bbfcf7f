import { calls } from './calls.ts';
import { type Connection, nothing } from './connection.ts';
import { piecesOf } from './digest.ts';
import type { JamfError } from './error.ts';
import { multipart } from './multipart.ts';
import { changedFile, isUnchanged, type PackageFile, type Stamp } from './package-file.ts';
import { type Progress, sizeText, type Transfer } from './progress.ts';

/**
 * Jamf moves a file on to its storage before it answers, so it may be silent for long, in
 * milliseconds.
 */
const silence = 20 * 60_000;
/** A token that ends while the body is on its way can cost the whole upload, in milliseconds. */
const tokenFor = 15 * 60_000;

/** A file to be sent, and by what it is known to be still the same. */
export interface Sendable extends PackageFile {
  readonly stamp: Stamp;
}

/**
 * Sends a package's file once, in pieces, whatever its size. Whether it is what was built, Jamf's
 * own digest tells afterwards; one that changes on the way is never completed, so that Jamf does
 * not take it.
 *
 * @throws JamfError when it fails; `unclear` when it may have arrived all the same.
 */
export async function sendFile(
  connection: Connection,
  progress: Progress,
  to: { readonly id: string; readonly file: string },
  from: Sendable,
): Promise<void> {
  const form = multipart(to.file, from.size);
  const transfer = progress.begin(`Uploading ${to.file} (${sizeText(from.size)})`, from.size);
  let changed: JamfError | undefined;
  try {
    await connection.ask(calls.uploadPackage, {
      tried: `upload ${to.file}`,
      id: to.id,
      body: {
        type: form.type,
        length: form.length,
        stream: () =>
          pieces(form, from, transfer, () => {
            changed = changedFile(to.file);
            return changed;
          }),
      },
      read: nothing,
      silence,
      tokenFor,
    });
  } catch (error) {
    throw changed ?? error;
  } finally {
    transfer.end();
  }
}

async function* pieces(
  { head, tail }: { readonly head: Buffer; readonly tail: Buffer },
  { path, size, stamp }: Sendable,
  transfer: Transfer,
  changed: () => Error,
): AsyncGenerator<Buffer> {
  let sent = 0;
  yield head;
  for await (const piece of piecesOf(path)) {
    sent += piece.length;
    // The last piece is held back until it is known that nothing was written meanwhile.
    if (sent > size || (sent === size && !(await isUnchanged(path, stamp)))) throw changed();
    yield piece;
    transfer.at(sent);
  }
  if (sent !== size) throw changed();
  yield tail;
}
