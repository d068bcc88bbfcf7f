import { describe, expect, it } from 'vitest';
import { hold, release } from '../../src/stages/hold.ts';
import { propose } from '../../src/stages/propose.ts';
import { editState } from '../../src/state/edit.ts';
import { factsOf, type Office, type OfficeTitle, office } from './office.ts';

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
  production: '6.3',
};
const teams: OfficeTitle = {
  slug: 'teams',
  name: 'Teams',
  testing: { version: '25.1', since: '2026-09-11' },
  production: '25.0',
};
const grouped = (title: OfficeTitle): OfficeTitle => ({ ...title, more: 'group: meetings\n' });

/** Asks; nothing may go wrong. */
async function ask(at: Office, mode?: 'refresh') {
  const outcome = await at.run((run) => propose(run, mode));
  expect(outcome.failures).toEqual([]);
  return outcome;
}

/** The newest status of each condition of a request: "soak success". */
function conditions(at: Office, number: number): Record<string, string> {
  const { head_sha } = at.github.pull(number);
  return Object.fromEntries(
    at.github.statuses
      .filter(({ sha }) => sha === head_sha)
      .map(({ context, state, description }) => [
        context.replace('patchbot/', ''),
        `${state}: ${description}`,
      ]),
  );
}

/** Another version takes the place of the one in test, as the test stage would write it. */
async function replaceInTest(at: Office, title: OfficeTitle, version: string, since: string) {
  const next = { ...title, testing: { version, since } };
  const text = editState(undefined, title.name, {}, factsOf(next));
  await at.github.people.commit('patchbot[bot]', 'test: next', {
    [`state/${title.slug}.yaml`]: text,
  });
}

describe('a promotion request', () => {
  it('is told once, when it is opened, and left alone while nothing changes', async () => {
    const at = await office([slack]);
    const first = await ask(at);
    expect(first.rows).toMatchObject([{ did: 'done', version: '4.41' }]);
    expect(at.github.pull(1)).toMatchObject({ title: 'Slack 4.40 → 4.41', labels: ['promotion'] });
    expect(at.webhooks.messages).toHaveLength(1);

    at.github.resetCounts();
    expect((await ask(at)).rows).toMatchObject([
      { did: 'waits', text: 'waits for approval in #1' },
    ]);
    expect(at.github.writes).toBe(0);
    expect(at.webhooks.messages).toHaveLength(1);
  });

  it('says of each condition how it stands, and anew when that changes', async () => {
    const at = await office([slack]);
    await ask(at);
    expect(conditions(at, 1)).toEqual({
      soak: 'success: soaked 7 days, over since 2026-09-14',
      gate: 'success: the title asks nothing of its test ring',
      hold: 'success: nobody holds it',
      window: 'success: open Mon, Tue, Wed, Thu 08:00 to 16:00 (Europe/Zurich)',
    });

    at.now = '2026-09-17T15:00:00Z';
    at.github.resetCounts();
    await ask(at);
    expect(conditions(at, 1)['window']).toBe(
      'pending: opens 2026-09-21 at 08:00; a merge waits until then',
    );
    // The clock alone changes one status, and not the words of the request.
    expect(at.github.writes).toBe(1);
  });

  it('turns red and says so when its version is held later, and back when it is released', async () => {
    const at = await office([slack]);
    await ask(at);
    await at.run((run) => hold(run, { reason: 'no sound' }), { titles: ['slack'], actor: 'carl' });
    const outcome = await ask(at, 'refresh');

    expect(conditions(at, 1)['hold']).toBe('failure: held by carl since 2026-09-14: no sound');
    expect(at.github.pull(1).labels).toEqual(['promotion', 'on hold']);
    expect(at.github.pull(1).body).toMatch(/^> \[!WARNING\][\s\S]*held by carl/);
    expect(at.github.pull(1).state).toBe('open');
    expect(outcome.rows[0]).toMatchObject({ did: 'waits' });

    await at.run(release, { titles: ['slack'], actor: 'carl' });
    await ask(at, 'refresh');
    expect(conditions(at, 1)['hold']).toBe('success: nobody holds it');
    expect(at.github.pull(1).labels).toEqual(['promotion']);
    expect(at.github.pull(1).body).toMatch(/^Promote Slack/);
  });

  it('takes up a hold in its file, so that merging it does not lift the hold', async () => {
    const at = await office([slack]);
    await ask(at);
    await at.run((run) => hold(run, { reason: 'no sound' }), { titles: ['slack'], actor: 'carl' });
    await ask(at);
    await at.github.people.merge(1, 'anna');
    expect(JSON.stringify(await at.state('slack'))).toContain('no sound');
  });

  it('is not opened by a refresh, nor by a dry run', async () => {
    const at = await office([slack]);
    await ask(at, 'refresh');
    const dry = await at.run(propose, { dryRun: true });
    expect(dry.rows).toMatchObject([{ did: 'would' }]);
    expect(at.github.pulls).toEqual([]);
    expect(at.github.writes).toBe(0);
  });

  it('that was replaced is closed with a link to the one that replaces it', async () => {
    const at = await office([slack]);
    await ask(at);
    await replaceInTest(at, slack, '4.42', '2026-09-14');
    await ask(at);
    const closed = at.github.pull(1);
    expect(closed).toMatchObject({ state: 'closed', merged: false });
    expect(closed.labels).toContain('superseded');
    expect(closed.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      'Closed by PatchBot: 4.42 has taken its place in test.',
    ]);

    at.now = '2026-09-21T07:00:00Z';
    await ask(at);
    expect(at.github.pull(2)).toMatchObject({ state: 'open', title: 'Slack 4.40 → 4.42' });
    expect(closed.comments.map(({ body }) => body.split('\n')[0])).toEqual([
      'Closed by PatchBot: 4.42 has taken its place in test. See #2 instead.',
    ]);
    at.github.resetCounts();
    await ask(at);
    expect(at.github.writes).toBe(0);
  });

  it('of a title that is gone from recipes/ is closed', async () => {
    const at = await office([slack, zoom]);
    await ask(at);
    await at.github.people.commit('anna', 'No more Slack', { 'recipes/titles/slack.yaml': null });
    const outcome = await ask(at);
    expect(at.github.pulls.map(({ state, head }) => `${head} ${state}`)).toEqual([
      'patchbot/slack/4.41 closed',
      'patchbot/zoom/6.4 open',
    ]);
    expect(JSON.stringify(outcome.rows)).toContain('recipes/titles/ no longer has the title slack');
  });

  it('is not closed when its title can not be read', async () => {
    const at = await office([slack]);
    await ask(at);
    await at.github.people.commit('anna', 'Oops', { 'state/slack.yaml': 'schema: [' });
    const outcome = await at.run(propose);
    expect(outcome.failures).toHaveLength(1);
    expect(at.github.pull(1).state).toBe('open');
  });
});

