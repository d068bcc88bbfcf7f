import { randomBytes } from 'node:crypto';

/**
 * A multipart/form-data body around one file (RFC 7578), whose length is known before it is read.
 */
export interface Multipart {
  readonly type: string;
  readonly head: Buffer;
  readonly tail: Buffer;
  /** Of the whole body, in bytes. */
  readonly length: number;
}

/**
 * Jamf stores the file under the name given here, which must be the record's `fileName`. The name
 * is escaped as HTML forms do ("multipart/form-data encoding algorithm").
 */
export function multipart(fileName: string, size: number): Multipart {
  const boundary = `patchbot-${randomBytes(16).toString('hex')}`;
  const name = fileName.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const head = Buffer.from(
    [
      `--${boundary}`,
      `Content-Disposition: form-data; name="file"; filename="${name}"`,
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n'),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    head,
    tail,
    length: head.length + size + tail.length,
  };
}
