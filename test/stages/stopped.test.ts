import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeHold, releaseHold } from '../../src/lifecycle/changes.ts';
import { slug } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { build } from '../../src/stages/build.ts';
import { comment } from '../../src/stages/comment.ts';
import { hold, release as lift } from '../../src/stages/hold.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { test } from '../../src/stages/test.ts';
import { changedText } from '../../src/state/changed.ts';
import type { Fleet } from '../simulators/fleet.ts';
import {
  type CompanyTitle,
  later,
  monday,
  openRequest,
  policyOf,
  release,
  startCompany,
  stateOnMain,
  statusOf,
} from './company.ts';

const firefox: CompanyTitle = { slug: 'firefox', name: 'Mozilla Firefox' };
const slack: CompanyTitle = { slug: 'slack', name: 'Slack' };
const zoom: CompanyTitle = { slug: 'zoom', name: 'Zoom' };
const edge: CompanyTitle = { slug: 'edge', name: 'Microsoft Edge' };

/** Ends what a test has started; what it asked of the simulators must have made sense to them. */
async function end(fleet: Fleet): Promise<void> {
  expect(fleet.jamf.violations).toEqual([]);
  expect(fleet.github.unknown).toEqual([]);
  expect(fleet.webhooks.refused).toEqual([]);
  await fleet.close();
}

async function go(fleet: Fleet, ...stages: (typeof build)[]): Promise<void> {
  for (const stage of stages) expect((await fleet.run(stage)).failures).toEqual([]);
}

describe('a version that is held in any of the four ways', () => {
  const all = [firefox, slack, zoom, edge];
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startCompany(all);
    for (const title of all) await release(fleet, title, '2.0');
    await go(fleet, build, test);
    fleet.now = later(monday, 7, 4);
    await go(fleet, propose);
  });
  afterAll(() => end(fleet));

  /** Somebody edits a title's file on main by hand. */
  async function edit(title: CompanyTitle, change: Parameters<typeof changedText>[1]) {
    const path = `state/${title.slug}.yaml`;
    const about = { slug: slug(title.slug), name: title.name };
    const text = changedText(about, change, (await fleet.github.files())[path]);
    await fleet.github.people.commit('dora', 'By hand', { [path]: text });
  }

  const say = async (title: CompanyTitle, text: string) => {
    const id = await fleet.github.people.comment(openRequest(fleet, title.slug), 'carl', text);
    await go(fleet, (run) => comment(run, id));
  };
  const holdStatus = ({ slug: short }: CompanyTitle) => {
    const { head_sha } = fleet.github.pull(openRequest(fleet, short));
    return fleet.github.statuses.findLast(
      ({ sha, context }) => sha === head_sha && context === 'patchbot/hold',
    )?.state;
  };

  it('stands still all alike: by the workflow, a comment, an edit of its file, and in Jamf', async () => {
    await fleet.run((run) => hold(run, { reason: 'no sound', version: version('2.0') }), {
      titles: ['firefox'],
      actor: 'bea',
    });
    await say(slack, '/hold no sound');
    await edit(
      zoom,
      placeHold({
        version: version('2.0'),
        reason: 'no sound',
        by: 'dora',
        since: Temporal.PlainDate.from('2026-09-14'),
      }),
    );
    fleet.jamf.disablePolicy('Microsoft Edge Test');
    await go(fleet, propose);

    for (const title of all) {
      expect((await statusOf(fleet, title.slug)).step).toBe('held');
      expect(holdStatus(title)).toBe('failure');
      expect(fleet.github.pull(openRequest(fleet, title.slug)).labels).toContain('on hold');
    }
  });

  it('does not reach the fleet, even when somebody merges its request', async () => {
    await fleet.github.people.merge(openRequest(fleet, 'slack'), 'anna');
    await go(fleet, promote);
    expect(policyOf(fleet, 'Slack Stable').enabled).toBe(false);
  });

  it('moves again when it is released, in the way that suits', async () => {
    const slackRequest = fleet.github.pulls.find(({ head }) => head === 'patchbot/slack/2.0');
    const id = await fleet.github.people.comment(slackRequest?.number ?? 0, 'carl', '/release');
    await go(fleet, (run) => comment(run, id));
    await edit(zoom, releaseHold());
    for (const title of ['firefox', 'edge'])
      await fleet.run(lift, { titles: [title], actor: 'bea' });
    await go(fleet, propose, promote);

    expect(policyOf(fleet, 'Slack Stable')).toMatchObject({ enabled: true, targetVersion: '2.0' });
    expect(policyOf(fleet, 'Microsoft Edge Test').enabled).toBe(true);
    for (const title of [firefox, zoom, edge]) {
      expect(holdStatus(title)).toBe('success');
      expect(fleet.github.pull(openRequest(fleet, title.slug)).labels).not.toContain('on hold');
    }
  });

  it('that was merged on a Friday is offered on Monday, when the window opens', async () => {
    fleet.now = '2026-09-18T09:00:00Z';
    await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
    for (const instant of [
      '2026-09-18T09:05:00Z',
      '2026-09-20T09:00:00Z',
      '2026-09-21T05:55:00Z',
    ]) {
      fleet.now = instant;
      await go(fleet, promote);
      expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
    }
    fleet.now = '2026-09-21T06:05:00Z';
    await go(fleet, promote);
    expect(policyOf(fleet, 'Mozilla Firefox Stable')).toMatchObject({
      enabled: true,
      targetVersion: '2.0',
    });
  });
});

describe('approval by itself', () => {
  const vlc: CompanyTitle = { slug: 'vlc', name: 'VLC', more: 'approval: auto\nsoak: 3 days\n' };

  it('brings a release a week to the fleet, for two weeks, without a hand on it', async () => {
    const fleet = await startCompany([vlc]);
    const offered: string[] = [];
    for (let day = 0; day < 14; day += 1) {
      if (day % 7 === 0) await release(fleet, vlc, day === 0 ? '2.0' : '3.0');
      fleet.now = later(monday, day, -1);
      await go(fleet, build, test);
      for (const [hour, stage] of [
        [0.5, propose],
        [3.5, propose],
        [4, promote],
      ] as const) {
        // As the workflows are scheduled: Mondays to Thursdays.
        if (day % 7 > 3) continue;
        fleet.now = later(monday, day, hour);
        await go(fleet, stage);
      }
      const now = (await stateOnMain(fleet, 'vlc')).offered;
      if (now && !offered.includes(now.version.text)) {
        offered.push(now.version.text);
        expect(now.since.dayOfWeek).toBeLessThanOrEqual(4);
      }
    }
    expect(offered).toEqual(['2.0', '3.0']);
    expect(policyOf(fleet, 'VLC Stable')).toMatchObject({ enabled: true, targetVersion: '3.0' });
    expect(fleet.github.pulls.map(({ merged_by }) => merged_by)).toEqual([
      'patchbot[bot]',
      'patchbot[bot]',
    ]);
    const [first] = fleet.github.deployments;
    expect(first?.environment).toBe('production');
    await end(fleet);
  }, 240_000);
});
