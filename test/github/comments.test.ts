import { describe, expect, it } from 'vitest';
import { hiddenMarker } from '../../src/github/marker.ts';
import { given, started } from './started.ts';

describe('a comment', () => {
  it('is read with who wrote it and where', async () => {
    const { github, simulator } = await started();
    await simulator.people.openIssue('bea', 'Help');
    const id = await simulator.people.comment(1, 'anna', '/hold no sound');

    expect(await github.comments.read(id)).toEqual({
      id,
      number: 1,
      author: 'anna',
      own: false,
      body: '/hold no sound',
    });
    expect(await github.comments.read(id + 1000)).toBeUndefined();
  });

  it('is answered once, by a reply and a reaction', async () => {
    const { github, simulator } = await started();
    await simulator.people.openIssue('bea', 'Help');
    const id = await simulator.people.comment(1, 'anna', '/hold no sound');
    const comment = given(await github.comments.read(id));

    expect(await github.comments.isAnswered(id)).toBe(false);
    await github.comments.answer(comment, '+1', 'Held.');
    expect(await github.comments.isAnswered(id)).toBe(true);
    await github.comments.answer(comment, '+1', 'Held.');
    const [issue] = simulator.issues;
    expect(issue?.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      '/hold no sound',
      'Held.',
    ]);
    expect(issue?.comments[0]?.reactions).toHaveLength(1);
    expect((await github.comments.read(issue?.comments[1]?.id ?? 0))?.own).toBe(true);
  });

  it('is not answered by the reaction of somebody else', async () => {
    const { github, simulator, connect } = await started();
    await simulator.people.openIssue('bea', 'Help');
    const id = await simulator.people.comment(1, 'anna', '/hold no sound');
    simulator.issues[0]?.comments[0]?.reactions.push({
      id: 1,
      user: 'mallory',
      content: '+1',
      created_at: '2026-11-23T05:00:00Z',
    });
    expect(await github.comments.isAnswered(id)).toBe(false);
    // Not even when GitHub doesn't tell whose token this is.
    simulator.faults.next({ kind: 'status', status: 403, path: /graphql|user$/, times: 2 });
    expect(await connect().comments.isAnswered(id)).toBe(false);
  });

  it('of somebody else that carries a marker is left alone', async () => {
    const { github, simulator } = await started();
    await simulator.people.openIssue('bea', 'Help');
    const fake = `Nothing to see\n${hiddenMarker('superseded')}`;
    await simulator.people.comment(1, 'mallory', fake);
    await github.requests.comment(1, 'superseded', 'Closed by PatchBot.');

    const comments = simulator.issues[0]?.comments ?? [];
    expect(comments.map(({ user }) => user)).toEqual(['mallory', 'patchbot[bot]']);
    expect(comments[0]?.body).toBe(fake);
  });
});

describe('who may write to the repository', () => {
  it('is told by GitHub, by role', async () => {
    const { github } = await started({
      collaborators: { anna: 'admin', bea: 'maintain', carl: 'write', dan: 'triage', eve: 'read' },
    });
    const may = async (login: string) => github.mayWrite(login);
    expect(await Promise.all(['anna', 'bea', 'carl'].map(may))).toEqual([true, true, true]);
    expect(await Promise.all(['dan', 'eve', 'mallory'].map(may))).toEqual([false, false, false]);
  });
});
