import { expect, it } from 'vitest';
import { multipart } from '../../src/jamf/multipart.ts';

it('wraps a file in one part named "file", and knows the length before', () => {
  const { head, tail, length, type } = multipart('Firefox-127.0.pkg', 5);
  const boundary = /boundary=(\S+)$/.exec(type)?.[1] ?? '';
  expect(Buffer.concat([head, Buffer.from('12345'), tail]).toString()).toBe(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="file"; filename="Firefox-127.0.pkg"',
      'Content-Type: application/octet-stream',
      '',
      '12345',
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );
  expect(length).toBe(head.length + 5 + tail.length);
});

it('lets no file name end its quotes or begin a header of its own', () => {
  const { head } = multipart('a"\r\nX-Evil: 1\r\n\r\n.pkg', 0);
  expect(head.toString().split('\r\n')).toHaveLength(5);
  expect(head.toString()).toContain('filename="a%22%0D%0AX-Evil: 1%0D%0A%0D%0A.pkg"');
});

it('keeps letters beyond ASCII, and counts their bytes', () => {
  const { head, length, tail } = multipart('Büro – 日本.pkg', 0);
  expect(head.toString('utf8')).toContain('filename="Büro – 日本.pkg"');
  expect(length).toBe(head.length + tail.length);
});
