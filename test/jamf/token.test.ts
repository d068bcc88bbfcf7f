import { describe, expect, it } from 'vitest';
import { JamfError } from '../../src/jamf/jamf.ts';
import { started, thrown } from './started.ts';

const version = 'GET /api/v1/jamf-pro-version';

describe('the token', () => {
  it('is asked for once, used for every call, and given back in the end', async () => {
    const { jamf, calls } = await started();
    await Promise.all([jamf.patchTitles(), jamf.patchPolicies(), jamf.policies()]);
    expect(calls().filter((call) => call.includes('token'))).toEqual(['POST /api/v1/oauth/token']);
    await jamf.close();
    expect(calls()).toEqual(['POST /api/v1/auth/invalidate-token']);
  });

  it('is not asked for, nor given back, when there is nothing to ask', async () => {
    const { jamf, calls } = await started();
    await jamf.close();
    expect(calls()).toEqual([]);
  });

  it('is asked for at the older address where the newer one is not known', async () => {
    const { jamf, simulator, calls } = await started();
    simulator.faults.next({ kind: 'status', status: 404, path: /v1\/oauth/ });
    await jamf.setup.version();
    expect(calls()).toEqual(['POST /api/v1/oauth/token', 'POST /api/oauth/token', version]);
  });

  it('is renewed before it ends', async () => {
    const { jamf, calls } = await started({ tokenSeconds: 1.8 });
    await jamf.setup.version();
    await new Promise((resolve) => setTimeout(resolve, 1_250));
    await jamf.setup.version();
    expect(calls()).toEqual([
      'POST /api/v1/oauth/token',
      version,
      'POST /api/v1/oauth/token',
      version,
    ]);
  });

  it('is renewed once for all calls when Jamf no longer takes it', async () => {
    const { jamf, simulator, calls } = await started();
    await jamf.setup.version();
    calls();
    simulator.simulation.tokens.dropAll();
    await Promise.all([1, 2, 3, 4, 5].map(() => jamf.setup.version()));
    expect(calls().filter((call) => call.startsWith('POST'))).toEqual(['POST /api/v1/oauth/token']);
  });

  it('is renewed only once for a call: whoever is refused twice lacks a privilege', async () => {
    const { jamf, simulator, calls } = await started();
    simulator.faults.next({ kind: 'status', status: 401, path: /version/, times: 9 });
    const error = await thrown(jamf.setup.version());
    expect(error).toMatchObject({ name: 'JamfError', status: 401 });
    expect(calls().filter((call) => call === version)).toHaveLength(2);
  });

  it('comes from a user and a password where there can be no API client', async () => {
    const { connect, calls } = await started();
    const credentials = { user: 'patchbot-user', password: 'password-for-tests' };
    const jamf = connect({ credentials: { kind: 'user', ...credentials } });
    await jamf.setup.version();
    await jamf.close();
    expect(calls()).toEqual([
      'POST /api/v1/auth/token',
      version,
      'POST /api/v1/auth/invalidate-token',
    ]);
  });

  it('lives as long as Jamf says by its own clock, though ours may differ', async () => {
    const clock = () => new Date('2031-01-01T00:00:00Z');
    const { connect, calls } = await started({ clock });
    const credentials = { user: 'patchbot-user', password: 'password-for-tests' };
    const jamf = connect({ credentials: { kind: 'user', ...credentials } });
    for (const _ of [1, 2, 3]) await jamf.setup.version();
    expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it('that can not be given back ends by itself, which is told', async () => {
    const { jamf, simulator, log } = await started();
    await jamf.setup.version();
    simulator.faults.next({ kind: 'reset', path: /invalidate/ });
    await jamf.close();
    expect(log).toEqual([expect.stringMatching(/^Jamf Pro: could not give the token back/)]);
  });
});

describe('secrets', () => {
  it('are told to be masked as soon as they are known: the credentials, and each token', async () => {
    const { jamf, simulator, secrets } = await started();
    expect(secrets).toEqual([simulator.clientSecret]);
    await jamf.setup.version();
    expect(secrets).toEqual([simulator.clientSecret, expect.stringMatching(/^eyJ/)]);
  });

  it('are told for a user as well, in the form in which they are sent too', async () => {
    const { connect, secrets } = await started();
    secrets.length = 0;
    const credentials = { user: 'patchbot-user', password: 'password-for-tests' };
    await connect({ credentials: { kind: 'user', ...credentials } }).setup.version();
    expect(secrets.slice(0, 2)).toEqual([
      'password-for-tests',
      Buffer.from('patchbot-user:password-for-tests').toString('base64'),
    ]);
  });

  it('are in no error, though Jamf itself may repeat them', async () => {
    const { connect, simulator, secrets, log } = await started();
    const secret = 'a-secret-that-nobody-may-see';
    const credentials = { kind: 'client', clientId: 'patchbot', clientSecret: secret } as const;
    const wrong = await thrown(connect({ credentials }).setup.version());
    expect(wrong).toBeInstanceOf(JamfError);
    expect(wrong.message).toMatch(/invalid_client.*check JAMF_CLIENT_ID and JAMF_CLIENT_SECRET/);

    const jamf = connect();
    await jamf.setup.version();
    const token = secrets.at(-1) ?? '';
    simulator.addTitle({ name: `Echo ${token} ${simulator.clientSecret}` });
    const echo = await thrown(jamf.ensurePatchPolicy('999', { enabled: true }));
    for (const error of [wrong, echo]) {
      const all = `${error.message}${error.stack}${JSON.stringify(error)}${log.join()}`;
      for (const one of [secret, token, simulator.clientSecret]) expect(all).not.toContain(one);
    }
  });
});
