import { execFile } from 'node:child_process';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Download } from './memory.ts';

const run = promisify(execFile);

/**
 * Lays a file in place of a download that is no longer there, so that AutoPkg asks its server whether it
 * has changed. It has the size of the download, no content, and what the server said of it, in the two
 * places where AutoPkg keeps that:
 * - URLDownloader in extended attributes of the file (`store_headers`; "user." before them on Linux);
 * - URLDownloaderPython, and URLDownloader from AutoPkg 3, in `<file>.info.json` beside it.
 *
 * It must never be taken for the download: nothing but `autopkg run --check` may see it.
 *
 * @param cache the cache folder of a run that only checks.
 * @throws Error when the attributes can't be set; then AutoPkg would download the file again.
 */
export async function layPlaceholder(cache: string, download: Download): Promise<void> {
  const path = join(cache, download.path);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  await file.truncate(download.size);
  await file.close();
  const { size, etag, lastModified } = download;
  await writeFile(
    `${path}.info.json`,
    JSON.stringify({
      file_name: basename(path),
      file_size: size,
      http_headers: {
        'Content-Length': size,
        ETag: etag ?? null,
        'Last-Modified': lastModified ?? null,
      },
    }),
  );
  if (etag !== undefined) await setAttribute(path, 'etag', etag);
  if (lastModified !== undefined) await setAttribute(path, 'last-modified', lastModified);
}

/** Node can't set extended attributes; a Mac has a command for it, and elsewhere Python can. */
async function setAttribute(path: string, name: string, value: string): Promise<void> {
  const attribute = `com.github.autopkg.${name}`;
  if (process.platform === 'darwin') await run('/usr/bin/xattr', ['-w', attribute, value, path]);
  else {
    const set = 'import os, sys; os.setxattr(sys.argv[1], sys.argv[2], sys.argv[3].encode())';
    await run('python3', ['-c', set, path, `user.${attribute}`, value]);
  }
}
