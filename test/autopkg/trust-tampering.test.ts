import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noAutoPkg, realAutoPkg } from './real-autopkg.ts';
import { downloadRecipe, stampingModule, stampProcessor } from './stamp-recipes.ts';
import { oneByte, startTrustedCompany, type TrustedCompany } from './trusted-company.ts';

/** The marks of a run of nothing but what was reviewed. */
const asReviewed = [
  'parent as reviewed',
  'module as reviewed',
  'processor as reviewed',
  'module as reviewed',
];

const title = realAutoPkg
  ? 'what runs, with the real AutoPkg'
  : `what runs (skipped: ${noAutoPkg})`;

describe.skipIf(!realAutoPkg)(title, () => {
  let company: TrustedCompany;
  beforeEach(async () => {
    company = await startTrustedCompany(realAutoPkg ?? '');
  });
  afterEach(() => company.close());

  async function refused(kind: string, words: RegExp) {
    const { vouched, result } = await company.attempt();
    expect(vouched).toMatchObject({ ok: false, distrust: { kind } });
    expect(!vouched.ok && vouched.distrust.message).toMatch(words);
    expect(result).toBeUndefined();
    expect(await company.marks()).toEqual([]);
  }

  /** Where a file of a pinned repository is on the runner's disk. */
  async function onDisk(file: string): Promise<string> {
    const shelf = await company.catalog().shelf(company.pins);
    const checkout = shelf.checkouts.find(({ entries }) => entries.has(file));
    return join(checkout?.folder ?? '', file);
  }

  it('runs the recipes, processors and modules that were reviewed', async () => {
    const { result } = await company.attempt();
    expect(result).toMatchObject({ result: 'built', package: { version: { text: '1.0' } } });
    expect(await company.marks()).toEqual(asReviewed);
  });

  it('leaves nothing among the pinned files that was not there', async () => {
    await company.attempt();
    await company.attempt();
    expect(company.log.filter((line) => line.includes('thrown away'))).toEqual([]);
  });

  describe('after the pin is moved to a commit with one byte changed', () => {
    it('in a parent recipe, none of it runs', async () => {
      const changed = oneByte(downloadRecipe, 'parent as reviewed');
      const commit = await company.first.commit({ 'Stamped/Stamped.download.recipe': changed });
      company.pins[0] = { url: company.first.url, commit };
      await refused(
        'trust changed',
        /parent recipe com\.example\.download\.Stamped is not as it was/,
      );
    });

    it('in a processor, none of it runs', async () => {
      const changed = oneByte(stampProcessor, 'processor as reviewed');
      const commit = await company.first.commit({ 'Stamped/Stamp.py': changed });
      company.pins[0] = { url: company.first.url, commit };
      await refused('trust changed', /processor Stamp is not as it was/);
    });
  });

  describe('after upstream has moved on, and the pin has not', () => {
    it('a changed parent recipe, processor or module does not run', async () => {
      await company.first.commit({
        'Stamped/Stamped.download.recipe': oneByte(downloadRecipe, 'parent as reviewed'),
        'Stamped/Stamp.py': oneByte(stampProcessor, 'processor as reviewed'),
        'Stamped/stamping.py': oneByte(stampingModule, 'module as reviewed'),
      });
      await company.attempt();
      expect(await company.marks()).toEqual(asReviewed);
    });
  });

  describe('after one byte was changed on the runner', () => {
    for (const [what, file, text, word] of [
      ['a parent recipe', 'Stamped/Stamped.download.recipe', downloadRecipe, 'parent as reviewed'],
      ['a processor', 'Stamped/Stamp.py', stampProcessor, 'processor as reviewed'],
      ['the module of a processor', 'Stamped/stamping.py', stampingModule, 'module as reviewed'],
    ] as const)
      it(`in ${what}, what runs is what was reviewed, and the change is told`, async () => {
        await writeFile(await onDisk(file), oneByte(text, word));
        await company.attempt();
        expect(await company.marks()).toEqual(asReviewed);
        expect(company.log.join('\n')).toContain(`are not the commit's: ${file}`);
      });

    it('AutoPkg by itself would run the changed module: its trust info knows nothing of it', async () => {
      const vouched = await company.catalog().vouch('Stamped.pkg');
      await writeFile(
        await onDisk('Stamped/stamping.py'),
        oneByte(stampingModule, 'module as reviewed'),
      );
      await company.runAnyway(vouched.ok ? vouched.searchDirs : []);
      expect(await company.marks()).toContain('Xodule as reviewed');
    });

    it('AutoPkg by itself, too, refuses a changed parent recipe and a changed processor', async () => {
      const vouched = await company.catalog().vouch('Stamped.pkg');
      const searchDirs = vouched.ok ? vouched.searchDirs : [];
      await writeFile(
        await onDisk('Stamped/Stamped.download.recipe'),
        oneByte(downloadRecipe, 'parent as reviewed'),
      );
      const first = await company.runAnyway(searchDirs);
      expect(first).toMatchObject({ result: 'failed', failure: { kind: 'trust changed' } });
      await writeFile(
        await onDisk('Stamped/Stamp.py'),
        oneByte(stampProcessor, 'processor as reviewed'),
      );
      const second = await company.runAnyway(searchDirs);
      expect(second).toMatchObject({ result: 'failed', failure: { kind: 'trust changed' } });
      expect(await company.marks()).toEqual([]);
    });
  });

  it('does not run when one digit of a pin is changed', async () => {
    const [first, ...others] = company.pins;
    const commit = first?.commit.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) ?? '';
    company.pins = [{ url: company.first.url, commit }, ...others];
    await refused('repository not in place', new RegExp(`no branch .* has the commit ${commit}`));
  });

  it('does not run a commit that is on no branch, though the server gives it out', async () => {
    await company.first.git('checkout', '--quiet', '--detach');
    const commit = await company.first.commit({
      'Stamped/stamping.py': oneByte(stampingModule, 'module as reviewed'),
    });
    await company.first.git('checkout', '--quiet', 'main');
    company.pins[0] = { url: company.first.url, commit };
    await refused('repository not in place', /no branch/);
  });

  it('does not run when one byte of the override’s trust info is changed', async () => {
    const text = await company.override();
    const hash = /<key>sha256_hash<\/key>\s*<string>(\w+)</.exec(text)?.[1] ?? '';
    const changed = text.replace(
      hash,
      hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    await company.writeOverride(changed);
    await refused('trust changed', /is not as it was when it was vouched for/);

    const vouchedBefore = await company
      .writeOverride(text)
      .then(() => company.catalog().vouch('Stamped.pkg'));
    await company.writeOverride(changed);
    const result = await company.runAnyway(vouchedBefore.ok ? vouchedBefore.searchDirs : []);
    expect(result).toMatchObject({ result: 'failed', failure: { kind: 'trust changed' } });
    expect(await company.marks()).toEqual([]);
  });

  it('does not run when the trust info is taken out of the override', async () => {
    const text = await company.override();
    await company.writeOverride(
      text.replace(/\t<key>ParentRecipeTrustInfo<\/key>[\s\S]*(?=<\/dict>\n<\/plist>)/, ''),
    );
    await refused('trust missing', /no trust info/);
  });

  it('does not run a recipe of the same identifier that somebody put beside the pinned ones', async () => {
    const path = await onDisk('Stamped/Stamped.download.recipe');
    await writeFile(
      path.replace('Stamped.download.recipe', 'AAA.download.recipe'),
      oneByte(downloadRecipe, 'parent as reviewed'),
    );
    await company.attempt();
    expect(await company.marks()).toEqual(asReviewed);
  });

  it('does not run what lies where AutoPkg looks by itself: the working directory, the home folder', async () => {
    const home = join(company.overridesDir, '..', 'home');
    const library = join(home, 'Library/AutoPkg/Recipes/Stamped');
    await mkdir(library, { recursive: true });
    await writeFile(
      join(library, 'Stamped.download.recipe'),
      oneByte(downloadRecipe, 'parent as reviewed'),
    );
    await writeFile(join(library, 'Stamp.py'), oneByte(stampProcessor, 'processor as reviewed'));
    await writeFile(join(library, 'stamping.py'), stampingModule);
    const before = process.env['HOME'];
    process.env['HOME'] = home;
    try {
      await company.attempt();
    } finally {
      process.env['HOME'] = before;
    }
    expect(await company.marks()).toEqual(asReviewed);
  });

  it('does not run compiled Python, neither planted on the runner nor committed upstream', async () => {
    const marker = join(company.overridesDir, 'evil.py');
    // A compiled copy that Python takes without comparing it with its source (PEP 552).
    const evil = `MARK = "evil"\n${stampingModule.slice(stampingModule.indexOf('\n') + 1)}`;
    await writeFile(marker, evil);
    const python = `import glob,os,py_compile,sys
source = sys.argv[1]
folder = os.path.join(sys.argv[2], "__pycache__")
os.makedirs(folder, exist_ok=True)
for tag in ["cpython-39", "cpython-310", "cpython-311", "cpython-312"]:
    py_compile.compile(source, cfile=os.path.join(folder, "stamping." + tag + ".pyc"), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, doraise=True)
`;
    const compile = (folder: string) => execFileSync('python3', ['-c', python, marker, folder]);

    const vouched = await company.catalog().vouch('Stamped.pkg');
    compile(join(await onDisk('Stamped/stamping.py'), '..'));
    await company.attempt();
    expect(await company.marks()).toEqual(asReviewed);

    // The trick works: AutoPkg alone falls for it.
    compile(join(await onDisk('Stamped/stamping.py'), '..'));
    await company.runAnyway(vouched.ok ? vouched.searchDirs : []);
    expect((await company.marks()).slice(asReviewed.length)).toContain('evil');

    compile(join(company.first.folder, 'Stamped'));
    const commit = await company.first.commit({ 'README.md': 'Compiled, too.\n' });
    expect(await company.first.git('ls-tree', '-r', '--name-only', 'HEAD')).toContain('.pyc');
    company.pins[0] = { url: company.first.url, commit };
    await company.attempt();
    expect((await company.marks()).slice(2 * asReviewed.length)).toEqual(asReviewed);
    expect(await readFile(marker, 'utf8')).toBe(evil);
  });
});
