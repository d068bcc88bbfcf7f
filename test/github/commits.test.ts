import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { GitHubError, sha } from '../../src/github/github.ts';
import { blobSha } from '../../src/github/tree.ts';
import { given, started } from './started.ts';

const files = (entries: Record<string, string | null>) => new Map(Object.entries(entries));

describe('a commit', () => {
  it('keeps no workflow from starting, whatever its message says', async () => {
    const { github, simulator } = await started();
    const message = 'hold: Slack: [skip ci] no sound\n\nskip-checks: true';
    await github.commit({
      branch: 'main',
      parent: given(await github.head()),
      files: new Map([['state/slack.yaml', 'x: 1\n']]),
      message,
    });
    expect((await simulator.log())[0]).toBe('hold: Slack: (skip ci) no sound');
  });

  it('puts all its files on the branch at once, where git can see them', async () => {
    const { github, simulator } = await started({
      seed: { 'state/a.yaml': 'a: 1\n', 'state/b.yaml': 'b: 1\n', 'keep.txt': 'kept\n' },
    });
    const parent = given(await github.head());
    const made = await github.commit({
      branch: 'main',
      parent,
      files: files({
        'state/a.yaml': 'a: 2\n',
        'state/new/c.yaml': 'ü: 3\n',
        'state/b.yaml': null,
      }),
      message: 'test: two titles',
    });

    expect(made).toEqual({ sha: await github.head() });
    expect(await simulator.files()).toEqual({
      'state/a.yaml': 'a: 2\n',
      'state/new/c.yaml': 'ü: 3\n',
      'keep.txt': 'kept\n',
    });
    const log = execFileSync('git', [
      '--git-dir',
      simulator.gitDir,
      'log',
      '--format=%s|%P',
      'main',
    ]);
    expect(log.toString().split('\n')[0]).toBe(`test: two titles|${parent}`);
    expect(simulator.unknown).toEqual([]);
  });

  it('names no author, so that GitHub signs it', async () => {
    const { github, simulator } = await started();
    const sent: string[] = [];
    simulator.onRequest = ({ method, path }) => void sent.push(`${method} ${path}`);
    const parent = given(await github.head());
    await github.commit({ branch: 'main', parent, files: files({ a: '1' }), message: 'm' });

    expect(sent.filter((line) => !line.startsWith('GET'))).toEqual([
      'POST /repos/acme/patchbot/git/trees',
      'POST /repos/acme/patchbot/git/commits',
      'PATCH /repos/acme/patchbot/git/refs/heads%2Fmain',
    ]);
    const author = execFileSync('git', [
      '--git-dir',
      simulator.gitDir,
      'log',
      '-1',
      '--format=%an',
    ]);
    expect(author.toString().trim()).toBe('patchbot[bot]');
  });

  it('writes nothing when the files have that content already', async () => {
    const { github, simulator } = await started({ seed: { 'a.txt': 'a\n' } });
    const parent = given(await github.head());
    simulator.resetCounts();
    const made = await github.commit({
      branch: 'main',
      parent,
      files: files({ 'a.txt': 'a\n', 'never-was-there.txt': null }),
      message: 'nothing',
    });

    expect(made).toEqual({ sha: parent });
    expect(simulator.writes).toBe(0);
  });

  it('says that the branch has moved, rather than lose what somebody else committed', async () => {
    const { github, simulator } = await started();
    const parent = given(await github.head());
    await simulator.people.commit('anna', 'Hold it', { 'hold.txt': 'no\n' });

    expect(
      await github.commit({ branch: 'main', parent, files: files({ a: '1' }), message: 'm' }),
    ).toBe('moved');
    expect(await simulator.log()).toEqual(['Hold it', 'First commit']);
  });

  it('says so as well when somebody commits in the last moment', async () => {
    const { github, simulator } = await started();
    const parent = given(await github.head());
    simulator.onRequest = async ({ method }) => {
      if (method !== 'PATCH') return;
      simulator.onRequest = undefined;
      await simulator.people.commit('anna', 'Hold it', { 'hold.txt': 'no\n' });
    };

    expect(
      await github.commit({ branch: 'main', parent, files: files({ a: '1' }), message: 'm' }),
    ).toBe('moved');
    expect(await simulator.log()).toEqual(['Hold it', 'First commit']);
  });

  it('makes a branch that is not there yet only when told to', async () => {
    const { github, simulator } = await started();
    const parent = given(await github.head());
    const wanted = { branch: 'patchbot/x/1.0', parent, files: files({ a: '1' }), message: 'm' };

    expect(await github.commit(wanted)).toBe('moved');
    given(await github.commit({ ...wanted, create: true }));
    expect(await simulator.files('patchbot/x/1.0')).toMatchObject({ a: '1' });
    expect(await github.commit({ ...wanted, create: true })).toBe('moved');
  });

  it.each(['reset-after', 'truncate', 'status-after'] as const)(
    'is made once when the answer is lost after it was done (%s)',
    async (kind) => {
      const { github, simulator, pauses } = await started();
      const parent = given(await github.head());
      simulator.faults.next({ kind, method: 'PATCH', path: /git\/refs/ });
      const made = given(
        await github.commit({ branch: 'main', parent, files: files({ a: '1' }), message: 'm' }),
      );

      expect(made.sha).toBe(await github.head());
      expect(await simulator.log()).toEqual(['m', 'First commit']);
      expect(pauses).toEqual([1000]);
    },
  );

  it('is known to be made when its answer is lost and others have built on it since', async () => {
    const { github, simulator } = await started();
    const parent = given(await github.head());
    simulator.faults.next({ kind: 'reset-after', method: 'PATCH', path: /git\/refs/ });
    let moved = false;
    simulator.onAnswered = async ({ method }) => {
      if (method !== 'PATCH' || moved) return;
      moved = true;
      await simulator.people.commit('anna', 'On top', { 'hold.txt': 'no\n' });
    };
    const made = await github.commit({
      branch: 'main',
      parent,
      files: files({ a: '1' }),
      message: 'm',
    });

    expect(made).not.toBe('moved');
    expect(await simulator.log()).toEqual(['On top', 'm', 'First commit']);
  });

  it('is an error, not a moved branch, when a ruleset forbids it', async () => {
    const { github, simulator } = await started();
    const parent = given(await github.head());
    simulator.faults.next({
      kind: 'status',
      status: 422,
      method: 'PATCH',
      body: { message: 'Repository rule violations found' },
    });
    const failed = github.commit({
      branch: 'main',
      parent,
      files: files({ a: '1' }),
      message: 'm',
    });

    await expect(failed).rejects.toThrow(GitHubError);
    await expect(failed).rejects.toThrow(
      /rule violations found\. Let PatchBot's GitHub App bypass/,
    );
  });

  it('is refused in a dry run before anything leaves', async () => {
    const { connect, simulator } = await started();
    const github = connect({ readOnly: true });
    const parent = given(await github.head());
    simulator.resetCounts();

    await expect(
      github.commit({ branch: 'main', parent, files: files({ a: '1' }), message: 'm' }),
    ).rejects.toThrow(/dry run/);
    expect(simulator.writes).toBe(0);
  });
});

