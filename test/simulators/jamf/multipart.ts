import { createHash } from 'node:crypto';
import { ApiRefusal } from './errors.ts';

export interface ReceivedFile {
  readonly field: string;
  readonly fileName: string;
  readonly size: number;
  readonly sha3512: string;
  readonly md5: string;
}

const LONGEST_HEAD = 16 * 1024;

/**
 * Takes the one file of a multipart/form-data body (RFC 7578) as it comes in. Nothing of it is kept
 * but its size and digests.
 *
 * @throws ApiRefusal (400) when the body is no such thing, or ends too early
 */
export async function receiveFile(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
): Promise<ReceivedFile> {
  const boundary = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(
    contentType ?? '',
  );
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw bad('Content-Type must be multipart/form-data with a boundary');
  const end = Buffer.from(`\r\n--${name}`);
  const [sha3512, md5] = [createHash('sha3-512'), createHash('md5')];
  let head: { field: string; fileName: string } | undefined;
  let rest: Buffer = Buffer.alloc(0);
  let size = 0;
  let complete = false;
  const take = (bytes: Buffer): void => {
    sha3512.update(bytes);
    md5.update(bytes);
    size += bytes.length;
  };
  for await (const chunk of body) {
    // Whatever follows the file's end is of no interest, but has to be read.
    if (complete) continue;
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!head) {
      const found = partHead(rest, name);
      if (!found) continue;
      head = found.head;
      rest = rest.subarray(found.length);
    }
    const at = rest.indexOf(end);
    complete = at >= 0;
    const sure = complete ? at : Math.max(0, rest.length - end.length);
    take(rest.subarray(0, sure));
    rest = rest.subarray(sure);
  }
  if (!head || !complete) throw bad('The multipart body ends before its last boundary');
  return { ...head, size, sha3512: sha3512.digest('hex'), md5: md5.digest('hex') };
}

function partHead(
  start: Buffer,
  boundary: string,
): { head: { field: string; fileName: string }; length: number } | undefined {
  const at = start.indexOf('\r\n\r\n');
  if (at < 0) {
    if (start.length > LONGEST_HEAD) throw bad('The head of the part has no end');
    return undefined;
  }
  const lines = start.subarray(0, at).toString('utf8').split('\r\n');
  if (lines[0] !== `--${boundary}`) throw bad('The body does not begin with its boundary');
  const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? '';
  const field = /\bname="([^"]*)"/i.exec(disposition)?.[1];
  const fileName = /\bfilename="([^"]*)"/i.exec(disposition)?.[1];
  if (field !== 'file' || !fileName) throw bad('Expected one part named "file" with a filename');
  // A form's file name has its quotes and line ends percent-encoded (HTML, "multipart form data").
  const decoded = fileName.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n');
  return { head: { field, fileName: decoded }, length: at + 4 };
}

const bad = (why: string): ApiRefusal => new ApiRefusal(400, 'INVALID_MULTIPART', why, 'file');
