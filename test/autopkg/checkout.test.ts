import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putInPlace } from '../../src/autopkg/checkout.ts';
import { type Entry, readListing, treeId } from '../../src/autopkg/manifest.ts';
import { type RecipeRepo, type RecipeRepos, startRecipeRepos } from './recipe-repos.ts';

let repos: RecipeRepos;
let repo: RecipeRepo;
let cache: string;
let log: string[];

beforeEach(async () => {
  repos = await startRecipeRepos();
  repo = await repos.add('acme/recipes');
  cache = join(repos.folder, 'cache');
  log = [];
});
afterEach(() => repos.close());

const place = (commit: string) =>
  putInPlace({ url: repo.url, commit }, cache, (line) => log.push(line));

describe('a pinned repository', () => {
  it('is put in place at exactly its commit, and not at the newest', async () => {
    const pinned = await repo.commit({ 'A/A.recipe': 'old' });
    await repo.commit({ 'A/A.recipe': 'new' });
    const { folder } = await place(pinned);
    expect(await readFile(join(folder, 'A/A.recipe'), 'utf8')).toBe('old');
  });

  it('is fetched once: what is in place is used again, even when the server is gone', async () => {
    const commit = await repo.commit({ 'A/A.recipe': 'text' });
    await place(commit);
    await rm(repo.folder, { recursive: true });
    const { folder } = await place(commit);
    expect(await readFile(join(folder, 'A/A.recipe'), 'utf8')).toBe('text');
    expect(log).toEqual([]);
  });

  it('leaves nothing half done when the server is not there', async () => {
    const commit = await repo.commit({ 'A/A.recipe': 'text' });
    await rm(repo.folder, { recursive: true });
    await expect(place(commit)).rejects.toThrow(/acme\/recipes at .*could not fetch/);
    const [home] = await readdir(cache);
    expect(await readdir(join(cache, home ?? ''))).toEqual([]);
  });

  it('keeps bytes as they are, whatever the repository says of line ends and keywords', async () => {
    const commit = await repo.commit({ 'A/A.recipe': 'one\ntwo\n$Id$\n' });
    const attributed = await repo.commit({ '.gitattributes': '* text eol=crlf ident\n' });
    for (const one of [commit, attributed]) {
      const { folder } = await place(one);
      expect(await readFile(join(folder, 'A/A.recipe'), 'utf8')).toBe('one\ntwo\n$Id$\n');
    }
  });

  it('knows programs, links, another repository within, and names that sort oddly', async () => {
    await repo.commit({
      'a.b/x': '1',
      'a/x': '2',
      'a-b': '3',
      'ä/ö': '4',
      'tool.sh': '#!/bin/sh\n',
    });
    await chmod(join(repo.folder, 'tool.sh'), 0o755);
    await symlink('../a/x', join(repo.folder, 'a.b/link'));
    await repo.commit({});
    await repo.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    await repo.git('commit', '--quiet', '--message', 'Submodule');
    const { folder, entries } = await place(await repo.git('rev-parse', 'HEAD'));
    expect([...entries.keys()].sort()).toEqual(
      ['a-b', 'a.b/link', 'a.b/x', 'a/x', 'sub', 'tool.sh', 'ä/ö'].sort(),
    );
    expect(await readFile(join(folder, 'a.b/link'), 'utf8')).toBe('2');
  });

  it('is refused when a link in it leads out of it', async () => {
    await repo.commit({ 'A/A.recipe': 'text' });
    await symlink('../../../etc/passwd', join(repo.folder, 'A/out'));
    const commit = await repo.commit({});
    await expect(place(commit)).rejects.toThrow('A/out is a link to a place outside');
  });

  const tamperings: [string, (folder: string) => Promise<unknown>][] = [
    ['a file is changed', (folder) => writeFile(join(folder, 'A/A.recipe'), 'texT')],
    ['a file is taken away', (folder) => rm(join(folder, 'A/A.recipe'))],
    ['a file is added', (folder) => writeFile(join(folder, 'A/B.recipe'), 'text')],
    [
      'a hidden folder is added',
      (folder) =>
        mkdir(join(folder, '.git')).then(() => writeFile(join(folder, '.git/config'), '')),
    ],
    ['a file becomes a program', (folder) => chmod(join(folder, 'A/A.recipe'), 0o755)],
    [
      'a file becomes a link to the same text',
      async (folder) => {
        await writeFile(join(folder, '../elsewhere'), 'text');
        await rm(join(folder, 'A/A.recipe'));
        await symlink('../../elsewhere', join(folder, 'A/A.recipe'));
      },
    ],
    [
      'a folder becomes a link to a copy of it',
      async (folder) => {
        execFileSync('cp', ['-R', join(folder, 'A'), join(folder, '../copy')]);
        await rm(join(folder, 'A'), { recursive: true });
        await symlink('../copy', join(folder, 'A'));
      },
    ],
    [
      'the list of files is changed with it',
      async (folder) => {
        await writeFile(join(folder, 'A/A.recipe'), 'texT');
        const id = execFileSync('git', ['hash-object', join(folder, 'A/A.recipe')], {
          encoding: 'utf8',
        });
        const listing = await readFile(join(folder, '../listing'), 'utf8');
        await writeFile(join(folder, '../listing'), listing.replace(/[0-9a-f]{40}/, id.trim()));
      },
    ],
    [
      'the commit is replaced',
      (folder) => writeFile(join(folder, '../commit'), `tree ${'0'.repeat(40)}\n`),
    ],
  ];
  for (const [what, tamper] of tamperings)
    it(`is thrown away and fetched anew when ${what}, and that is told`, async () => {
      const commit = await repo.commit({ 'A/A.recipe': 'text' });
      await tamper((await place(commit)).folder);
      const { folder } = await place(commit);
      expect(await readFile(join(folder, 'A/A.recipe'), 'utf8')).toBe('text');
      expect(await readdir(folder)).toEqual(['A']);
      expect(await readdir(join(folder, 'A'))).toEqual(['A.recipe']);
      expect(log.join('\n')).toMatch(/thrown away and fetched anew/);
    });

  it('can be put in place by several runs at once', async () => {
    const commit = await repo.commit({ 'A/A.recipe': 'text' });
    const placed = await Promise.all(Array.from({ length: 4 }, () => place(commit)));
    expect(new Set(placed.map(({ folder }) => folder)).size).toBe(1);
  });
});

describe('the id of a tree', () => {
  it('is what git says, for folders and files whose names begin alike', async () => {
    await repo.commit({ 'a/x': '1', 'a.x': '2', a0: '3', 'b/c/d': '4' });
    const listing = execFileSync('git', ['-C', repo.folder, 'ls-tree', '-r', '-z', 'HEAD']);
    expect(treeId(readListing(listing))).toBe(await repo.git('rev-parse', 'HEAD^{tree}'));
  });

  it('is that of nothing for no files', () => {
    expect(treeId([] as Entry[])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  });

  it('is not asked of a path that leads out of the repository', () => {
    const line = (path: string) => Buffer.from(`100644 blob ${'0'.repeat(40)}\t${path}\0`);
    for (const path of [
      '../x',
      'a/../../x',
      '/etc/passwd',
      'a//b',
      '.git/config',
      'a/.GIT/hooks/x',
    ])
      expect(() => readListing(line(path))).toThrow('this is no line');
  });
});
