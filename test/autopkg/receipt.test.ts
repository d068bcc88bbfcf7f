import { describe, expect, it } from 'vitest';
import { downloadSteps } from '../../src/autopkg/downloads.ts';
import { packageIn, type Receipt, stoppedEarly } from '../../src/autopkg/receipt.ts';
import { version } from '../../src/lifecycle/version.ts';
import { receiptsOf } from './recording.ts';

const cache = '/cache/local.pkg.Firefox';

function receipt(...steps: readonly [string, object?, object?][]): Receipt {
  return steps.map(([Processor, Input, Output]) => ({
    Processor,
    Input: { ...Input },
    Output: { ...Output },
  }));
}

function downloaded(pathname: string, changed = true) {
  const output = { pathname, ...(changed && { download_changed: true }) };
  return ['URLDownloader', {}, output] as const satisfies [string, object, object];
}

describe('the package that a recorded run came to', () => {
  it('is the one that the run made, with its version', async () => {
    const receipts = await receiptsOf('run-all-ok-first');
    expect(['Firefox', 'Slack', 'Zoom'].map((name) => packageIn(receipts.get(name) ?? []))).toEqual(
      [
        {
          path: '/tmp/ap/cache/local.pkg.Firefox/Firefox-128.0.pkg',
          made: true,
          version: version('128.0'),
        },
        {
          path: '/tmp/ap/cache/local.pkg.Slack/Slack-4.41.105.pkg',
          made: true,
          version: version('4.41.105'),
        },
        {
          path: '/tmp/ap/cache/local.pkg.Zoom/Zoom-6.2.3.pkg',
          made: true,
          version: version('6.2.3'),
        },
      ],
    );
  });

  it('is none when the recipe stopped at an unchanged download, though the download is a package', async () => {
    for (const found of (await receiptsOf('run-nothing-new')).values()) {
      expect(stoppedEarly(found)).toBe(true);
      expect(packageIn(found)).toBeUndefined();
      expect(downloadSteps(found)[0]?.path).toMatch(/\/downloads\/.*\.pkg$/);
    }
  });

  it('is told for each recipe by itself', async () => {
    const receipts = await receiptsOf('run-one-new');
    expect(packageIn(receipts.get('Slack') ?? [])?.made).toBe(true);
    expect(packageIn(receipts.get('Firefox') ?? [])).toBeUndefined();
  });

  it('is none when the run failed', async () => {
    expect(packageIn((await receiptsOf('run-404')).get('Broken') ?? [])).toBeUndefined();
  });
});

describe('the package in a receipt', () => {
  it('is the last that a step names: a package that is made of a package counts', () => {
    const found = receipt(
      downloaded(`${cache}/downloads/inner.pkg`),
      ['PkgCopier', {}, { pkg_path: `${cache}/inner.pkg`, pkg_copier_summary_result: {} }],
      ['PkgCreator', {}, { pkg_path: `${cache}/outer-2.0.pkg`, new_package_request: true }],
      ['Versioner', {}, { version: '2.0' }],
    );
    expect(packageIn(found)).toEqual({
      path: `${cache}/outer-2.0.pkg`,
      made: true,
      version: version('2.0'),
    });
  });

  it('is found in the summary of AppPkgCreator, which declares no pkg_path', () => {
    const summary = {
      data: { identifier: 'org.mozilla.firefox', version: '3', pkg_path: `${cache}/F-3.pkg` },
    };
    const found = receipt(downloaded(`${cache}/downloads/F.dmg`), [
      'AppPkgCreator',
      {},
      { version: '3', new_package_request: true, app_pkg_creator_summary_result: summary },
    ]);
    expect(packageIn(found)).toEqual({
      path: `${cache}/F-3.pkg`,
      made: true,
      version: version('3'),
    });
  });

  it('is what FlatPkgPacker was asked for, which has no output', () => {
    const found = receipt(
      ['Versioner', {}, { version: '4' }],
      [
        'FlatPkgPacker',
        { source_flatpkg_dir: `${cache}/unpacked`, destination_pkg: `${cache}/F-4.pkg` },
      ],
    );
    expect(packageIn(found)).toMatchObject({ path: `${cache}/F-4.pkg`, version: version('4') });
  });

  it('is the download itself when the recipe ran to its end and makes none', () => {
    const found = receipt(downloaded(`${cache}/downloads/F.pkg`), [
      'Versioner',
      {},
      { version: '5' },
    ]);
    expect(packageIn(found)).toEqual({
      path: `${cache}/downloads/F.pkg`,
      made: true,
      version: version('5'),
    });
  });

  it('is none when the download is a disk image and nothing was made of it', () => {
    expect(packageIn(receipt(downloaded(`${cache}/downloads/F.dmg`)))).toBeUndefined();
  });

  it('was not made by a run that found it there', () => {
    const found = receipt(downloaded(`${cache}/downloads/F.dmg`, false), [
      'PkgCreator',
      {},
      { pkg_path: `${cache}/F-6.pkg` },
    ]);
    expect(packageIn(found)).toEqual({ path: `${cache}/F-6.pkg`, made: false });
  });

  it('is no path that a recipe made up: only absolute ones count', () => {
    expect(packageIn(receipt(['PkgCopier', {}, { pkg_path: '../../etc/passwd' }]))).toBeUndefined();
  });
});

describe('the version in a receipt', () => {
  const packed = ['PkgCopier', {}, { pkg_path: `${cache}/F.pkg` }] as [string, object, object];

  it('is the last that a step gives', () => {
    const found = receipt(
      ['URLTextSearcher', {}, { version: '1.0' }],
      ['Versioner', {}, { version: '1.0.3' }],
      packed,
    );
    expect(packageIn(found)?.version).toEqual(version('1.0.3'));
  });

  it('is what the package was asked to be built with when no step gives one', () => {
    const request = { pkg_request: { version: '2.1', id: 'com.example' } };
    const found = receipt(['PkgCreator', request, { pkg_path: `${cache}/F.pkg` }]);
    expect(packageIn(found)?.version).toEqual(version('2.1'));
  });

  it('is what the override sets when nothing else says it', () => {
    const found: Receipt = [{ 'Recipe input': { VERSION: '7' } }, ...receipt(packed)];
    expect(packageIn(found)?.version).toEqual(version('7'));
  });

  it('is absent when it is empty, a list, or has line breaks in it', () => {
    for (const odd of ['', '  ', ['1'], '1\n2'])
      expect(packageIn(receipt(['Versioner', {}, { version: odd }], packed))).toEqual({
        path: `${cache}/F.pkg`,
        made: false,
      });
  });
});
