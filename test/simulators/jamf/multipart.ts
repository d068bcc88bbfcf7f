import { createHash } from 'node:crypto';
import { ApiRefusal } from './errors.ts';

export interface ReceivedFile {
  readonly fileName: string;
  readonly size: number;
  readonly sha3512: string;
}

const LONGEST_HEAD = 16 * 1024;

/**
 * Takes the one file of a multipart/form-data body (RFC 7578) as it comes in. Nothing of it is kept
 * but its size and digest, and no chunk of it is copied, so that it keeps up with the client.
 *
 * @param digestOf the digest of a file by this name, where it is known and need not be computed
 * @throws ApiRefusal (400) when the body is no such thing, or ends too early
 */
export async function receiveFile(
  body: AsyncIterable<Buffer>,
  contentType: string | undefined,
  digestOf: (fileName: string) => string | undefined,
): Promise<ReceivedFile> {
  const given = /^multipart\/form-data;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '');
  const boundary = given?.[1] ?? given?.[2];
  if (boundary === undefined) throw bad('Content-Type must be multipart/form-data with a boundary');
  const end = Buffer.from(`\r\n--${boundary}`);
  let start: Buffer = Buffer.alloc(0);
  let file: { readonly fileName: string; readonly content: Content } | undefined;
  for await (const chunk of body) {
    if (file) {
      file.content.take(chunk);
      continue;
    }
    start = Buffer.concat([start, chunk]);
    const head = partHead(start, boundary);
    if (!head) continue;
    const { fileName } = head;
    file = { fileName, content: new Content(end, digestOf(fileName)) };
    file.content.take(start.subarray(head.length));
  }
  if (!file?.content.isComplete) throw bad('The multipart body ends before its last boundary');
  return { fileName: file.fileName, ...file.content.sum() };
}

/** Everything up to a line that ends it, however it is cut into chunks. */
class Content {
  isComplete = false;
  readonly #end: Buffer;
  readonly #known: string | undefined;
  readonly #hash = createHash('sha3-512');
  #size = 0;
  /** The last bytes, in which the end may have begun. */
  #held: Buffer = Buffer.alloc(0);

  constructor(end: Buffer, known: string | undefined) {
    this.#end = end;
    this.#known = known;
  }

  take(chunk: Buffer): void {
    // Whatever follows the end is of no interest, but has to be read.
    if (this.isComplete) return;
    const longest = this.#end.length - 1;
    const seam = Buffer.concat([this.#held, chunk.subarray(0, longest)]);
    const inSeam = seam.indexOf(this.#end);
    const inChunk = inSeam < 0 ? chunk.indexOf(this.#end) : inSeam - this.#held.length;
    if (inSeam >= 0 || inChunk >= 0) {
      this.isComplete = true;
      this.#keep(this.#held.subarray(0, this.#held.length + Math.min(0, inChunk)));
      this.#keep(chunk.subarray(0, Math.max(0, inChunk)));
      return;
    }
    if (chunk.length < longest) {
      const sure = Math.max(0, seam.length - longest);
      this.#keep(seam.subarray(0, sure));
      this.#held = seam.subarray(sure);
      return;
    }
    this.#keep(this.#held);
    this.#keep(chunk.subarray(0, chunk.length - longest));
    this.#held = chunk.subarray(chunk.length - longest);
  }

  sum(): { size: number; sha3512: string } {
    return { size: this.#size, sha3512: this.#known ?? this.#hash.digest('hex') };
  }

  #keep(bytes: Buffer): void {
    if (this.#known === undefined) this.#hash.update(bytes);
    this.#size += bytes.length;
  }
}

function partHead(
  start: Buffer,
  boundary: string,
): { fileName: string; length: number } | undefined {
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
  return { fileName: decoded, length: at + 4 };
}

const bad = (why: string): ApiRefusal => new ApiRefusal(400, 'INVALID_MULTIPART', why, 'file');
