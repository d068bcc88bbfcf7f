import { describe, expect, it } from 'vitest';
import { packageId } from '../../src/lifecycle/package.ts';
import { version } from '../../src/lifecycle/version.ts';
import type { PatchPolicy } from '../simulators/jamf/world.ts';
import { type Started, started, thrown } from './started.ts';

const put = 'PUT /JSSResource/patchpolicies/id/1';
const details = 'GET /api/v2/patch-policies/policy-details';

/** Firefox 127.0 is linked, so a policy may target it. */
async function withLink(options?: Parameters<typeof started>[0]): Promise<Started> {
  const all = await started(options);
  const file = await all.file('Firefox-127.0.pkg', 'x');
  const { id } = await all.jamf.ensurePackage(file, { category: 'Apps', info: '' });
  await all.jamf.ensureLinked('1', version('127.0'), id);
  await all.jamf.patchPolicies();
  all.calls();
  return all;
}

const offered = {
  enabled: true,
  target: version('127.0'),
  allowDowngrade: false,
  description: 'Update Firefox (2026-09-07)',
  deadline: 3,
};

function policyIn({ simulator }: Started, id = '1'): PatchPolicy {
  const policy = simulator.world.patchPolicies.get(id);
  if (!policy) throw new Error(`no patch policy ${id}`);
  return policy;
}

describe('the patch policies', () => {
  it('are read in two calls for the fleet, with the counters of each, and kept', async () => {
    const all = await withLink();
    for (let at = 0; at < 300; at += 1) all.simulator.addTitle({ name: `Title ${at}` });
    await all.jamf.ensurePatchPolicy('1', offered);
    all.simulator.macsInstall('Firefox Test', { completed: 3, failed: 1 });
    all.calls();

    const fresh = all.connect();
    const policies = await fresh.patchPolicies();
    expect(policies).toHaveLength(602);
    expect(await fresh.patchPolicies()).toEqual(policies);
    expect(policies[0]).toMatchObject({
      id: '1',
      name: 'Firefox Test',
      title: '1',
      enabled: true,
      target: version('127.0'),
      description: offered.description,
      allowDowngrade: false,
      deadline: 3,
      counts: { completed: 3, failed: 1 },
    });
    expect(all.calls().toSorted()).toEqual([
      'GET /api/v2/patch-policies',
      details,
      'POST /api/v1/oauth/token',
    ]);
  });

  it('that were never pointed at a version have no target', async () => {
    const { jamf } = await started();
    expect((await jamf.patchPolicies())[0]).not.toHaveProperty('target');
  });

  it('tell Mac by Mac how they fare', async () => {
    const all = await withLink();
    await all.jamf.ensurePatchPolicy('1', offered);
    all.simulator.macsInstall('Firefox Test', { completed: 1, failed: 1 });
    const logs = await all.jamf.patchPolicyLogs('1');
    expect(logs.map(({ status }) => status).toSorted()).toEqual(['completed', 'failed']);
    expect(logs[0]).toMatchObject({ device: expect.any(String), date: expect.any(String) });
  });
});

