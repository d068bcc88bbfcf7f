import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as plistOf } from 'plist';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchHistory } from '../../src/autopkg/history.ts';
import { makeOverride } from '../../src/autopkg/make-override.ts';
import { withTrust } from '../../src/autopkg/override-file.ts';
import { parseRecipe } from '../../src/autopkg/recipe-file.ts';
import { folderName } from '../../src/autopkg/repository.ts';
import type { PinnedFile } from '../../src/autopkg/shelf.ts';
import { trustInfoOf } from '../../src/autopkg/trust-info.ts';
import { noAutoPkg, realAutoPkg } from './real-autopkg.ts';
import { stampProcessor } from './stamp-recipes.ts';
import { recipe, startTrustedCompany, type TrustedCompany } from './trusted-company.ts';

const run = promisify(execFile);
const overridesOf = (home: string) => join(home, 'Library/AutoPkg/RecipeOverrides');
const title = realAutoPkg ? 'trust info' : `trust info (skipped: ${noAutoPkg})`;

describe.skipIf(!realAutoPkg)(title, () => {
  let company: TrustedCompany;
  let home: string;
  beforeEach(async () => {
    company = await startTrustedCompany(realAutoPkg ?? '');
    home = await mkdtemp(join(tmpdir(), 'patchbot-home-'));
  });
  afterEach(async () => {
    await company.close();
    await rm(home, { recursive: true, force: true });
  });

  /** Updates the override by AutoPkg itself. */
  async function updatedByAutoPkg(override: string): Promise<string> {
    await mkdir(overridesOf(home), { recursive: true });
    await writeFile(join(overridesOf(home), `${recipe}.recipe`), override);
    return writtenByAutoPkg('update-trust-info');
  }

  /** Adds the repositories as `autopkg repo-add` does, and has AutoPkg write the override. */
  async function writtenByAutoPkg(verb: string, ...more: string[]): Promise<string> {
    const library = join(home, 'Library/AutoPkg');
    const searched: string[] = [];
    for (const { url, folder } of [company.first, company.second]) {
      const clone = join(library, 'RecipeRepos', folderName(url));
      await run('git', ['clone', '--quiet', folder, clone]);
      searched.push(clone);
    }
    const overrides = overridesOf(home);
    const preferences = join(home, 'preferences.plist');
    await writeFile(
      preferences,
      plistOf({ RECIPE_SEARCH_DIRS: searched, RECIPE_OVERRIDE_DIRS: [overrides] }),
    );
    await run(realAutoPkg ?? '', [verb, '--prefs', preferences, ...more, recipe], {
      env: { ...process.env, HOME: home },
    });
    return readFile(join(overrides, `${recipe}.recipe`), 'utf8');
  }

  it('of a new override is byte for byte what "autopkg make-override" writes', async () => {
    const ours = await makeOverride(company.catalog(), recipe);
    const theirs = await writtenByAutoPkg('make-override', '--override-dir', overridesOf(home));
    expect(ours.text).toBe(theirs);
  });

  async function updatedByUs(override: string): Promise<string> {
    const chain = await company
      .catalog()
      .chainOf(recipe, parseRecipe(`${recipe}.recipe`, override));
    const lastCommit = async ({ checkout, path }: PinnedFile) => {
      const history = await fetchHistory(checkout.repository.url);
      return history
        .lastCommitOf(checkout.repository.commit, [path])
        .finally(() => history.close());
    };
    return withTrust(`${recipe}.recipe`, override, await trustInfoOf(chain, lastCommit));
  }

  it('is byte for byte what "autopkg update-trust-info" writes', async () => {
    await company.first.commit({ 'README.md': 'More recipes.\n' });
    const commit = await company.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# more\n` });
    company.pins[0] = { url: company.first.url, commit };
    const before = await company.override();
    const after = await updatedByUs(before);
    expect(after).not.toBe(before);
    expect(after).toContain('com.example.shared.Finish/Finish');
    expect(after).toContain('git_hash');
    expect(after).toBe(await updatedByAutoPkg(before));
  });

  it('keeps a comment that a person wrote into the override, which AutoPkg does not', async () => {
    const before = (await company.override()).replace(
      '\t<key>Input</key>',
      '\t<!-- MARKS: ask Anna -->\n\t<key>Input</key>',
    );
    expect(await updatedByUs(before)).toContain('<!-- MARKS: ask Anna -->');
  });
});
