import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorIn } from './failing.ts';
import type { PlistValue } from './plist.ts';
import { contentOf, type Recipe } from './recipe.ts';

type Values = { readonly [key: string]: PlistValue };

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
  say: (text: string) => void,
): Generator<Step | { readonly failed: string; readonly step: string }> {
  const downloads = join(cache, 'downloads');
  const pathname = join(downloads, `${name}.pkg`);
  const url = recipe.url ?? `https://downloads.example.com/${encodeURIComponent(name)}.pkg`;
  const requirement =
    recipe.requirement ??
    `identifier "com.example.${name}" and anchor apple generic and certificate leaf[subject.OU] = ABCDE12345`;
  const failed = (step: string) => {
    const error = errorIn(step, recipe.failing, requirement);
    return error === undefined ? undefined : { failed: error, step };
  };

  say('URLDownloader');
  mkdirSync(downloads, { recursive: true });
  if (recipe.milliseconds) sleep(recipe.milliseconds);
  const unreachable = failed('URLDownloader');
  if (unreachable) return yield unreachable;
  const { version } = recipe;
  const content = version === undefined ? undefined : contentOf(name, version);
  const changed =
    content !== undefined && !(existsSync(pathname) && readFileSync(pathname).equals(content));
  if (changed) {
    writeFileSync(join(downloads, 'tmpdownload'), content);
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
        etag: `"${name}-${version}"`,
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
    Input: { input_path: pathname, requirement },
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
  copyFileSync(pathname, pkg_path);
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

function summary(processor: string, summary_text: string, data: Values): Values {
  return { [`${processor}_summary_result`]: { summary_text, data } };
}

/** Waits as a download does: nothing else happens meanwhile. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
