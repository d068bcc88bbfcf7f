import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { branchOf, type WantedRequest } from '../../src/github/github.ts';
import { version } from '../../src/lifecycle/version.ts';
import { given, started } from './started.ts';

const path = 'state/google-chrome.yaml';
const seed = { [path]: 'production: 126\n', 'state/firefox.yaml': 'production: 1\n' };
const branch = branchOf('google-chrome', version('127.0'));
const approved = 'production: 127\n';
const showing = (content: (onBase: string | undefined) => string) => ({
  files: new Map([[path, content]]),
});
const wanted: WantedRequest = {
  branch,
  marker: 'promote:google-chrome:127.0',
  title: 'Google Chrome 126.0 → 127.0',
  body: 'Promote it.',
  labels: ['promotion'],
  ...showing(() => approved),
  message: 'Promote Google Chrome 127.0',
};

describe('a promotion request', () => {
  it('shows the one file that is to change, with its title, body and labels', async () => {
    const { github, simulator } = await started({ seed });
    const { request, wrote } = await github.requests.ensure(wanted);

    expect(wrote).toBe(true);
    expect(request).toMatchObject({
      number: 1,
      branch: 'patchbot/google-chrome/127.0',
      state: 'open',
      title: 'Google Chrome 126.0 → 127.0',
      labels: ['promotion'],
      marker: 'promote:google-chrome:127.0',
      headSha: await github.head(branch),
    });
    expect(await simulator.files(branch)).toEqual({ ...seed, [path]: 'production: 127\n' });
    expect(await github.requests.open()).toEqual([request]);
    expect(await github.requests.latestOf(branch)).toEqual(request);
    expect(simulator.unknown).toEqual([]);
  });

  it('is left alone when nothing has changed', async () => {
    const { github, simulator } = await started({ seed });
    const reviewers = ['anna'];
    const first = await github.requests.ensure({ ...wanted, reviewers });
    simulator.resetCounts();

    expect(await github.requests.ensure({ ...wanted, reviewers })).toEqual({
      request: first.request,
      wrote: false,
      opened: false,
    });
    expect(simulator.writes).toBe(0);
  });

  it('is left alone when main has moved elsewhere', async () => {
    const { github, simulator } = await started({ seed });
    const first = await github.requests.ensure(wanted);
    await simulator.people.commit('anna', 'Firefox', { 'state/firefox.yaml': 'production: 2\n' });
    simulator.resetCounts();

    expect((await github.requests.ensure(wanted)).request.headSha).toBe(first.request.headSha);
    expect(simulator.writes).toBe(0);
  });

  it('takes up what main has done to its file by a merge, never by force', async () => {
    const { github, simulator } = await started({ seed });
    const first = await github.requests.ensure(wanted);
    await simulator.people.commit('anna', 'Comment', {
      [path]: '# mine\nproduction: 126\n',
      'state/firefox.yaml': 'production: 2\n',
    });
    const main = await github.head();
    const moved = {
      ...wanted,
      ...showing((onBase) => (onBase ?? '').replace('126', '127')),
    };
    const { request, wrote } = await github.requests.ensure(moved);
    const content = '# mine\nproduction: 127\n';

    expect(wrote).toBe(true);
    expect(parents(simulator.gitDir, request.headSha)).toEqual([first.request.headSha, main]);
    expect(await simulator.files(branch)).toEqual({
      [path]: content,
      'state/firefox.yaml': 'production: 2\n',
    });
    simulator.resetCounts();
    expect((await github.requests.ensure(moved)).wrote).toBe(false);
    expect(simulator.writes).toBe(0);
    await simulator.people.merge(1, 'anna');
    expect((await simulator.files())[path]).toBe(content);
  });

  it('shows exactly its file again after somebody has pushed something else to it', async () => {
    const { github, simulator } = await started({ seed });
    const first = await github.requests.ensure(wanted);
    const other = await github.commit({
      branch,
      parent: first.request.headSha,
      files: new Map([['recipes/evil.yaml', 'x']]),
      message: 'Sneak in',
    });
    const { request } = await github.requests.ensure(wanted);

    expect(await simulator.files(branch)).toEqual({ ...seed, [path]: approved });
    expect(parents(simulator.gitDir, request.headSha)).toEqual([given(other).sha]);
    simulator.resetCounts();
    await github.requests.ensure(wanted);
    expect(simulator.writes).toBe(0);
  });

  it('follows the wanted title, body and labels, and keeps the labels of others', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);
    await github.requests.label(1, 'mine');
    await github.requests.label(1, 'on hold');
    const { request } = await github.requests.ensure({
      ...wanted,
      title: 'EMERGENCY: Google Chrome',
      body: 'Now.',
      labels: ['promotion', 'emergency'],
      notLabels: ['On Hold', 'other'],
    });

    expect(request.title).toBe('EMERGENCY: Google Chrome');
    expect(request.body).toMatch(/^Now\.\n\n<!-- patchbot:promote:google-chrome:127.0 -->/);
    expect([...(await github.requests.open())].map(({ labels }) => [...labels].sort())).toEqual([
      ['emergency', 'mine', 'promotion'],
    ]);
    expect(simulator.pulls).toHaveLength(1);
  });

  it('is found by its branch when somebody has taken its marker away, and gets it back', async () => {
    const { github, connect } = await started({ seed });
    await github.requests.ensure(wanted);
    const { request } = await connect().requests.ensure({ ...wanted, body: 'Other words.' });

    expect(request.number).toBe(1);
    expect(request.marker).toBe(wanted.marker);
  });

  it('is opened anew, from the same branch, when the version is proposed again after a no', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);
    await simulator.people.close(1, 'anna');

    expect(await github.requests.latestOf(branch)).toMatchObject({ number: 1, state: 'closed' });
    expect(await github.requests.closedBy(1)).toBe('anna');
    expect(await github.requests.open()).toEqual([]);
    expect((await github.requests.ensure(wanted)).request).toMatchObject({
      number: 2,
      state: 'open',
    });
    expect(await github.requests.latestOf(branch)).toMatchObject({ number: 2, state: 'open' });
  });

  it('can be proposed again after it was merged and rolled back', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);
    await simulator.people.merge(1, 'anna');
    expect(await github.requests.latestOf(branch)).toMatchObject({ number: 1, state: 'merged' });
    simulator.resetCounts();
    expect(await github.requests.ensure(wanted)).toMatchObject({
      request: { number: 1, state: 'merged' },
      wrote: false,
    });
    expect(simulator.writes).toBe(0);

    const revert = await simulator.people.revert(1, 'anna');
    await simulator.people.merge(revert, 'anna');
    const again = await github.requests.ensure(wanted);
    expect(again).toMatchObject({ request: { state: 'open' }, wrote: true });
    await simulator.people.merge(again.request.number, 'anna');
    expect((await simulator.files())[path]).toBe(approved);
  });

  it('comes back when its branch was deleted', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);
    await simulator.people.deleteBranch(branch);

    expect((await github.requests.ensure(wanted)).request.state).toBe('open');
    expect(await simulator.files(branch)).toMatchObject({ [path]: approved });
  });

  it('says so when main has that content already', async () => {
    const { github, simulator } = await started({ seed });
    const same = { ...wanted, ...showing((onBase) => onBase ?? '') };
    await expect(github.requests.ensure(same)).rejects.toThrow(/main has this .* already/);
    expect(simulator.writes).toBe(0);
  });

  it('stands even when a reviewer cannot be asked', async () => {
    const { github, simulator, log } = await started({ seed });
    simulator.faults.next({
      kind: 'status',
      status: 422,
      path: /requested_reviewers/,
      method: 'POST',
      body: { message: 'Reviews may only be requested from collaborators.' },
    });
    const { request } = await github.requests.ensure({ ...wanted, reviewers: ['nobody'] });

    expect(request.state).toBe('open');
    expect(log.join()).toMatch(/only be requested from collaborators.*The request itself stands/);
  });

  it('asks people and teams for a review, once, and not those who have given one', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure({ ...wanted, reviewers: ['anna', 'acme/mac-admins'] });
    expect(simulator.pull(1).requested_reviewers).toEqual(['anna']);
    expect(simulator.pull(1).requested_teams).toEqual(['mac-admins']);

    await simulator.people.review(1, 'anna', 'APPROVED');
    simulator.resetCounts();
    await github.requests.ensure({ ...wanted, reviewers: ['Anna'] });
    expect(simulator.writes).toBe(0);
  });

  it('asks nobody again whom CODEOWNERS, somebody or itself has asked before', async () => {
    const { github, simulator } = await started({
      seed: { ...seed, '.github/CODEOWNERS': '# who\n* @zoe\nstate/ @anna @acme/mac-admins\n' },
    });
    const reviewers = ['anna', 'acme/mac-admins', 'acme/desk', 'bea'];
    await github.requests.ensure({ ...wanted, reviewers });
    const pull = simulator.pull(1);
    expect(pull.requested_reviewers).toEqual(['anna', 'bea']);
    expect(pull.requested_teams).toEqual(['mac-admins', 'desk']);

    // The team has handed it on to a member, and somebody has let bea off.
    pull.requested_teams = ['desk'];
    pull.requested_reviewers = ['anna', 'carl'];
    simulator.resetCounts();
    await github.requests.ensure({ ...wanted, reviewers });
    expect(simulator.writes).toBe(0);
  });

  it('shows several files at once, and drops what is no longer wanted', async () => {
    const { github, simulator } = await started({ seed });
    const both = {
      ...wanted,
      files: new Map([...wanted.files, ['state/firefox.yaml', () => 'production: 2\n']]),
    };
    const { request } = await github.requests.ensure(both);
    expect(await simulator.files(branch)).toEqual({
      [path]: approved,
      'state/firefox.yaml': 'production: 2\n',
    });
    simulator.resetCounts();
    expect(await github.requests.ensure(both)).toEqual({ request, wrote: false, opened: false });
    expect(simulator.writes).toBe(0);

    await github.requests.ensure(wanted);
    expect(await simulator.files(branch)).toEqual({ ...seed, [path]: approved });
  });

  // What fails while it reads fails alike everywhere, so one kind of fault is enough there.
  it.each([
    { kind: 'reset', method: 'GET' },
    ...(['reset', 'reset-after', 'status', 'status-after', 'truncate', 'refuse'] as const).map(
      (kind) => ({ kind, method: 'POST' }),
    ),
  ] as const)(
    'ends the same, with nothing doubled, when any one $method fails ($kind)',
    async ({ kind, method }) => {
      const undisturbed = await started({ seed });
      const expected = (await undisturbed.github.requests.ensure(wanted)).request;
      const calls = undisturbed.simulator.requests.filter((request) => request.method === method);
      expect(calls.length).toBeGreaterThan(3);
      for (let after = 0; after < calls.length; after += 1) {
        const { github, simulator } = await started({ seed });
        simulator.faults.next({ kind, method, after });
        const { request } = await github.requests.ensure(wanted);

        expect(simulator.faults.pending).toBe(0);
        expect({ ...request, headSha: '', url: '' }).toEqual({ ...expected, headSha: '', url: '' });
        expect(simulator.pulls).toHaveLength(1);
        expect(await simulator.log(branch)).toEqual([wanted.message, 'First commit']);
        simulator.resetCounts();
        expect((await github.requests.ensure(wanted)).wrote).toBe(false);
        expect(simulator.writes).toBe(0);
      }
    },
  );
});

