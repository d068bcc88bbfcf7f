import { describe, expect, it } from 'vitest';
import { comment } from '../../src/stages/comment.ts';
import { hold } from '../../src/stages/hold.ts';
import { propose } from '../../src/stages/propose.ts';
import { type Office, type OfficeTitle, office } from './office.ts';

const slack: OfficeTitle = {
  slug: 'slack',
  name: 'Slack',
  testing: { version: '4.41', since: '2026-09-07' },
  production: '4.40',
};
const zoom: OfficeTitle = {
  slug: 'zoom',
  name: 'Zoom',
  testing: { version: '6.4', since: '2026-09-07' },
};
const collaborators = { anna: 'write', bea: 'write', eve: 'read', tom: 'triage' } as const;

/** An office with an open request, whose number is 1. */
async function asked(titles: readonly OfficeTitle[] = [slack], settings = ''): Promise<Office> {
  const at = await office(titles, { settings, github: { collaborators } });
  expect((await at.run(propose)).failures).toEqual([]);
  return at;
}

/** Somebody comments, and PatchBot looks at it, as its workflow does. */
async function say(at: Office, by: string, text: string, number = 1) {
  const id = await at.github.people.comment(number, by, text);
  const outcome = await at.run((run) => comment(run, id));
  return { id, outcome, ...answerTo(at, number, id) };
}

/** What became of a comment: PatchBot's reactions, and its reply without the hidden marker. */
function answerTo(at: Office, number: number, id: number) {
  const { comments } = at.github.pull(number);
  const own = comments.filter(({ user }) => user === 'patchbot[bot]');
  return {
    reactions: comments.find((one) => one.id === id)?.reactions.map(({ content }) => content),
    replies: own.map(({ body }) => body.replace(/\s*<!--.*-->\s*$/s, '')),
  };
}

const holdStatus = (at: Office) =>
  at.github.statuses.findLast(
    ({ context, sha }) => context === 'patchbot/hold' && sha === at.github.pull(1).head_sha,
  );

