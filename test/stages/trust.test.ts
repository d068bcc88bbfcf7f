import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { trust } from '../../src/stages/trust.ts';
import {
  downloadRecipe,
  finishProcessor,
  stampingModule,
  stampProcessor,
} from '../autopkg/stamp-recipes.ts';
import { oneByte } from '../autopkg/trusted-company.ts';
import { overridePath, startTrustingCompany, type TrustingCompany } from './trusting-company.ts';

let company: TrustingCompany;
beforeEach(async () => {
  company = await startTrustingCompany();
});
afterEach(() => company.close());

const did = ({ rows }: Awaited<ReturnType<typeof trust>>) => rows.map((row) => row.did);

/** The files of the open request that differ from main's. */
async function changedFiles(): Promise<string[]> {
  const [main, branch] = await Promise.all([
    company.github.files(),
    company.github.files(company.github.pull(company.request().number).head),
  ]);
  // What stages have recorded on main since is none of the request's.
  return Object.keys({ ...main, ...branch }).filter(
    (path) => !path.startsWith('state/') && main[path] !== branch[path],
  );
}

describe('the trust stage', () => {
  it('asks nothing while the pinned repositories stay as they are', async () => {
    const outcome = await company.run(trust);
    expect(outcome.failures).toEqual([]);
    expect(did(outcome)).toEqual(['nothing']);
    expect(company.github.pulls).toEqual([]);
  });

  it('asks nothing when what is newer concerns no title', async () => {
    await company.recipes.first.commit({ 'Other/Other.recipe': 'x', 'README.md': 'Hello.\n' });
    expect(did(await company.run(trust))).toEqual(['nothing']);
    expect(company.github.pulls).toEqual([]);
  });

  for (const [what, file, text, word] of [
    ['a parent recipe', 'Stamped/Stamped.download.recipe', downloadRecipe, 'parent as reviewed'],
    ['a processor', 'Stamped/Stamp.py', stampProcessor, 'processor as reviewed'],
  ] as const)
    it(`shows the change of ${what}, and moves the pin and what the override vouches for`, async () => {
      const commit = await company.recipes.first.commit({ [file]: oneByte(text, word) });
      const outcome = await company.run(trust);
      expect(outcome.failures).toEqual([]);
      expect(did(outcome)).toEqual(['done']);
      const { number, title, body } = company.request();
      expect(title).toMatch(/^Trust recipes\.example\/acme\/first-recipes \w{7} → \w{7}: Stamped$/);
      expect(body).toContain(
        `+${oneByte(text, word)
          .split('\n')
          .find((line) => line.includes('X'))}`,
      );
      expect(await changedFiles()).toEqual([overridePath, 'recipes/repos.yaml'].sort());
      const main = await company.github.files();
      const branch = await company.github.files(company.github.pull(number).head);
      expect(branch['recipes/repos.yaml']).toBe(
        main['recipes/repos.yaml']?.replace(/(first-recipes\n {4}commit: )\w+/, `$1${commit}`),
      );

      await company.github.people.merge(number, 'anna');
      expect(await company.vouches()).toBe(true);
      expect(did(await company.run(trust))).toEqual(['nothing']);
      expect(company.github.pulls).toHaveLength(1);
    });

  it('moves the pin alone when a module of a processor changes: AutoPkg’s trust info knows none', async () => {
    await company.recipes.first.commit({
      'Stamped/stamping.py': oneByte(stampingModule, 'module as reviewed'),
    });
    await company.run(trust);
    expect(company.request().body).toContain('+MARK = "Xodule as reviewed"');
    expect(await changedFiles()).toEqual(['recipes/repos.yaml']);
  });

  it('shows a file that a recipe may copy into the package', async () => {
    await company.recipes.first.commit({ 'Stamped/Scripts/postinstall': '#!/bin/sh\nid\n' });
    await company.run(trust);
    const { body } = company.request();
    expect(body).toContain('+#!/bin/sh');
    expect(body).toContain('a script that runs as root on every Mac');
  });

  it('asks once: the second run changes nothing', async () => {
    await company.recipes.second.commit({ 'Shared/Finish.py': `${finishProcessor}# more\n` });
    await company.run(trust);
    company.github.resetCounts();
    expect(did(await company.run(trust))).toEqual(['waits']);
    expect(company.github.writes).toBe(0);
  });

  it('keeps the request as it is when newer commits concern nobody', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# more\n` });
    await company.run(trust);
    await company.recipes.first.commit({ 'README.md': 'News.\n' });
    company.github.resetCounts();
    await company.run(trust);
    expect(company.github.writes).toBe(0);
  });

  it('brings the request up to date when the recipes change again', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# one\n` });
    await company.run(trust);
    const { number } = company.request();
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# two\n` });
    await company.run(trust);
    expect(company.request().number).toBe(number);
    expect(company.request().body).toContain('+# two');
  });

  it('takes a closed request for a no, until the recipes change once more', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# one\n` });
    await company.run(trust);
    const { number } = company.request();
    await company.github.people.close(number, 'anna');
    const outcome = await company.run(trust);
    expect(outcome.rows[0]).toMatchObject({
      did: 'nothing',
      text: expect.stringContaining(`#${number}`),
    });
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# two\n` });
    expect(did(await company.run(trust))).toEqual(['done']);
  });

  it('closes its request when upstream takes the change back', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# one\n` });
    await company.run(trust);
    await company.recipes.first.commit({ 'Stamped/Stamp.py': stampProcessor });
    await company.run(trust);
    expect(company.github.pulls.map(({ state }) => state)).toEqual(['closed']);
  });

  it('says when a title could no longer run, and leaves its override alone', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamped.download.recipe': null });
    await company.run(trust);
    expect(company.request().body).toMatch(/\*\*Stamped can no longer run\*\*/);
    expect(await changedFiles()).toEqual(['recipes/repos.yaml']);
  });

  it('asks to vouch again for an override that does not vouch for what is pinned', async () => {
    const files = await company.github.files();
    const changed = (files[overridePath] ?? '').replace(
      /(<key>sha256_hash<\/key>\s*<string>)\w/,
      '$1z',
    );
    await company.github.people.commit('mallory', 'Change', { [overridePath]: changed });
    expect(did(await company.run(trust))).toEqual(['done']);
    const { number, title } = company.request();
    expect(title).toBe('Trust the recipes of Stamped');
    // The build skips it, says so, and links to the request.
    expect((await company.run(build)).failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        new RegExp(`^Stamped\\.pkg was not run: .* is not as it was .*/pull/${number}$`),
      ),
    ]);
    expect(await changedFiles()).toEqual([overridePath]);
    await company.github.people.merge(number, 'anna');
    expect(await company.vouches()).toBe(true);
  });

  it('fails for a repository that cannot be asked, and asks about the others', async () => {
    await company.recipes.second.commit({ 'Shared/Finish.py': `${finishProcessor}# more\n` });
    await company.run(trust, true);
    await company.recipes.first.git('symbolic-ref', 'HEAD', 'refs/heads/nowhere');
    const outcome = await company.run(trust);
    expect(outcome.failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('first-recipes does not say what its newest commit is'),
    ]);
    expect(company.request().title).toContain('second-recipes');
  });

  it('in a dry run says what it would ask, and asks nothing', async () => {
    await company.recipes.first.commit({ 'Stamped/Stamp.py': `${stampProcessor}# one\n` });
    expect(did(await company.run(trust, true))).toEqual(['would']);
    expect(company.github.pulls).toEqual([]);
  });
});
