import { calls } from './calls.ts';
import { type Connection, nothing } from './connection.ts';
import { growingDigest, piecesOf } from './digest.ts';
import { JamfError } from './error.ts';
import { multipart } from './multipart.ts';
import type { PackageFile } from './package-file.ts';
import { type Progress, sizeText, type Transfer } from './progress.ts';

/**
 * Jamf moves a file on to its storage before it answers, so it may be silent for long, in
 * milliseconds.
 */
const silence = 20 * 60_000;
/** A token that ends while the body is on its way can cost the whole upload, in milliseconds. */
const tokenFor = 15 * 60_000;

/**
 * Sends a package's file once, in pieces, whatever its size; the digest is computed on the way.
 *
 * @throws JamfError when it fails; `unclear` when it may have arrived all the same.
 */
export async function sendFile(
  connection: Connection,
  progress: Progress,
  to: { readonly id: string; readonly file: string },
  from: PackageFile,
): Promise<void> {
  const tried = `upload ${to.file}`;
  const form = multipart(to.file, from.size);
  const transfer = progress.begin(`Uploading ${to.file} (${sizeText(from.size)})`, from.size);
  let changed: JamfError | undefined;
  try {
    await connection.ask(calls.uploadPackage, {
      tried,
      id: to.id,
      body: {
        type: form.type,
        length: form.length,
        stream: () =>
          pieces(form, from, transfer, () => {
            changed = new JamfError(tried, {
              answer: 'the file has changed since its digest was computed',
              remedy:
                'Something writes to it: look whether two AutoPkg runs share a cache, and run again.',
            });
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

/** The body; one whose file has changed is never completed, so that Jamf does not take it. */
async function* pieces(
  { head, tail }: { readonly head: Buffer; readonly tail: Buffer },
  from: PackageFile,
  transfer: Transfer,
  changed: () => Error,
): AsyncGenerator<Buffer> {
  const hash = growingDigest();
  let sent = 0;
  yield head;
  for await (const piece of piecesOf(from.path)) {
    hash.update(piece);
    sent += piece.length;
    if (sent > from.size) throw changed();
    // The last piece is held back until the digest is known.
    if (sent === from.size && hash.copy().digest('hex') !== from.digest) throw changed();
    yield piece;
    transfer.at(sent);
  }
  if (sent !== from.size) throw changed();
  yield tail;
}
