import { describe, expect, it } from 'vitest';
import { connect, JamfError } from '../../src/jamf/jamf.ts';
import { packageId } from '../../src/lifecycle/package.ts';
import { version } from '../../src/lifecycle/version.ts';
import { started, thrown } from './started.ts';

describe('a read', () => {
  it('is asked again after lost connections, 502, 503, 504 and start-up pages, and tells so', async () => {
    const { jamf, simulator, pauses, log } = await started();
    simulator.faults.next({ kind: 'reset', path: /patch-software/ });
    simulator.faults.next({ kind: 'status', status: 502, path: /patch-software/ });
    simulator.faults.next({ kind: 'html', status: 200, path: /patch-software/ });

    expect(await jamf.patchTitles()).toHaveLength(1);
    expect(pauses).toHaveLength(3);
    expect(log[0]).toMatch(/^Jamf Pro: could not read the patch titles \(no answer: .*\); trying/);
    expect(log[1]).toMatch(/\(502 Made to fail\); trying again in \d s$/);
    expect(log[2]).toMatch(/\(200 a web page, "Jamf Pro is starting"\); trying again in \d+ s$/);
  });

  it('is asked again after 500 and after answers that are cut off', async () => {
    const { jamf, simulator, pauses } = await started();
    simulator.faults.next({ kind: 'status', status: 500, path: /patch-software/ });
    simulator.faults.next({ kind: 'truncate', path: /patch-software/ });
    expect(await jamf.patchTitles()).toHaveLength(1);
    expect(pauses).toHaveLength(2);
  });

  it('is asked again when Jamf is silent for too long', async () => {
    const { jamf, simulator, log } = await started();
    simulator.faults.next({ kind: 'timeout', path: /patch-software/ });
    expect(await jamf.patchTitles()).toHaveLength(1);
    expect(log[0]).toMatch(/Headers Timeout Error/);
  });

  it('waits as long as Jamf asks, in seconds or until a date', async () => {
    const { jamf, simulator, pauses } = await started();
    const date = new Date(Date.now() + 60_000).toUTCString();
    const path = /patch-software/;
    simulator.faults.next({ kind: 'status', status: 429, path, retryAfter: 17 });
    simulator.faults.next({ kind: 'status', status: 503, path, retryAfter: date });
    await jamf.patchTitles();
    expect(pauses[0]).toBe(17_000);
    expect(pauses[1]).toBeGreaterThan(50_000);
    expect(pauses[1]).toBeLessThanOrEqual(60_000);
  });

  it('does not wait for hours', async () => {
    const { jamf, simulator, pauses } = await started();
    const path = /patch-software/;
    simulator.faults.next({ kind: 'status', status: 429, path, retryAfter: 7200 });
    await expect(jamf.patchTitles()).rejects.toThrow(/429 .*asked too much.*"connections"/);
    expect(pauses).toEqual([]);
  });

  it('pauses for 1, 3 and 9 seconds, a quarter more or less, and then gives up', async () => {
    const { jamf, simulator, pauses } = await started();
    simulator.faults.next({ kind: 'status', status: 503, path: /patch-software/, times: 9 });
    const error = await thrown(jamf.patchTitles());
    expect(error).toMatchObject({
      tried: 'read the patch titles',
      call: 'GET /api/v3/patch-software-title-configurations',
      status: 503,
      answer: 'Made to fail',
      unclear: true,
    });
    expect(error.message).toContain('Nothing is lost: run it again.');
    expect(pauses).toHaveLength(3);
    for (const [at, usual] of [1000, 3000, 9000].entries()) {
      expect(pauses[at]).toBeGreaterThanOrEqual(usual * 0.75);
      expect(pauses[at]).toBeLessThanOrEqual(usual * 1.25);
    }
  });

  it('that failed is not kept: the next one asks anew', async () => {
    const { jamf, simulator } = await started();
    simulator.faults.next({ kind: 'status', status: 403, path: /patch-software/ });
    await expect(jamf.patchTitles()).rejects.toThrow(/403/);
    expect(await jamf.patchTitles()).toHaveLength(1);
  });
});

