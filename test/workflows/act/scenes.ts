import assert from 'node:assert/strict';
import {
  type CompanyTitle,
  later,
  monday,
  openRequest,
  policyOf,
  release,
  stateOnMain,
  three,
} from '../../stages/company.ts';
import type { WorkflowCompany } from './company.ts';
import type { Trigger, WorkflowRun } from './runner.ts';

/** One workflow, from its trigger to what Jamf Pro and main say afterwards. */
export interface Scene {
  readonly workflow: string;
  readonly tells: string;
  play(stage: Stage): Promise<void>;
}

/** What a scene plays on. */
export interface Stage extends WorkflowCompany {
  /** Runs a workflow that must be green. */
  readonly green: (trigger: Trigger) => Promise<WorkflowRun>;
  /** Runs a workflow that must be red. */
  readonly red: (trigger: Trigger) => Promise<WorkflowRun>;
}

const [firefox, slack, zoom] = three as [CompanyTitle, CompanyTitle, CompanyTitle];
const nextMonday = later(monday, 7, 2);

/** GitHub's own event for what has just come to main. */
const push = (): Pick<Trigger, 'workflow' | 'event' | 'payload'> => ({
  workflow: 'promote.yml',
  event: 'push',
  payload: { ref: 'refs/heads/main', commits: [{ modified: ['state/firefox.yaml'] }] },
});

const dispatch = (inputs: Readonly<Record<string, string>>) => ({
  event: 'workflow_dispatch' as const,
  payload: { inputs, ref: 'refs/heads/main' },
});

/** GitHub's own event for a pull request that was opened, or pushed to. */
const pullRequest = (number: number) => ({
  workflow: 'check.yml',
  event: 'pull_request_target' as const,
  payload: { action: 'synchronize', number, pull_request: { number } },
});

/** GitHub's own event for a comment that somebody has just written. */
async function comment(
  fleet: Stage['fleet'],
  green: Stage['green'],
  number: number,
  by: string,
  body: string,
): Promise<void> {
  const id = await fleet.github.people.comment(number, by, body);
  await green({
    workflow: 'comment.yml',
    event: 'issue_comment',
    actor: by,
    payload: {
      action: 'created',
      issue: { number, pull_request: {} },
      comment: { id, body, author_association: 'MEMBER' },
    },
  });
}

