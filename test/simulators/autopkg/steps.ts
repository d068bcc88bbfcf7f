import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorIn } from './failing.ts';
import { contentOf, type Recipe } from './recipe.ts';

type Values = { readonly [key: string]: unknown };

/** A step as the receipt has it. */
export interface Step {
  readonly Processor: string;
  readonly Input: Values;
  readonly Output: Values;
}

/** The recipe's steps in their order, each done only when it is asked for. */
export function* stepsOf(
  name: string,
  recipe: Recipe,
  cache: string,
  tell: (text: string) => void,
  pkg?: string,
): Generator<Step | { readonly failed: string; readonly step: string }> {
  const downloads = join(cache, 'downloads');
  const pathname = pkg ?? join(downloads, `${name}.pkg`);
  const url = recipe.url ?? `https://downloads.example.com/${encodeURIComponent(name)}.pkg`;
  const requirement =
    recipe.requirement ??
    `identifier "com.example.${name}" and anchor apple generic and certificate leaf[subject.OU] = ABCDE12345`;
  const say = (text: string) => {
    tell(text);
    if (recipe.milliseconds) sleep(recipe.milliseconds);
  };
  const failed = (step: string) => {
    const error = errorIn(step, recipe.failing, requirement);
    return error === undefined ? undefined : { failed: error, step };
  };

  say('URLDownloader');
  mkdirSync(downloads, { recursive: true });
  const unreachable = failed('URLDownloader');
  if (unreachable) return yield unreachable;
  const { version } = recipe;
  const content = version === undefined ? undefined : contentOf(name, version);
  const etag = `"${name}-${version}"`;
  const changed = pkg !== undefined || (content !== undefined && !isThere(pathname, content, etag));
  if (pkg !== undefined) say(`URLDownloader: Given ${pkg}, no download needed.`);
  else if (changed) {
    writeFileSync(join(downloads, 'tmpdownload'), content ?? '');
    renameSync(join(downloads, 'tmpdownload'), pathname);
    say(`URLDownloader: Downloaded ${pathname}`);
  } else {
    say('URLDownloader: Item at URL is unchanged.');
    say(`URLDownloader: Using existing ${pathname}`);
  }
  yield {
    Processor: 'URLDownloader',
    Input: { filename: `${name}.pkg`, url },
    Output: {
      pathname,
      ...(changed && {
        download_changed: true,
      }),
      ...(changed &&
        pkg === undefined && {
          etag,
          last_modified: 'Mon, 07 Sep 2026 04:00:00 GMT',
          ...summary('url_downloader', 'The following new items were downloaded:', {
            download_path: pathname,
          }),
        }),
    },
  };

  say('EndOfCheckPhase');
  yield { Processor: 'EndOfCheckPhase', Input: {}, Output: {} };

  say('StopProcessingIf');
  yield {
    Processor: 'StopProcessingIf',
    Input: { predicate: 'download_changed == FALSE' },
    Output: changed ? {} : { stop_processing_recipe: true },
  };
  if (!changed) return;

  say('CodeSignatureVerifier');
  const untrusted = failed('CodeSignatureVerifier');
  if (untrusted) return yield untrusted;
  say('CodeSignatureVerifier: Signature is valid');
  yield {
    Processor: 'CodeSignatureVerifier',
    Input: { input_path: join(cache, 'unpacked', `${name}.app`), requirement },
    Output: {},
  };

  say('Versioner');
  yield {
    Processor: 'Versioner',
    Input: { input_plist_path: join(cache, 'unpacked', 'Info.plist') },
    Output: { version: String(version) },
  };

  say('PkgCopier');
  const broken = failed('PkgCopier');
  if (broken) return yield broken;
  const pkg_path = join(cache, `${name}-${version}.pkg`);
  copyInHalves(pathname, pkg_path, recipe.milliseconds ?? 0);
  say(`PkgCopier: Copied ${pathname} to ${pkg_path}`);
  yield {
    Processor: 'PkgCopier',
    Input: { pkg_path, source_pkg: pathname },
    Output: {
      pkg_path,
      ...summary('pkg_copier', 'The following packages were copied:', { pkg_path }),
    },
  };
}

/** Whether the file is there, or what its server said of it when it was. */
function isThere(pathname: string, content: Buffer, etag: string): boolean {
  if (!existsSync(pathname)) return false;
  const info = `${pathname}.info.json`;
  if (existsSync(info) && JSON.parse(readFileSync(info, 'utf8')).http_headers.ETag === etag)
    return true;
  return readFileSync(pathname).equals(content);
}

/** Copies as any copy does: for a while the file is there, and not whole. */
function copyInHalves(from: string, to: string, milliseconds: number): void {
  const content = readFileSync(from);
  const half = Math.floor(content.length / 2);
  writeFileSync(to, content.subarray(0, half));
  if (milliseconds) sleep(milliseconds);
  appendFileSync(to, content.subarray(half));
}

function summary(processor: string, summary_text: string, data: Values): Values {
  return { [`${processor}_summary_result`]: { summary_text, data } };
}

/** Waits as a download does: nothing else happens meanwhile. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