describe('a write', () => {
  it('that carries the whole wanted value is sent again when its answer is lost', async () => {
    const { jamf, simulator } = await started();
    simulator.faults.next({ kind: 'reset-after', method: 'PUT' });
    const wanted = { enabled: true, description: 'Update Firefox (2026-09-07)' };
    expect(await jamf.ensurePatchPolicy('1', wanted)).toEqual({ wrote: true });
    expect(simulator.violations).toEqual([]);
  });

  it('is not sent again after 500: the next run looks first', async () => {
    const { jamf, simulator, calls } = await started();
    simulator.faults.next({ kind: 'status', status: 500, method: 'PUT' });
    await expect(jamf.ensurePatchPolicy('1', { enabled: true })).rejects.toThrow(JamfError);
    expect(calls().filter((call) => call.startsWith('PUT'))).toHaveLength(1);
  });

  it('goes out one at a time, while reads go out several at a time, at most five', async () => {
    const { jamf, simulator } = await started();
    for (let at = 0; at < 20; at += 1) simulator.addTitle({ name: `Title ${at}` });
    const policies = await jamf.patchPolicies();
    const running = { reads: 0, writes: 0, mostReads: 0, mostWrites: 0 };
    simulator.onRequest = async ({ method }) => {
      const kind = method === 'GET' ? 'reads' : 'writes';
      const most = method === 'GET' ? 'mostReads' : 'mostWrites';
      running[kind] += 1;
      running[most] = Math.max(running[most], running[kind]);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running[kind] -= 1;
    };
    await Promise.all([
      ...policies.map(({ id }) => jamf.ensurePatchPolicy(id, { enabled: true })),
      ...policies.map(({ title }) => jamf.definitions(title)),
    ]);
    expect(running.mostWrites).toBe(1);
    expect(running.mostReads).toBeGreaterThan(1);
    expect(running.mostReads).toBeLessThanOrEqual(5);
  });

  it('never leaves in a dry run', async () => {
    const { connect, simulator, calls } = await started();
    const jamf = connect({ readOnly: true });
    await expect(jamf.ensurePatchPolicy('1', { enabled: true })).rejects.toThrow(
      'could not enable the patch policy "Firefox Test": this is a dry run',
    );
    await expect(jamf.ensureLinked('1', version('127.0'), packageId('1'))).rejects.toThrow(/dry/);
    await jamf.close();
    expect(simulator.writes).toBe(0);
    expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([
      'POST /api/v1/oauth/token',
      'POST /api/v1/auth/invalidate-token',
    ]);
  });
});

describe('a cluster', () => {
  it('is asked at one node for the whole run, so that its writes are seen', async () => {
    const { jamf, simulator } = await started({ nodes: 4, lag: 1000 });
    await jamf.ensurePatchPolicy('1', { enabled: true });
    await jamf.ensurePatchPolicy('2', { enabled: true });
    await jamf.close();
    expect(new Set(simulator.requests.map(({ node }) => node)).size).toBe(1);
  });
});

describe('an address', () => {
  const credentials = { kind: 'client', clientId: 'x', clientSecret: 'y' } as const;
  const open = (url: string) =>
    connect({
      url,
      credentials,
      connections: 5,
      readOnly: true,
      log: () => {},
      onSecret: () => {},
      wait: async () => {},
    });

  it.each(['', 'acme.jamfcloud.com', 'http://acme.jamfcloud.com', 'ftp://x', 'https://u:p@x/'])(
    'that secrets can not be sent to is refused: "%s"',
    (url) => {
      expect(() => open(url)).toThrow(/is no address of Jamf Pro: set JAMF_URL/);
      expect(() => open(url)).not.toThrow(/u:p/);
    },
  );

  it('may end in slashes and have a path of its own', async () => {
    const { simulator, connect: connectTo } = await started();
    const jamf = connectTo({ url: `${simulator.url}///` });
    expect((await jamf.setup.version()).major).toBe(11);
    const error = await thrown(connectTo({ url: `${simulator.url}/jss/` }).setup.version());
    expect(error).toMatchObject({ status: 404 });
  });

  it('at which nobody answers is named by what to look at', async () => {
    const error = await thrown(open('http://127.0.0.1:9').setup.version());
    expect(error.message).toMatch(
      /no answer: .*ECONNREFUSED.*First check the address in JAMF_URL, and whether this machine \(/,
    );
  });

  it('that points elsewhere is not followed: the token is for nobody else', async () => {
    const { jamf, simulator } = await started();
    simulator.faults.next({ kind: 'status', status: 302, path: /version/ });
    await expect(jamf.setup.version()).rejects.toThrow(/302 it points to/);
  });
});
