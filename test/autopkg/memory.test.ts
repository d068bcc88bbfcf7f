import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Memory, recall, remember } from '../../src/autopkg/memory.ts';
import { version } from '../../src/lifecycle/version.ts';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'patchbot-memory-')), 'memory');
});

afterEach(() => rm(join(folder, '..'), { recursive: true }));

const memory: Memory = {
  seconds: 12.5,
  package: {
    version: version('127.0'),
    path: '/cache/firefox/Firefox-127.0.pkg',
    size: 100,
    receipt: '/cache/firefox/receipts/r.plist',
    sealed: Temporal.Instant.from('2026-09-07T04:00:00Z'),
  },
  downloads: [{ path: 'local.pkg.Firefox/downloads/F.dmg', size: 90, etag: '"a"' }],
};

describe('what is remembered of a title', () => {
  it('is read as it was written', async () => {
    await remember(folder, 'firefox', memory, true);
    expect(await recall(folder, 'firefox')).toEqual(memory);
    const { package: _sealed, ...rest } = memory;
    await remember(folder, 'firefox', rest, false);
    expect(await recall(folder, 'firefox')).toEqual(rest);
  });

  it.each([
    ['is not there', undefined],
    ['is half a file', '{"seconds": 1, "down'],
    ['lacks something', '{"seconds": 1}'],
    ['names a file outside the cache', text({ path: '../../etc/passwd', size: 1 })],
    ['names a file by its whole path', text({ path: '/etc/passwd', size: 1 })],
    ['has a size that is none', text({ path: 'a', size: -1 })],
  ])('is nothing when it %s', async (_what, content) => {
    await mkdir(folder, { recursive: true });
    if (content !== undefined) await writeFile(join(folder, 'firefox.json'), content);
    expect(await recall(folder, 'firefox')).toBeUndefined();
  });
});

function text(download: object): string {
  return JSON.stringify({ seconds: 1, downloads: [download] });
}
