import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leastPrivileges } from '../../src/jamf/jamf.ts';
import { doctor } from '../../src/stages/doctor.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { startCompany, three } from './company.ts';

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startCompany(three);
});

afterAll(() => fleet.close());

/** What doctor says, a line a finding, with this done to Jamf before and undone afterwards. */
async function said(change: () => void = () => {}, undo: () => void = () => {}) {
  change();
  const outcome = await fleet.run(doctor).finally(undo);
  return {
    failed: outcome.failures.map(({ title, message }) => `${title}: ${message}`),
    told: outcome.rows
      .filter(({ did }) => did !== 'failed')
      .map(({ did, title, text }) => `${did} ${title}: ${text}`),
  };
}

function allowing(privileges: readonly string[] | undefined): () => void {
  return () => {
    const { options } = fleet.jamf.simulation;
    if (privileges) options.privileges = privileges;
    else delete options.privileges;
  };
}

describe('doctor', () => {
  it('finds nothing to say of a Jamf Pro that has all that is needed, and changes nothing', async () => {
    fleet.jamf.resetCounts();
    const { failed, told } = await said(allowing(leastPrivileges()), allowing(undefined));
    expect(failed).toEqual([]);
    expect(told).toEqual([
      expect.stringMatching(/^nothing Jamf Pro: connected; Jamf Pro is 11\.30\.1-t\d+$/),
      'nothing Jamf Pro: the API role has the privileges that are needed, and no others',
      'nothing Jamf Pro: packages go to JAMF_CLOUD',
      'nothing Mozilla Firefox: Jamf Pro has all that it needs',
      'nothing Slack: Jamf Pro has all that it needs',
      'nothing Zoom: Jamf Pro has all that it needs',
      'nothing GitHub: main is guarded as it should be, and the schedules run',
    ]);
    expect(fleet.jamf.writes).toBe(0);
    expect(fleet.jamf.violations).toEqual([]);
  });

  it('says that it did not look at GitHub where it has no token for it', async () => {
    const { rows, failed } = await fleet.run(({ github: _, ...blind }) => doctor(blind));
    expect(failed).toBe(false);
    expect(rows.filter(({ title }) => title === 'GitHub')).toEqual([
      expect.objectContaining({
        did: 'warned',
        text: expect.stringMatching(/^not looked at: set GITHUB_REPOSITORY .* and GITHUB_TOKEN/),
      }),
    ]);
  });

  it('names each privilege that the API role lacks, who needs it and for what', async () => {
    const all = leastPrivileges();
    const { failed } = await said(
      allowing(all.filter((one) => one !== 'Update Packages' && one !== 'Update Policies')),
      allowing(undefined),
    );
    expect(failed).toEqual([
      'PatchBot: the API role lacks "Update Packages", which build needs to upload the file of a package: add it under Settings > System > API roles and clients',
      'PatchBot: the API role lacks "Update Policies", which promote and reconcile need to give those policies the new package: add it under Settings > System > API roles and clients',
    ]);
  });

  it('names the privileges that the API role has too much', async () => {
    const { failed, told } = await said(
      allowing([...leastPrivileges(), 'Delete Packages', 'Delete Computers']),
      allowing(undefined),
    );
    expect(failed).toEqual([]);
    expect(told).toContain(
      'warned Jamf Pro: the API role may do more than PatchBot needs: take away "Delete Computers", "Delete Packages" under Settings > System > API roles and clients',
    );
  });

  it('says of each title what it lacks, all at once', async () => {
    const { world } = fleet.jamf;
    const [title] = world.titles.values();
    const [test, production] = [...world.patchPolicies.values()];
    const before = structuredClone({ test: test?.scope, production: production?.scope });
    const definitions = title?.definitions.slice() ?? [];
    const installs = new Map(world.policies);
    const { failed, told } = await said(
      () => {
        title?.definitions.splice(0);
        if (test) test.scope = { all_computers: true };
        if (production) production.scope = { all_computers: false, computer_groups: '' };
        world.policies.delete('1');
      },
      () => {
        title?.definitions.push(...definitions);
        if (test && before.test) test.scope = before.test;
        if (production && before.production) production.scope = before.production;
        for (const [id, policy] of installs) world.policies.set(id, policy);
      },
    );
    const firefox = failed.filter((line) => line.startsWith('Mozilla Firefox: '));
    expect(firefox).toEqual([
      expect.stringMatching(/Jamf Pro has no policy "Install Mozilla Firefox".*create it/),
      expect.stringMatching(/"Mozilla Firefox" has no patch definitions.*patch source/),
      expect.stringMatching(/"Mozilla Firefox Stable" is for no Mac.*the fleet as its scope/),
    ]);
    expect(failed).toHaveLength(3);
    expect(told).toContainEqual(
      expect.stringMatching(/^warned Mozilla Firefox: .*"Mozilla Firefox Test" is for all Macs/),
    );
  });

  it('says of a title that Jamf does not have what it lacks besides', async () => {
    const { world } = fleet.jamf;
    const [title] = world.titles.values();
    const [category] = world.categories.values();
    const { failed } = await said(
      () => {
        world.titles.delete('1');
        if (category) category.name = 'Applications';
      },
      () => {
        const others = [...world.titles];
        world.titles.clear();
        if (title) world.titles.set('1', title);
        for (const [id, other] of others) world.titles.set(id, other);
        if (category) category.name = 'Apps';
      },
    );
    const firefox = failed.filter((line) => line.includes('Firefox: '));
    expect(firefox).toEqual([
      expect.stringMatching(/no patch title "Mozilla Firefox"/),
      expect.stringMatching(/there is no category "Apps": create it under Settings/),
    ]);
  });

  it('says that there is nowhere to put packages', async () => {
    const { options } = fleet.jamf.simulation;
    const { failed } = await said(
      () => {
        options.distributionPoint = 'NONE';
      },
      () => {
        options.distributionPoint = 'JAMF_CLOUD';
      },
    );
    expect(failed).toEqual([expect.stringMatching(/no cloud distribution point.*set one up/)]);
  });

  it('says once why it can not even connect', async () => {
    fleet.jamf.faults.next({ kind: 'status', status: 401, path: /oauth/, times: 9 });
    const { failed, told } = await said(undefined, () => fleet.jamf.faults.clear());
    expect(failed).toEqual([expect.stringMatching(/401.*check JAMF_CLIENT_ID/)]);
    expect(told.filter((line) => !line.startsWith('nothing GitHub'))).toEqual([]);
  });

  it('says what does not guard main, and does not say it twice', async () => {
    const { guard } = fleet.github;
    const before = { ...guard };
    const { failed } = await said(
      () => Object.assign(guard, { rules: [], owners: undefined }),
      () => Object.assign(guard, before),
    );
    expect(failed).toEqual([
      expect.stringMatching(/without a pull request: import docs\/ruleset\.json/),
      expect.stringMatching(/merged without the check "Check"/),
      expect.stringMatching(/audit trail, can be written anew/),
      expect.stringMatching(/main can be deleted/),
      expect.stringMatching(/no CODEOWNERS file/),
    ]);
  });

  it('says which line of CODEOWNERS is not understood, and whose approval is not needed', async () => {
    const { guard } = fleet.github;
    const before = { ...guard };
    const owners = [
      { line: 3, column: 1, path: '.github/CODEOWNERS', kind: 'Unknown owner', message: '' },
    ];
    const rules = guard.rules.map((rule) => ({ ...rule, parameters: rule.parameters ?? {} }));
    const { failed } = await said(
      () =>
        Object.assign(guard, {
          owners,
          rules: rules.map((rule) =>
            rule.type === 'pull_request'
              ? { ...rule, parameters: { required_approving_review_count: 0 } }
              : rule,
          ),
        }),
      () => Object.assign(guard, before),
    );
    expect(failed).toEqual([
      expect.stringContaining('needs no approval'),
      expect.stringContaining('does not need the approval of its code owners'),
      expect.stringContaining('.github/CODEOWNERS:3: Unknown owner'),
    ]);
  });

  it('notices a schedule that GitHub has switched off, skipped or never started', async () => {
    const { guard } = fleet.github;
    const before = { ...guard };
    const asked = (workflows: typeof guard.workflows) =>
      said(
        () => Object.assign(guard, { workflows }),
        () => Object.assign(guard, before),
      );
    const off = await asked({ 'daily.yml': { state: 'disabled_inactivity' } });
    expect(off.failed).toEqual([
      expect.stringMatching(/switched daily\.yml off.*60 days.*gh workflow enable/),
    ]);
    const days = (count: number) =>
      new Date(Date.parse(fleet.now) - count * 86_400_000).toISOString();
    const late = await asked({
      'daily.yml': { state: 'active', lastStart: days(2) },
      'propose.yml': { state: 'active', lastStart: days(4) },
    });
    expect(late.failed).toEqual([]);
    expect(late.told.filter((line) => /GitHub/.test(line))).toEqual([
      expect.stringMatching(/^warned GitHub: no schedule has started daily\.yml for 48 hours/),
    ]);
    const never = await asked({ 'daily.yml': { state: 'active' } });
    expect(never.told).toContainEqual(
      expect.stringMatching(/no schedule has started daily\.yml yet/),
    );
  });

  it('does without the workflows where the token may not see them', async () => {
    const { guard } = fleet.github;
    const { failed, told } = await said(
      () => Object.assign(guard, { seesWorkflows: false }),
      () => Object.assign(guard, { seesWorkflows: true }),
    );
    expect(failed).toEqual([]);
    expect(told).toContain('nothing GitHub: main is guarded as it should be');
    expect(fleet.github.unknown).toEqual([]);
  });
});
