import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildResult, build } from '../../src/autopkg/autopkg.ts';
import { Catalog, type Vouched } from '../../src/autopkg/catalog.ts';
import { newOverride } from '../../src/autopkg/override-file.ts';
import type { PinnedRepository } from '../../src/autopkg/repository.ts';
import { trustInfoOf } from '../../src/autopkg/trust-info.ts';
import { type RecipeRepo, startRecipeRepos } from './recipe-repos.ts';
import { firstFiles, secondFiles } from './stamp-recipes.ts';

/** What came of a title: whether it was vouched for, and if so how AutoPkg fared. */
export interface Attempt {
  readonly vouched: Vouched;
  readonly result?: BuildResult;
}

/** Two pinned repositories, one override that vouches for what they had, and a runner. */
export interface TrustedCompany {
  readonly first: RecipeRepo;
  readonly second: RecipeRepo;
  /** The catalog, which a test may repin. */
  pins: PinnedRepository[];
  readonly overridesDir: string;
  readonly checkoutsDir: string;
  readonly log: string[];
  /** The text of the override. */
  override(): Promise<string>;
  writeOverride(text: string): Promise<void>;
  catalog(): Catalog;
  /** Does what the build stage does with a recipe. */
  attempt(): Promise<Attempt>;
  /** Runs AutoPkg without asking the catalog first. */
  runAnyway(searchDirs: readonly string[]): Promise<BuildResult>;
  /** What the recipes left where they ran, line by line. */
  marks(): Promise<string[]>;
  close(): Promise<void>;
}

/** The one override, by name. */
export const recipe = 'Stamped.pkg';

export async function startTrustedCompany(autopkg: string): Promise<TrustedCompany> {
  const repos = await startRecipeRepos();
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-trust-'));
  const overridesDir = join(dir, 'overrides');
  const checkoutsDir = join(dir, 'checkouts');
  const marks = join(dir, 'marks.txt');
  const file = join(overridesDir, `${recipe}.recipe`);
  await mkdir(overridesDir);
  const first = await repos.add('acme/first-recipes');
  const second = await repos.add('acme/second-recipes');
  const log: string[] = [];
  const company: TrustedCompany = {
    first,
    second,
    pins: [
      { url: first.url, commit: await first.commit(firstFiles) },
      { url: second.url, commit: await second.commit(secondFiles) },
    ],
    overridesDir,
    checkoutsDir,
    log,
    override: () => readFile(file, 'utf8'),
    writeOverride: (text) => writeFile(file, text),
    catalog: () =>
      new Catalog({ repositories: company.pins, overridesDir, checkoutsDir }, (line) =>
        log.push(line),
      ),
    async attempt() {
      const vouched = await company.catalog().vouch(recipe);
      return vouched.ok
        ? { vouched, result: await company.runAnyway(vouched.searchDirs) }
        : { vouched };
    },
    runAnyway: (searchDirs) =>
      build(
        { title: 'stamped', recipe, minutes: 5 },
        { command: autopkg, overridesDir, searchDirs, cacheDir: join(dir, 'cache') },
        (line) => log.push(line),
      ),
    async marks() {
      const text = await readFile(marks, 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean);
    },
    async close() {
      await repos.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  const parts = {
    identifier: 'local.pkg.Stamped',
    input: { NAME: 'Stamped', MARKS: marks },
    parent: 'com.example.pkg.Stamped',
  };
  const chain = await company.catalog().chainOf(recipe, { ...parts, steps: [] });
  await company.writeOverride(newOverride({ ...parts, trust: await trustInfoOf(chain) }));
  return company;
}

/** Changes one byte of a text: the first letter of a word. */
export function oneByte(text: string, word: string): string {
  if (!text.includes(word)) throw new Error(`there is no "${word}" to change`);
  const letter = word.charAt(0);
  return text.replace(word, (letter === 'X' ? 'Y' : 'X') + word.slice(1));
}