/** They follow one another: each begins where the one before ended. */
export const scenes: readonly Scene[] = [
  {
    workflow: 'daily.yml',
    tells: 'without the GitHub App is red, says what is missing, and does nothing',
    async play({ fleet, red }) {
      fleet.now = monday;
      await release(fleet, firefox, '2.0');
      const run = await red({
        workflow: 'daily.yml',
        event: 'schedule',
        without: ['PATCHBOT_APP_PRIVATE_KEY'],
      });
      assert.match(run.log, /The GitHub App is missing|PATCHBOT_APP_PRIVATE_KEY/);
      assert.equal(fleet.jamf.requests.length, 0);
    },
  },
  {
    workflow: 'daily.yml',
    tells: 'by schedule builds what is new and offers it to the testers',
    async play({ fleet, green }) {
      await green({ workflow: 'daily.yml', event: 'schedule' });
      const offered = policyOf(fleet, 'Mozilla Firefox Test');
      assert.equal(offered.enabled, true);
      assert.equal(offered.targetVersion, '2.0');
      assert.equal((await stateOnMain(fleet, 'firefox')).testing?.package.version.text, '2.0');
    },
  },
  {
    workflow: 'hold.yml',
    tells: 'by hand holds a version, in the name of who started it',
    async play({ fleet, green }) {
      await green({
        workflow: 'hold.yml',
        ...dispatch({
          titles: 'firefox',
          do: 'hold',
          reason: 'prints "$(id)" blank',
          version: '2.0',
          until: '',
        }),
        actor: 'carl',
      });
      const [hold] = (await stateOnMain(fleet, 'firefox')).holds ?? [];
      assert.equal(hold?.by, 'carl');
      assert.equal(hold?.reason, 'prints "$(id)" blank');
    },
  },
  {
    workflow: 'hold.yml',
    tells: 'by hand releases it again',
    async play({ fleet, green }) {
      await green({
        workflow: 'hold.yml',
        ...dispatch({ titles: 'firefox', do: 'release', reason: '', version: '', until: '' }),
        actor: 'carl',
      });
      assert.equal((await stateOnMain(fleet, 'firefox')).holds, undefined);
    },
  },
  {
    workflow: 'propose.yml',
    tells: 'by schedule asks for approval of what has soaked',
    async play({ fleet, green }) {
      fleet.now = nextMonday;
      await green({ workflow: 'propose.yml', event: 'schedule' });
      assert.ok(openRequest(fleet, 'firefox') > 0);
    },
  },
  {
    workflow: 'check.yml',
    tells: 'on a promotion request is green, and says nothing below it',
    async play({ fleet, green }) {
      const number = openRequest(fleet, 'firefox');
      await green(pullRequest(number));
      assert.deepEqual(fleet.github.pull(number).comments, []);
    },
  },
  {
    workflow: 'check.yml',
    tells: 'on a request that smuggles in a workflow is red',
    async play({ fleet, red }) {
      const { people } = fleet.github;
      const evil = { '.github/workflows/evil.yml': 'on: push\n' };
      const text = (await fleet.github.files())['state/firefox.yaml'] ?? '';
      await people.commit(
        'mallory',
        'Promote',
        { ...evil, 'state/firefox.yaml': `${text}# x\n` },
        'patchbot/firefox/9.9',
      );
      const number = await people.openPull('mallory', 'patchbot/firefox/9.9', 'Promote 9.9');
      const run = await red(pullRequest(number));
      assert.match(run.log, /this one changes \.github\/workflows\/evil\.yml/);
      await people.close(number, 'mallory');
    },
  },
  {
    workflow: 'check.yml',
    tells: 'on a catalog change shows below it what the next runs would do',
    async play({ fleet, green }) {
      const { people } = fleet.github;
      const path = 'recipes/titles/firefox.yaml';
      const text = (await fleet.github.files())[path] ?? '';
      await people.commit('anna', 'Longer', { [path]: `${text}soak: 14 days\n` }, 'longer-soak');
      const number = await people.openPull('anna', 'longer-soak', 'Test Firefox longer');
      await green(pullRequest(number));
      const [plan, ...more] = fleet.github.pull(number).comments;
      assert.match(plan?.body ?? '', /soak: 7 days, now 14 days/);
      assert.equal(more.length, 0);
      await people.close(number, 'anna');
    },
  },
  {
    workflow: 'comment.yml',
    tells: 'on a comment of somebody who may write holds the version, and answers',
    async play({ fleet, green }) {
      const number = openRequest(fleet, 'firefox');
      await comment(fleet, green, number, 'anna', '/hold it $(reboot)s `the` Mac');
      const [hold] = (await stateOnMain(fleet, 'firefox')).holds ?? [];
      assert.equal(hold?.by, 'anna');
      assert.equal(hold?.reason, 'it $(reboot)s `the` Mac');
      assert.match(fleet.github.pull(number).comments.at(-1)?.body ?? '', /@anna|anna/);
    },
  },
  {
    workflow: 'comment.yml',
    tells: 'on the next comment lets it move again',
    async play({ fleet, green }) {
      await comment(fleet, green, openRequest(fleet, 'firefox'), 'anna', '/release');
      assert.equal((await stateOnMain(fleet, 'firefox')).holds, undefined);
    },
  },
  {
    workflow: 'dashboard.yml',
    tells: 'after another run shows where each title stands',
    async play({ fleet, green }) {
      await green({ workflow: 'dashboard.yml', event: 'workflow_dispatch' });
      const [dashboard] = fleet.github.issues;
      assert.match(dashboard?.body ?? '', /Mozilla Firefox/);
    },
  },
  {
    workflow: 'promote.yml',
    tells: 'on the merge offers the approved version to the fleet',
    async play({ fleet, green }) {
      fleet.now = later(monday, 7, 4);
      await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
      await green(push());
      const offered = policyOf(fleet, 'Mozilla Firefox Stable');
      assert.equal(offered.enabled, true);
      assert.equal(offered.targetVersion, '2.0');
      assert.equal(fleet.github.deployments.at(-1)?.statuses.at(-1)?.state, 'success');
    },
  },
  {
    workflow: 'emergency.yml',
    tells:
      'by hand builds what is new and asks for a merge at once; merged, it goes out outside the window',
    async play({ fleet, green }) {
      fleet.now = later(monday, 11, 14);
      await release(fleet, slack, '2.0');
      await green({
        workflow: 'emergency.yml',
        ...dispatch({ titles: 'slack', reason: 'CVE-2026-1', mode: 'pull-request' }),
      });
      await fleet.github.people.merge(openRequest(fleet, 'slack'), 'bea');
      await green(push());
      assert.equal(policyOf(fleet, 'Slack Stable').targetVersion, '2.0');
    },
  },
  {
    workflow: 'emergency.yml',
    tells: 'by hand, direct, approves it in the name of who started it',
    async play({ fleet, green }) {
      await release(fleet, zoom, '2.0');
      await green({
        workflow: 'emergency.yml',
        ...dispatch({ titles: 'zoom', reason: 'CVE-2026-2', mode: 'direct' }),
        actor: 'anna',
      });
      const { production } = await stateOnMain(fleet, 'zoom');
      assert.equal(production?.emergency?.by, 'anna');
      await green(push());
      assert.equal(policyOf(fleet, 'Zoom Stable').targetVersion, '2.0');
    },
  },
  {
    workflow: 'promote.yml',
    tells: 'by schedule finds nothing to do when Jamf Pro has followed already',
    async play({ fleet, green }) {
      fleet.now = later(monday, 14, 4);
      const before = fleet.jamf.snapshot();
      await green({ workflow: 'promote.yml', event: 'schedule' });
      assert.deepEqual(fleet.jamf.snapshot(), before);
    },
  },
  {
    workflow: 'rollback.yml',
    tells: 'by hand, direct, takes back what is out; then the fleet is offered what it had before',
    async play({ fleet, green }) {
      await promoteNext(fleet, green);
      await green({
        workflow: 'rollback.yml',
        ...dispatch({ titles: 'firefox', reason: 'the intranet is blank', mode: 'direct' }),
        actor: 'bea',
      });
      await green(push());
      const offered = policyOf(fleet, 'Mozilla Firefox Stable');
      assert.equal(offered.targetVersion, '2.0');
      assert.equal(offered.allowDowngrade, true);
      assert.equal((await stateOnMain(fleet, 'firefox')).holds?.[0]?.by, 'bea');
    },
  },
  {
    workflow: 'reconcile.yml',
    tells: 'by schedule says what somebody changed in Jamf Pro by hand, and changes nothing',
    async play({ fleet, green }) {
      const policy = [...fleet.jamf.world.patchPolicies.values()].find(
        ({ name }) => name === 'Slack Stable',
      );
      assert.ok(policy);
      policy.enabled = false;
      const run = await green({ workflow: 'reconcile.yml', event: 'schedule' });
      assert.match(run.log, /Slack.*disabled/);
      assert.equal(policyOf(fleet, 'Slack Stable').enabled, false);
    },
  },
  {
    workflow: 'reconcile.yml',
    tells: 'by hand puts it back',
    async play({ fleet, green }) {
      await green({ workflow: 'reconcile.yml', ...dispatch({ titles: '', repair: 'true' }) });
      assert.equal(policyOf(fleet, 'Slack Stable').enabled, true);
    },
  },
  {
    workflow: 'trust.yml',
    tells: 'by schedule is green where no recipe repository is pinned',
    async play({ fleet, green }) {
      const requests = fleet.github.pulls.length;
      await green({ workflow: 'trust.yml', event: 'schedule' });
      assert.equal(fleet.github.pulls.length, requests);
    },
  },
];

/** Firefox 3.0 comes, is approved in an emergency, and goes out. */
async function promoteNext(fleet: Stage['fleet'], green: Stage['green']): Promise<void> {
  await release(fleet, firefox, '3.0');
  await green({
    workflow: 'emergency.yml',
    ...dispatch({ titles: 'firefox', reason: 'CVE-2026-3', mode: 'direct' }),
  });
  await green(push());
  assert.equal(policyOf(fleet, 'Mozilla Firefox Stable').targetVersion, '3.0');
}