describe('reading', () => {
  it('gives a file as it was at a commit, and nothing where there is none', async () => {
    const { github, simulator } = await started({ seed: { 'state/é b.yaml': 'x: ü\n' } });
    const first = given(await github.head());
    await simulator.people.commit('anna', 'Change', { 'state/é b.yaml': 'x: 2\n' });

    expect(await github.readFile('state/é b.yaml', first)).toBe('x: ü\n');
    expect(await github.readFile('state/é b.yaml', 'main')).toBe('x: 2\n');
    expect(await github.readFile('state/none.yaml', 'main')).toBeUndefined();
    expect(await github.list('state', first)).toEqual(
      new Map([['state/é b.yaml', blobSha('x: ü\n')]]),
    );
    expect(await github.list('none/at/all', first)).toEqual(new Map());
    expect(await github.readFile('state/none.yaml', sha('f'.repeat(40)))).toBeUndefined();
    expect(await github.head('no-such-branch')).toBeUndefined();
  });

  it('takes no path that leaves the repository', async () => {
    const { github, simulator } = await started();
    await expect(github.readFile('../../other/contents/x', 'main')).rejects.toThrow(/no path/);
    await expect(github.readFile('state', 'main')).resolves.toBeUndefined();
    expect(simulator.requests).toHaveLength(1);
  });
});