describe('requests', () => {
  it('are listed however many there are, and only the ones of PatchBot', async () => {
    const { github } = await started({ seed });
    for (let n = 1; n <= 3; n += 1)
      await github.requests.ensure({
        ...wanted,
        branch: branchOf('google-chrome', version(`127.${n}`)),
        marker: `promote:google-chrome:127.${n}`,
        ...showing(() => `production: 127.${n}\n`),
      });
    await github.requests.ensure({
      ...wanted,
      branch: 'feature/other',
      ...showing(() => 'x: 1\n'),
    });

    const open = await github.requests.open();
    expect(open.map((request) => request.branch).sort()).toEqual(
      [1, 2, 3].map((n) => `patchbot/google-chrome/127.${n}`),
    );
    expect(new Set(open.map(({ marker }) => marker)).size).toBe(3);
  });

  it('get a label once and lose it once, and one comment by marker that follows its text', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);

    expect(await github.requests.label(1, 'Hold')).toBe(true);
    expect(await github.requests.label(1, 'hold')).toBe(false);
    expect(await github.requests.unlabel(1, 'HOLD')).toBe(true);
    expect(await github.requests.unlabel(1, 'Hold')).toBe(false);
    expect(await github.requests.comment(1, 'drift', 'Look at this')).toBe(true);
    expect(await github.requests.comment(1, 'drift', 'Look at this')).toBe(false);
    expect(await github.requests.comment(1, 'drift', 'Look at that')).toBe(true);
    expect(await github.requests.comment(1, 'other', 'More')).toBe(true);
    const snapshot = JSON.stringify(await simulator.snapshot());
    expect(snapshot.match(/Look at/g)).toHaveLength(1);
    expect(snapshot).toContain('Look at that');
  });

  it('are commented once when the answer is lost', async () => {
    const { github, simulator } = await started({ seed });
    await github.requests.ensure(wanted);
    simulator.faults.next({ kind: 'reset-after', method: 'POST', path: /comments/ });
    await github.requests.comment(1, 'drift', 'Look at this');

    expect(JSON.stringify(await simulator.snapshot()).match(/Look at this/g)).toHaveLength(1);
  });

  it('are closed once', async () => {
    const { github } = await started({ seed });
    await github.requests.ensure(wanted);

    expect(await github.requests.close(1)).toBe(true);
    expect(await github.requests.close(1)).toBe(false);
    expect(await github.requests.latestOf(branch)).toMatchObject({ state: 'closed' });
  });

  it('are merged at the commit that was checked, and at no other', async () => {
    const { github, simulator } = await started({ seed });
    const { request } = await github.requests.ensure(wanted);
    const main = given(await github.head());

    expect(await github.requests.merge(1, main)).toEqual({
      merged: false,
      why: 'somebody has pushed to its branch',
    });
    expect(await github.requests.merge(1, request.headSha)).toEqual({ merged: true });
    expect((await simulator.files())[path]).toBe(approved);
    simulator.resetCounts();
    expect(await github.requests.merge(1, request.headSha)).toEqual({ merged: true });
    expect(simulator.writes).toBe(0);
  });

  it('are known to be merged when the answer is lost', async () => {
    const { github, simulator } = await started({ seed });
    const { request } = await github.requests.ensure(wanted);
    simulator.faults.next({ kind: 'reset-after', method: 'PUT', path: /merge$/ });

    expect(await github.requests.merge(1, request.headSha)).toEqual({ merged: true });
    expect(await simulator.log()).toHaveLength(3);
  });

  it('wait, and say why, while a check or review is missing', async () => {
    const { github, simulator } = await started({ seed });
    const { request } = await github.requests.ensure(wanted);
    simulator.faults.next({
      kind: 'status',
      status: 405,
      method: 'PUT',
      body: { message: 'Required status check "ci" is expected.' },
    });

    expect(await github.requests.merge(1, request.headSha)).toEqual({
      merged: false,
      why: 'Required status check "ci" is expected.',
    });
  });

  it('are not merged past a check that is red, missing or still runs, though an App could', async () => {
    const { github, simulator } = await started({ seed, requiredChecks: ['validate'] });
    const { request } = await github.requests.ensure(wanted);
    const merge = async () => github.requests.merge(1, request.headSha);
    const set = async (context: string, state: 'success' | 'pending' | 'failure') =>
      github.statuses.ensure(request.headSha, [{ context, state, description: '' }]);

    expect(await merge()).toMatchObject({ why: expect.stringContaining('required check') });
    await set('validate', 'success');
    await set('company/scan', 'pending');
    expect(await merge()).toMatchObject({ why: expect.stringContaining('still runs') });
    await set('company/scan', 'failure');
    expect(await merge()).toMatchObject({ why: expect.stringContaining('is red') });
    await set('company/scan', 'success');
    expect(await merge()).toEqual({ merged: true });
    expect(simulator.pull(1).merged).toBe(true);
  });

  it('are looked at again while GitHub finds out whether they can be merged', async () => {
    const { github, simulator, pauses } = await started({ seed });
    simulator.slowMergeable = 2;
    const { request } = await github.requests.ensure(wanted);
    expect(await github.requests.merge(1, request.headSha)).toEqual({ merged: true });
    expect(pauses).toEqual([1_000, 3_000]);
  });

  it('are squashed where the repository allows no merge commits', async () => {
    const { github, simulator } = await started({ seed });
    const { request } = await github.requests.ensure(wanted);
    simulator.faults.next({
      kind: 'status',
      status: 405,
      method: 'PUT',
      body: { message: 'Merge commits are not allowed on this repository.' },
    });

    expect(await github.requests.merge(1, request.headSha)).toEqual({ merged: true });
    expect(await simulator.log()).toHaveLength(2);
  });
});

function parents(gitDir: string, commit: string): string[] {
  const line = execFileSync('git', ['--git-dir', gitDir, 'log', '-1', '--format=%P', commit]);
  return line.toString().trim().split(' ');
}
