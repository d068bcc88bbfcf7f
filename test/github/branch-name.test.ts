import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { branchKind, branchOf, groupBranchOf } from '../../src/github/github.ts';
import { version } from '../../src/lifecycle/version.ts';

const of = (text: string) => branchOf('google-chrome', version(text));

describe('the branch of a version', () => {
  it('is the version itself where git takes it', () => {
    expect(of('127.0.6533.73')).toBe('patchbot/google-chrome/127.0.6533.73');
    expect(of('4.1-beta_2+3')).toBe('patchbot/google-chrome/4.1-beta_2+3');
  });

  it('has digits of its own behind it where something had to go', () => {
    expect(of('16.89 (24090815)')).toMatch(
      /^patchbot\/google-chrome\/16\.89-24090815--[0-9a-f]{8}$/,
    );
  });

  const nasty = [
    '..', '.', '-', '/', '../../main', 'a..b', 'a.lock', 'a.LOCK', '.a', 'a.', 'a/b', 'a\\b', 'a b',
    'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[b', '@{1}', '@', 'ü', 'ö', '1.0B', '1.0b', '1.0\u00a01', '1.0',
    'a.lock.', 'a.lock.lock', '💥', '$(reboot)', '`x`', 'x'.repeat(128), `${'x'.repeat(127)}y`,
  ]; // biome-ignore format: a list to read across

  it.each(nasty)('is one that git takes, and no path that leads elsewhere: %j', (text) => {
    const branch = of(text);
    execFileSync('git', ['check-ref-format', '--branch', branch]);
    expect(branch).toMatch(/^patchbot\/google-chrome\/[A-Za-z0-9._+-]+$/);
    expect(branch.split('/')).toHaveLength(3);
  });

  it('is never shared by two versions, not even where upper and lower case are one', () => {
    const imitation = of('16.89 (24090815)').split('/')[2] ?? '';
    const all = [...nasty, '16.89 (24090815)', imitation, '16.89-24090815'];
    expect(new Set(all.map((text) => of(text).toLowerCase())).size).toBe(all.length);
  });
});

describe('a branch of PatchBot', () => {
  const kindOf = (branch: string) => branchKind(branch);

  it('tells what it asks for', () => {
    expect(kindOf(branchOf('google-chrome', version('127.0')))).toEqual({
      kind: 'title',
      slug: 'google-chrome',
    });
    expect(kindOf(groupBranchOf('browsers'))).toEqual({ kind: 'group', group: 'browsers' });
    expect(kindOf('patchbot/rollback.zoom/01234567')).toEqual({ kind: 'rollback' });
  });

  it('is not confused by titles that are named like the others', () => {
    for (const slug of ['group', 'rollback'])
      expect(kindOf(branchOf(slug, version('1.0')))).toEqual({ kind: 'title', slug });
  });

  it('is no other', () => {
    for (const branch of ['main', 'patchbot', 'patchbot/', 'patchbot/Chrome/1', 'feature/x'])
      expect(kindOf(branch)).toBeUndefined();
  });
});
