import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlistValue, build as plistOf } from 'plist';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeFrom } from '../../src/autopkg/made-from.ts';
import { noAutoPkg, realAutoPkg } from './real-autopkg.ts';
import { startTrustedCompany } from './trusted-company.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-receipt-'));
  await writeFile(join(dir, 'app.dmg'), 'a download');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function of(...steps: PlistValue[]) {
  const path = join(dir, 'receipt.plist');
  await writeFile(path, plistOf(steps));
  return madeFrom(path, undefined);
}

const downloaded = (url: string, file = 'app.dmg') => ({
  Processor: 'URLDownloader',
  Input: { url },
  Output: { pathname: join(dir, file) },
});
const verified = (Input: Record<string, PlistValue>) => ({
  Processor: 'CodeSignatureVerifier',
  Input,
  Output: {},
});

describe('what a package was made from, by its receipt', () => {
  it('names each download with the digest of the file', async () => {
    const { downloads } = await of(downloaded('https://dl.example.com/app.dmg'));
    expect(downloads).toEqual([
      {
        url: 'https://dl.example.com/app.dmg',
        // printf 'a download' | sha256sum
        sha256: 'baf040cdec66bb5d0b3c21d3031b2f0dc4b005ff870ea31cdea249113c5447d3',
      },
    ]);
  });

  it('leaves out what may be secret in an address: user, query and fragment', async () => {
    const { downloads } = await of(downloaded('https://me:pass@dl.example.com/a.dmg?sig=1#x'));
    expect(downloads[0]?.url).toBe('https://dl.example.com/a.dmg');
  });

  it('says so of a download that is gone by leaving its digest out', async () => {
    const { downloads } = await of(downloaded('https://dl.example.com/a.dmg', 'gone.dmg'));
    expect(downloads).toEqual([{ url: 'https://dl.example.com/a.dmg' }]);
  });

  it('knows whose signature was verified: the requirement of an application', async () => {
    const { signers } = await of(
      verified({ input_path: '/x/App.app', requirement: 'anchor apple and  more' }),
    );
    expect(signers).toEqual(['anchor apple and more']);
  });

  it('knows the authorities of an installer, with which a requirement counts for nothing', async () => {
    const input_path = '/x/App.pkg';
    const names = ['Developer ID Installer: Example (ABCDE12345)', 'Apple Root CA'];
    expect((await of(verified({ input_path, expected_authority_names: names }))).signers).toEqual([
      'Developer ID Installer: Example (ABCDE12345) > Apple Root CA',
    ]);
    expect((await of(verified({ input_path, requirement: 'x' }))).signers).toEqual([]);
  });

  it('counts no verification that was switched off, or that may be of anybody', async () => {
    const input_path = '/x/App.app';
    const off = { DISABLE_CODE_SIGNATURE_VERIFICATION: 'yes' };
    expect((await of(verified({ input_path, requirement: 'x', ...off }))).signers).toEqual([]);
    expect((await of(verified({ input_path }))).signers).toEqual([]);
  });
});

const title = realAutoPkg
  ? 'what the real AutoPkg’s receipt says'
  : `what the real AutoPkg’s receipt says (skipped: ${noAutoPkg})`;

it.skipIf(!realAutoPkg)(`${title} of the recipes: the commits from which they ran`, async () => {
  const company = await startTrustedCompany(realAutoPkg ?? '');
  try {
    const { vouched, result } = await company.attempt();
    if (!vouched.ok || result?.result !== 'built') throw new Error('no package was built');
    const { receipt } = result.package;
    const [first, second] = company.pins;
    const expected = [
      { identifier: 'com.example.pkg.Stamped', from: `${second?.url}@${second?.commit}` },
      { identifier: 'com.example.download.Stamped', from: `${first?.url}@${first?.commit}` },
    ];
    expect((await madeFrom(receipt, vouched.chain)).recipes).toEqual(expected);
    // The pin moves; the package stays what it was made from.
    const commit = await company.first.commit({ 'README.md': 'News.\n' });
    company.pins[0] = { url: company.first.url, commit };
    const later = await company.catalog().vouch('Stamped.pkg');
    expect(later.ok && (await madeFrom(receipt, later.chain)).recipes).toEqual(expected);
  } finally {
    await company.close();
  }
});
