import { describe, expect, it } from 'vitest';
import { asBar, inGroups, progressText, sizeText } from '../../src/jamf/progress.ts';
import { durationText } from '../../src/text/duration.ts';

const gib = 1024 ** 3;

describe('how far an upload is', () => {
  it('is said in percent, speed and time that remains', () => {
    expect(progressText(gib, 4 * gib, 10)).toBe('25 % of 4.00 GiB, 107.4 MB/s, 30 s remaining');
  });

  it('is said at the very start, when no speed is known', () => {
    expect(progressText(0, gib, 0)).toBe('0 % of 1.00 GiB, 0.0 MB/s');
  });

  it('is said in words that fit', () => {
    expect([0, 500, 2048, 5 * 1024 ** 2, 2.5 * gib].map(sizeText)).toEqual([
      '0 bytes',
      '500 bytes',
      '2 KiB',
      '5 MiB',
      '2.50 GiB',
    ]);
    expect([3.4, 75, 3 * 3600 + 61].map(durationText)).toEqual(['3 s', '1 min 15 s', '3 h 1 min']);
  });
});

describe('in an Actions log', () => {
  it('an upload is a group of its own', () => {
    const lines: string[] = [];
    const transfer = inGroups((line) => lines.push(line)).begin('Uploading X.pkg', 10);
    transfer.at(10);
    transfer.end();
    expect(lines).toEqual(['::group::Uploading X.pkg', '::endgroup::']);
  });
});

describe('at a terminal', () => {
  it('an upload is a bar on one line, which is wiped in the end', () => {
    const written: string[] = [];
    const terminal = { columns: 120, write: (text: string) => written.push(text) };
    const transfer = asBar(terminal).begin('Uploading X.pkg', 100);
    transfer.at(50);
    transfer.at(100);
    transfer.end();
    expect(written[0]).toMatch(/\r.*Uploading X\.pkg: 50 % of 100 bytes.*\[={15} {15}\]$/s);
    expect(written[1]).toMatch(/\[={30}\]$/);
    expect(written.join('')).not.toContain('\n');
    expect(written.at(-1)).toBe('\r\u001b[2K');
  });
});