describe('a change of a patch policy', () => {
  it('is one PUT, and one look whether it shows', async () => {
    const all = await withLink();
    expect(await all.jamf.ensurePatchPolicy('1', offered)).toEqual({ wrote: true });
    expect(all.calls()).toEqual([put, details]);
    expect(policyIn(all)).toMatchObject({ enabled: true, targetVersion: '127.0' });
  });

  it('that is done already is no call at all', async () => {
    const all = await withLink();
    await all.jamf.ensurePatchPolicy('1', offered);
    all.calls();
    expect(await all.jamf.ensurePatchPolicy('1', offered)).toEqual({ wrote: false });
    expect(all.calls()).toEqual([]);
    expect(await all.connect().ensurePatchPolicy('1', offered)).toEqual({ wrote: false });
  });

  it('leaves everything else in the record as it was: scope, icon, notifications, button', async () => {
    const all = await withLink({ partialReads: 1 });
    const before = structuredClone(policyIn(all));
    await all.jamf.ensurePatchPolicy('1', offered);
    const after = policyIn(all);
    expect(after).toEqual({
      ...before,
      enabled: true,
      targetVersion: '127.0',
      userInteraction: {
        ...before.userInteraction,
        self_service_description: offered.description,
        deadlines: { deadline_enabled: true, deadline_period: 3 },
      },
      partialReads: expect.any(Number),
    });
    expect(policyIn(all, '2')).toEqual(expect.objectContaining({ enabled: false }));
  });

  it('carries only what differs', async () => {
    const all = await withLink();
    await all.jamf.ensurePatchPolicy('1', offered);
    policyIn(all).name = 'Renamed meanwhile';
    policyIn(all).targetVersion = '126.0';
    await all.jamf.ensurePatchPolicy('1', { ...offered, description: 'Another' });
    // What was as wanted when it was read is not sent, and so not put back.
    expect(policyIn(all)).toMatchObject({ name: 'Renamed meanwhile', targetVersion: '126.0' });
  });

  it('sends text as text, whatever is in it', async () => {
    const all = await withLink();
    const description = 'Update <b>"Firefox"</b> & \'friends\' ]]> (2026-09-07)';
    await all.jamf.ensurePatchPolicy('1', { ...offered, description });
    expect(policyIn(all).userInteraction['self_service_description']).toBe(description);
  });

  it('that only disables is not looked at again: nothing later relies on it', async () => {
    const all = await withLink();
    await all.jamf.ensurePatchPolicy('1', offered);
    all.calls();
    expect(await all.jamf.ensurePatchPolicy('1', { enabled: false })).toEqual({ wrote: true });
    expect(all.calls()).toEqual([put]);
    expect(await all.jamf.ensurePatchPolicy('1', { enabled: false })).toEqual({ wrote: false });
  });

  it('is looked for until it shows, about 90 seconds long', async () => {
    const all = await withLink();
    const stuck = policyIn(all);
    all.simulator.onAnswered = ({ method }) => {
      if (method === 'PUT') stuck.userInteraction['self_service_description'] = 'as it was';
    };
    const error = await thrown(all.jamf.ensurePatchPolicy('1', offered));
    expect(error.message).toBe(
      'Jamf Pro: could not set to 127.0 the patch policy "Firefox Test": Jamf Pro took the change, but shows description "as it was". Look at the policy in Jamf Pro, put it right there, and run it again.',
    );
    const waited = all.pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(80_000);
    expect(waited).toBeLessThan(100_000);
  });

  it('that changes more than was meant is told', async () => {
    const all = await withLink();
    all.simulator.onAnswered = ({ method }) => {
      if (method === 'PUT') policyIn(all).name = 'Another';
    };
    await all.jamf.ensurePatchPolicy('1', offered);
    expect(all.log).toContainEqual(
      expect.stringContaining('"Firefox Test" has another name than before PatchBot changed it'),
    );
  });

  it('to a version without a package is refused in the words of Jamf', async () => {
    const all = await withLink();
    const error = await thrown(
      all.jamf.ensurePatchPolicy('1', { ...offered, target: version('126.0') }),
    );
    expect(error.message).toMatch(
      /could not set to 126\.0 the patch policy "Firefox Test": 409 No package is associated with version 126\.0 .*\(PUT \/JSSResource\/patchpolicies\/id\/\{id\}\)/,
    );
  });

  it('names the privilege that may be lacking where the classic API answers 401', async () => {
    const all = await withLink();
    all.simulator.faults.next({ kind: 'status', status: 401, method: 'PUT', times: 2 });
    await expect(all.jamf.ensurePatchPolicy('1', offered)).rejects.toThrow(
      /401 .*the API role lacks "Update Patch Policies"/,
    );
  });
});

describe('what Self Service shows', () => {
  it('is cleared where Jamf has an empty description', async () => {
    const all = await withLink();
    await all.jamf.ensurePatchPolicy('1', offered);
    all.simulator.clearDescription('Firefox Test');
    const [policy] = await all.connect().patchPolicies();
    expect(policy).toMatchObject({ description: '' });
  });

  it('says nothing where the policy installs by itself and has no description', async () => {
    const all = await withLink();
    policyIn(all).distributionMethod = 'prompt';
    const jamf = all.connect();
    const [policy] = await jamf.patchPolicies();
    expect(policy).not.toHaveProperty('description');
    expect(policy).toMatchObject({ selfService: false });
    expect(await jamf.ensurePatchPolicy('1', offered)).toEqual({ wrote: true });
  });

  it('is looked at a second time only some seconds after the first', async () => {
    const all = await withLink();
    const jamf = all.connect();
    await jamf.patchPolicies();
    all.pauses.length = 0;
    expect(await jamf.patchPolicy('1')).toMatchObject({ name: 'Firefox Test' });
    expect(all.pauses).toEqual([expect.any(Number)]);
    expect(all.pauses[0]).toBeGreaterThan(3_000);
    expect(all.pauses[0]).toBeLessThanOrEqual(5_000);
  });

  it('of a policy that is gone is an error that says so', async () => {
    const { jamf } = await started();
    await expect(jamf.patchPolicy('99')).rejects.toThrow(/find the patch policy 99.*removed it/);
    await expect(jamf.ensurePatchPolicy('99', offered)).rejects.toThrow(/removed it/);
  });
});

it('a policy whose package is gone can still be disabled', async () => {
  const all = await withLink();
  await all.jamf.ensurePatchPolicy('1', offered);
  all.simulator.deletePackage('Firefox-127.0.pkg');
  expect(await all.jamf.ensurePatchPolicy('1', { enabled: false })).toEqual({ wrote: true });
  expect(await all.jamf.packageById(packageId('1'))).toBeUndefined();
});