describe('a comment on a promotion request', () => {
  it('holds the version that the request asks for, in the name of who wrote it', async () => {
    const at = await asked();
    const { reactions, replies, outcome } = await say(at, 'anna', '/hold no *sound* for @bea');

    expect(outcome.failures).toEqual([]);
    expect(reactions).toEqual(['+1']);
    expect(replies).toEqual(['Slack 4.41: held by anna: no \\*sound\\* for @&#8203;bea']);
    expect(JSON.stringify(await at.state('slack'))).toContain(
      '"reason":"no *sound* for @bea","by":"anna","since":"2026-09-14"',
    );
    expect(holdStatus(at)).toMatchObject({ state: 'failure' });
    expect(at.github.pull(1)).toMatchObject({ state: 'open', labels: ['promotion', 'on hold'] });
    expect((await at.github.log())[0]).toMatch(/^hold: Slack: 4\.41 is held by anna/);
  });

  it('releases it again', async () => {
    const at = await asked();
    await say(at, 'anna', '/hold no sound');
    const { reactions, replies } = await say(at, 'anna', '/release');
    expect(reactions).toEqual(['+1']);
    expect(replies.at(-1)).toBe('Slack 4.41: released by anna.');
    expect(JSON.stringify(await at.state('slack'))).not.toContain('no sound');
    expect(holdStatus(at)).toMatchObject({ state: 'success' });
    expect(at.github.pull(1).labels).toEqual(['promotion']);
  });

  it('makes an emergency of it that waits for its merge alone', async () => {
    const at = await asked([slack], 'emergency-reviewers: [bea]\n');
    at.now = '2026-09-18T18:00:00Z';
    const { reactions, replies } = await say(at, 'anna', '/expedite CVE-2026-1 is being used');
    expect(reactions).toEqual(['+1']);
    expect(replies[0]).toContain('Slack 4.41: an emergency by anna: CVE-2026-1');
    expect(at.github.pulls).toHaveLength(1);
    expect(at.github.pull(1)).toMatchObject({
      title: 'EMERGENCY: Slack 4.40 → 4.41',
      labels: ['promotion', 'emergency'],
      requested_reviewers: ['bea'],
    });
    await at.github.people.merge(1, 'anna');
    expect((await at.state('slack')).production?.emergency).toEqual({
      by: 'anna',
      reason: 'CVE-2026-1 is being used',
    });
  });

  it('that made an emergency of it is kept true by later runs', async () => {
    const at = await asked();
    await say(at, 'anna', '/expedite CVE-2026-1');
    at.github.resetCounts();
    const outcome = await at.run(propose);
    expect(outcome.rows).toContainEqual(
      expect.objectContaining({ text: 'an emergency waits for approval in #1' }),
    );
    expect(at.github.writes).toBe(0);

    await at.run((run) => hold(run, { reason: 'wipes disks' }), {
      titles: ['slack'],
      actor: 'carl',
    });
    await at.run(propose);
    expect(holdStatus(at)).toMatchObject({ state: 'failure' });
    expect(at.github.pull(1)).toMatchObject({ title: 'EMERGENCY: Slack 4.40 → 4.41' });
  });

  it.each(['eve', 'tom', 'mallory'])(
    'does nothing for %s, who may not write, and says so',
    async (login) => {
      const at = await asked();
      const before = await at.github.files();
      const { reactions, replies } = await say(at, login, '/hold mine');
      expect(reactions).toEqual(['-1']);
      expect(replies).toEqual(['Only people who may write to this repository can ask for that.']);
      expect(await at.github.files()).toEqual(before);
    },
  );

  it('is answered once, however often it is looked at', async () => {
    const at = await asked();
    const { id } = await say(at, 'anna', '/hold no sound');
    at.github.resetCounts();
    await at.run((run) => comment(run, id));
    expect(at.github.writes).toBe(0);
  });

  it('is answered once when the run was cut short before its answer', async () => {
    const at = await asked();
    at.github.faults.next({ kind: 'status', status: 422, method: 'POST', path: /reactions/ });
    const id = await at.github.people.comment(1, 'anna', '/hold no sound');
    await expect(at.run((run) => comment(run, id))).rejects.toThrow(/react to the comment/);
    const commits = (await at.github.log()).length;
    await at.run((run) => comment(run, id));
    const { reactions, replies } = answerTo(at, 1, id);
    expect(reactions).toEqual(['+1']);
    expect(replies).toHaveLength(1);
    expect(await at.github.log()).toHaveLength(commits);
  });

  it('that says no reason is asked for one', async () => {
    const at = await asked();
    const { reactions, replies } = await say(at, 'anna', '/hold');
    expect(reactions).toEqual(['confused']);
    expect(replies[0]).toMatch(/^Say why/);
  });

  it('that only talks is let be', async () => {
    const at = await asked();
    for (const text of ['Nice', '> /hold x', 'We should /hold this']) {
      at.github.resetCounts();
      const { reactions } = await say(at, 'anna', text);
      expect(reactions).toEqual([]);
      expect(at.github.writes).toBe(0);
    }
  });

  it('can hold a version after its merge, but hurry it no more', async () => {
    const at = await asked();
    await at.github.people.merge(1, 'anna');
    expect((await say(at, 'anna', '/expedite now')).reactions).toEqual(['confused']);
    expect((await say(at, 'anna', '/hold oh no')).reactions).toEqual(['+1']);
    expect(JSON.stringify(await at.state('slack'))).toContain('oh no');
  });

  it('can release a version that was declined', async () => {
    const at = await asked();
    await at.github.people.close(1, 'bea');
    await at.run(propose);
    expect(JSON.stringify(await at.state('slack'))).toContain('declined in #1');
    expect((await say(at, 'anna', '/release')).reactions).toEqual(['+1']);
    await at.run(propose);
    expect(at.github.pull(2)).toMatchObject({ state: 'open', head: 'patchbot/slack/4.41' });
  });

  it('says what did not work', async () => {
    const at = await asked();
    await say(at, 'anna', '/hold no sound');
    const { reactions, replies } = await say(at, 'anna', '/expedite now');
    expect(reactions).toEqual(['confused']);
    expect(replies.at(-1)).toMatch(
      /^That did not work:\n\n- Slack: .*held by anna.*release it first/,
    );
  });

  it('changes nothing in a dry run', async () => {
    const at = await asked();
    const id = await at.github.people.comment(1, 'anna', '/hold no sound');
    at.github.resetCounts();
    await at.run((run) => comment(run, id), { dryRun: true });
    expect(at.github.writes).toBe(0);
  });
});

describe('a comment elsewhere', () => {
  it('on an issue, or a request of people, is let be', async () => {
    const at = await asked();
    const issue = await at.github.people.openIssue('anna', 'Help');
    const id = await at.github.people.comment(issue, 'anna', '/hold x');
    await at.github.people.commit('anna', 'Mine', { 'state/slack.yaml': 'schema: 1\n' }, 'mine');
    const pull = await at.github.people.openPull('anna', 'mine', 'Mine');
    const other = await at.github.people.comment(pull, 'anna', '/hold x');
    at.github.resetCounts();
    for (const one of [id, other, 999_999]) await at.run((run) => comment(run, one));
    expect(at.github.writes).toBe(0);
  });
});

describe('a comment on the request of a group', () => {
  const group = [slack, zoom].map((title) => ({ ...title, more: 'group: meetings\n' }));

  it('holds all its titles, or the one that it names', async () => {
    const at = await asked(group);
    const one = await say(at, 'anna', '/hold zoom no sound');
    expect(one.replies).toEqual(['Zoom 6.4: held by anna: no sound']);
    expect(holdStatus(at)?.description).toMatch(/^Zoom: held by anna/);

    const all = await say(at, 'anna', '/hold nothing works');
    expect(all.replies.at(-1)).toBe('Slack 4.41, Zoom 6.4: held by anna: nothing works');
    for (const title of ['slack', 'zoom'])
      expect(JSON.stringify(await at.state(title))).toContain('nothing works');
  });

  it('makes an emergency of the one title that it names', async () => {
    const at = await asked(group);
    await say(at, 'anna', '/expedite zoom CVE-2026-2');
    expect(at.github.pull(2)).toMatchObject({
      head: 'patchbot/zoom/6.4',
      title: 'EMERGENCY: Zoom 6.4',
    });
    await at.run(propose);
    expect(at.github.pull(1).title).toBe('meetings: Slack 4.40 → 4.41');
  });
});
