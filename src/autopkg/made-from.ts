import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Download, MadeFrom } from '../lifecycle/made-from.ts';
import type { Chain } from './chain.ts';
import { plainLine } from './plain-line.ts';
import { type Receipt, readReceipt } from './receipt.ts';
import type { PinnedRecipe } from './shelf.ts';

/**
 * What a package was made from, by the receipt of the run that made it and by the chain of recipes that ran:
 * each download with its digest, and whose signatures AutoPkg verified.
 *
 * @throws Error when the receipt can't be read.
 */
export async function madeFrom(receiptPath: string, chain: Chain | undefined): Promise<MadeFrom> {
  const receipt = await readReceipt(receiptPath);
  return {
    downloads: await downloadsOf(receipt),
    signers: signersOf(receipt),
    recipes: (chain?.recipes ?? []).map((recipe) => ({
      identifier: recipe.identifier,
      from: `${recipe.checkout.repository.url}@${commitThen(receipt, recipe)}`,
    })),
  };
}

/**
 * The commit from which a recipe was run: the receipt names the files, and pinned files lie in a folder
 * that is called after their commit. Since then the pin may have moved.
 */
function commitThen(receipt: Receipt, { checkout, path }: PinnedRecipe): string {
  const paths = receipt.map((step) => step['Recipe input']?.['PARENT_RECIPES']).find(Array.isArray);
  const ending = `/files/${path}`;
  for (const ran of paths ?? [])
    if (typeof ran === 'string' && ran.endsWith(ending)) {
      const commit = /\/([0-9a-f]{40})$/.exec(ran.slice(0, -ending.length))?.[1];
      if (commit) return commit;
    }
  return checkout.repository.commit;
}

/** A step that is given an address and gives back a file has downloaded it, whatever it is called. */
async function downloadsOf(receipt: Receipt): Promise<Download[]> {
  const found = new Map<string, Download>();
  for (const { Input, Output } of receipt) {
    const url = typeof Input?.['url'] === 'string' ? withoutSecrets(Input['url']) : undefined;
    const path = Output?.['pathname'];
    if (url === undefined || typeof path !== 'string' || !isAbsolute(path)) continue;
    const sha256 = await sha256Of(path);
    found.set(url, { url, ...(sha256 !== undefined && { sha256 }) });
  }
  return [...found.values()];
}

/** Addresses can be signed, or carry a password: what is written into state is for everybody to read. */
function withoutSecrets(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  return protocol === 'https:' || protocol === 'http:'
    ? plainLine(origin + pathname, 1000)
    : undefined;
}

async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

/**
 * What CodeSignatureVerifier has verified: a step that is in a receipt went well. It compares an
 * installer's authorities with the names it was given, and anything else with its requirement
 * (Code/autopkglib/CodeSignatureVerifier.py).
 */
function signersOf(receipt: Receipt): string[] {
  const signers = new Set<string>();
  for (const { Processor, Input = {}, Output } of receipt) {
    if (!Output || Processor?.split('/').at(-1) !== 'CodeSignatureVerifier') continue;
    if (Input['DISABLE_CODE_SIGNATURE_VERIFICATION']) continue;
    const { input_path: path, requirement, expected_authority_names: names } = Input;
    const isInstaller = typeof path === 'string' && /\.(?:pkg|mpkg|xip)$/.test(path);
    if (isInstaller && Array.isArray(names)) signers.add(plainLine(names.join(' > '), 1000));
    if (!isInstaller && typeof requirement === 'string') signers.add(plainLine(requirement, 1000));
  }
  return [...signers];
}