describe('approval by itself', () => {
  const auto = { ...slack, more: 'approval: auto\n' };

  it('merges in the window, once all is green', async () => {
    const at = await office([auto]);
    at.now = '2026-09-14T04:37:00Z';
    const early = await ask(at);
    expect(early.rows[0]?.did).toBe('done');
    expect(at.github.pull(1).merged).toBe(false);

    at.now = '2026-09-14T07:07:00Z';
    const outcome = await ask(at);
    expect(outcome.rows[0]?.text).toBe('approved by itself ("approval: auto") in #1');
    expect(at.github.pull(1)).toMatchObject({ merged: true, merged_by: 'patchbot[bot]' });
    expect((await at.state('slack')).production?.package.version.text).toBe('4.41');
  });

  it('does not merge while a check is red, runs or is missing, though the App could', async () => {
    const at = await office([auto], { github: { requiredChecks: ['validate'] } });
    await ask(at);
    const outcome = await ask(at);
    expect(outcome.rows[0]?.text).toMatch(/#1 is not merged yet: the rules .* are not met/);
    expect(at.github.pull(1).merged).toBe(false);
  });

  it('does not merge in a freeze, nor what is held', async () => {
    const at = await office([auto], {
      settings: 'freezes: [{from: 2026-09-15, to: 2026-09-16, reason: audit}]\n',
      github: { requiredChecks: ['nobody/says'] },
    });
    await ask(at);
    at.now = '2026-09-15T07:00:00Z';
    expect((await ask(at)).rows[0]?.text).toMatch(
      /not merged yet: nothing is promoted through 2026-09-16: audit/,
    );
    await at.run((run) => hold(run, { reason: 'no sound' }), { titles: ['slack'], actor: 'carl' });
    at.now = '2026-09-17T07:00:00Z';
    expect((await ask(at)).rows[0]?.text).toMatch(/held by carl.*#1 stays open/);
    expect(at.github.pull(1).merged).toBe(false);
  });
});

describe('a group', () => {
  it('is asked for in one request, of those that are ready', async () => {
    const at = await office([slack, zoom, teams].map(grouped));
    await ask(at);
    expect(at.github.pulls).toHaveLength(1);
    const pull = at.github.pull(1);
    expect(pull).toMatchObject({
      head: 'patchbot/group.meetings',
      title: 'meetings: Slack 4.40 → 4.41, Zoom 6.3 → 6.4',
    });
    expect(pull.body).toContain('- Teams: soaking until 2026-09-18');

    at.now = '2026-09-21T07:00:00Z';
    await ask(at);
    expect(at.github.pull(1).title).toContain('Teams 25.0 → 25.1');
    await at.github.people.merge(1, 'anna');
    for (const [title, version] of [
      ['slack', '4.41'],
      ['zoom', '6.4'],
      ['teams', '25.1'],
    ] as const)
      expect((await at.state(title)).production?.package.version.text).toBe(version);
  });

  it('is asked for as a whole, even when a run is for one of its titles', async () => {
    const at = await office([slack, zoom].map(grouped));
    await at.run(propose, { titles: ['slack'] });
    expect(at.github.pull(1).title).toContain('Zoom');
  });

  it('goes on without the title that is held, and stands red while it has nothing else', async () => {
    const at = await office([slack, zoom].map(grouped));
    await ask(at);
    await at.run((run) => hold(run, { reason: 'no sound' }), { titles: ['zoom'], actor: 'carl' });
    await ask(at, 'refresh');
    expect(conditions(at, 1)['hold']).toBe(
      'failure: Zoom: held by carl since 2026-09-14: no sound',
    );

    await ask(at);
    expect(at.github.pull(1).title).toBe('meetings: Slack 4.40 → 4.41');
    expect(at.github.pull(1).body).toContain('- Zoom: held by carl');
    expect(conditions(at, 1)['hold']).toBe('success: nobody holds it');

    await at.run((run) => hold(run, { reason: 'no text' }), { titles: ['slack'], actor: 'carl' });
    await ask(at);
    expect(at.github.pull(1)).toMatchObject({
      state: 'open',
      title: 'meetings: Slack 4.40 → 4.41',
    });
    expect(conditions(at, 1)['hold']).toMatch(/^failure: held by carl .* no text$/);
  });

  it('that is declined holds what was asked for, each in the name of who closed it', async () => {
    const at = await office([slack, zoom, teams].map(grouped));
    await ask(at);
    await at.github.people.close(1, 'bea');
    await ask(at);
    for (const title of ['slack', 'zoom'])
      expect(JSON.stringify(await at.state(title))).toContain('"declined in #1","by":"bea"');
    expect(JSON.stringify(await at.state('teams'))).not.toContain('declined');
    expect(at.github.pull(1).labels).toContain('declined');

    at.github.resetCounts();
    await ask(at);
    expect(at.github.writes).toBe(0);

    at.now = '2026-09-21T07:00:00Z';
    await ask(at);
    expect(at.github.pull(2)).toMatchObject({
      state: 'open',
      title: 'meetings: Teams 25.0 → 25.1',
    });
  });

  it('is reverted as one', async () => {
    const at = await office([slack, zoom].map(grouped));
    await ask(at);
    await at.github.people.merge(1, 'anna');
    const revert = await at.github.people.revert(1, 'bea');
    await at.github.people.merge(revert, 'bea');
    expect((await at.state('slack')).production?.package.version.text).toBe('4.40');
    expect((await at.state('zoom')).production?.package.version.text).toBe('6.3');
  });

  it('takes the place of the single request of a title that joins it', async () => {
    const at = await office([slack, grouped(zoom)]);
    await ask(at);
    const single = at.github.pulls.find(({ head }) => head === 'patchbot/slack/4.41');
    await at.github.people.commit('anna', 'Join', {
      'recipes/titles/slack.yaml':
        'recipe: slack.pkg\npatch: none\nname: Slack\ncategory: Apps\ngroup: meetings\n',
    });
    await ask(at);
    expect(single).toMatchObject({ state: 'closed' });
    const group = at.github.pulls.find(({ head }) => head === 'patchbot/group.meetings');
    expect(single?.comments[0]?.body).toContain(
      `it is asked for together with the others of the group meetings. See #${group?.number} instead.`,
    );
  });

  it('merges by itself only when that holds for all its titles', async () => {
    const at = await office([
      { ...slack, more: 'group: meetings\napproval: auto\n' },
      grouped(zoom),
    ]);
    await ask(at);
    await ask(at);
    expect(at.github.pull(1).merged).toBe(false);
  });
});
