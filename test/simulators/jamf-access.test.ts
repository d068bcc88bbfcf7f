import { afterEach, describe, expect, it } from 'vitest';
import { type JamfOptions, type JamfSimulator, startJamf } from './jamf/server.ts';
import { packageRecord, plainly, signedIn } from './jamf-asker.ts';

let jamf: JamfSimulator;

afterEach(async () => {
  expect(jamf.violations).toEqual([]);
  await jamf.close();
});

async function started(options: JamfOptions = {}) {
  jamf = await startJamf(options);
  return plainly(jamf);
}

const client = (more: Readonly<Record<string, string>> = {}) => ({
  form: {
    grant_type: 'client_credentials',
    client_id: jamf.clientId,
    client_secret: jamf.clientSecret,
    ...more,
  },
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const byPassword = {
  headers: {
    authorization: `Basic ${Buffer.from('patchbot-user:password-for-tests').toString('base64')}`,
  },
};

describe('a token', () => {
  it('is given to a client, with how long it lives and the roles it stands for', async () => {
    const ask = await started({ tokenSeconds: 60 });
    const { status, json } = await ask('POST', '/api/v1/oauth/token', client());
    expect(status).toBe(200);
    expect(json).toMatchObject({ expires_in: 60, scope: 'api-role:1', token_type: 'Bearer' });
  });

  it('is not given for a wrong secret, which is told as OAuth has it and not as Jamf', async () => {
    const ask = await started();
    const { status, json } = await ask('POST', '/api/oauth/token', client({ client_secret: 'no' }));
    expect(status).toBe(401);
    expect(json.error).toBe('invalid_client');
  });

  it('stands for those roles alone that are asked for', async () => {
    const ask = await started({
      roles: { 'api-role:1': ['Read Packages'], 'api-role:2': ['Read Patch Policies'] },
    });
    const both = (await ask('POST', '/api/v1/oauth/token', client())).json;
    expect(both.scope).toBe('api-role:1 api-role:2');
    const one = (await ask('POST', '/api/v1/oauth/token', client({ scope: 'api-role:2' }))).json;
    const read = async (token: string, path: string) =>
      (await ask('GET', path, bearer(token))).status;
    expect(await read(both.access_token, '/api/v1/packages')).toBe(200);
    expect(await read(one.access_token, '/api/v1/packages')).toBe(403);
    expect(await read(one.access_token, '/api/v2/patch-policies')).toBe(200);
    const { status, json } = await ask('POST', '/api/v1/oauth/token', client({ scope: 'root' }));
    expect([status, json.error]).toEqual([400, 'invalid_scope']);
  });

  it('is worth nothing once it has expired', async () => {
    let now = Date.parse('2026-11-23T05:00:00Z');
    const ask = await started({ tokenSeconds: 60, clock: () => new Date(now) });
    const { access_token: token } = (await ask('POST', '/api/v1/oauth/token', client())).json;
    now += 59_000;
    expect((await ask('GET', '/api/v1/auth', bearer(token))).status).toBe(200);
    now += 2_000;
    expect((await ask('GET', '/api/v1/auth', bearer(token))).status).toBe(401);
  });

  it('that is kept alive loses the privileges of its client, and the old one dies', async () => {
    const ask = await started();
    const { access_token: token } = (await ask('POST', '/api/v1/oauth/token', client())).json;
    const kept = (await ask('POST', '/api/v1/auth/keep-alive', bearer(token))).json.token;
    expect((await ask('GET', '/api/v1/packages', bearer(token))).status).toBe(401);
    expect((await ask('GET', '/api/v1/packages', bearer(kept))).status).toBe(403);
  });

  it('of an account dies when it is invalidated', async () => {
    const ask = await started();
    const { token } = (await ask('POST', '/api/v1/auth/token', byPassword)).json;
    expect((await ask('GET', '/api/v1/packages', bearer(token))).status).toBe(200);
    expect((await ask('POST', '/api/v1/auth/invalidate-token', bearer(token))).status).toBe(204);
    expect((await ask('GET', '/api/v1/packages', bearer(token))).status).toBe(401);
  });
});

describe('a missing privilege', () => {
  it('is 403 in the Jamf Pro API and 401, in HTML, in the classic one', async () => {
    await started({ privileges: [] });
    const ask = await signedIn(jamf);
    const current = await ask('GET', '/api/v1/packages');
    expect([current.status, current.json.httpStatus]).toEqual([403, 403]);
    const classic = await ask('GET', '/JSSResource/policies');
    expect(classic.status).toBe(401);
    expect(classic.headers.get('content-type')).toContain('text/html');
  });
});

describe('name and password', () => {
  it('are taken by the classic API only when it is told to, by the other one never', async () => {
    const ask = await started();
    expect((await ask('GET', '/JSSResource/policies', byPassword)).status).toBe(401);
    await jamf.close();
    const older = await started({ basicAuth: true });
    expect((await older('GET', '/JSSResource/policies', byPassword)).status).toBe(200);
    expect((await older('GET', '/api/v1/packages', byPassword)).status).toBe(401);
  });
});

describe('two nodes', () => {
  const cookieOf = (headers: Headers) => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  it('show a write to who keeps the cookie at once, and to others after a while', async () => {
    await started({ nodes: 2, lag: 5 });
    const ask = await signedIn(jamf);
    const made = await ask('POST', '/api/v1/packages', { json: packageRecord('a.pkg') });
    const cookie = cookieOf(made.headers);
    const kept = () => ask('GET', '/api/v1/packages/1', { headers: { cookie } });
    const without = () => ask('GET', '/api/v1/packages/1');
    expect((await kept()).status).toBe(200);
    expect([(await without()).status, (await without()).status].sort()).toEqual([200, 404]);
    for (let read = 0; read < 5; read += 1) await kept();
    expect([(await without()).status, (await without()).status]).toEqual([200, 200]);
  });

  it('refuse a change of what the node that is asked does not know yet', async () => {
    await started({ nodes: 2 });
    const ask = await signedIn(jamf);
    const { headers } = await ask('POST', '/api/v1/packages', { json: packageRecord('a.pkg') });
    const change = (cookie: string) =>
      ask('PUT', '/api/v1/packages/1', { json: packageRecord('a.pkg'), headers: { cookie } });
    const other = cookieOf((await ask('GET', '/api/v1/auth')).headers);
    const [own] = [cookieOf(headers)];
    expect(other).not.toBe(own);
    expect((await change(other)).status).toBe(404);
    expect((await change(own)).status).toBe(200);
    jamf.propagate();
    expect((await change(other)).status).toBe(200);
  });

  it.each(['jpro-ingress', 'APBALANCEID', 'AWSALB'] as const)(
    'keep a client by the cookie %s, which the front page has too',
    async (cookie) => {
      const ask = await started({ nodes: 2, cookie });
      const given = cookieOf((await ask('GET', '/')).headers);
      expect(given.split('=')[0]).toBe(cookie);
      for (let read = 0; read < 3; read += 1)
        await ask('GET', '/healthCheck.html', { headers: { cookie: given } });
      expect(new Set(jamf.requests.map(({ node }) => node))).toEqual(new Set([0]));
    },
  );
});

describe('an older Jamf Pro', () => {
  it('has no titles in version 3, and calls those in version 2 not deprecated', async () => {
    await started({ version: '11.28.0-t1' });
    const ask = await signedIn(jamf);
    const path = (version: string) => `/api/${version}/patch-software-title-configurations`;
    expect((await ask('GET', path('v3'))).status).toBe(404);
    expect((await ask('GET', path('v2'))).headers.get('deprecation')).toBeNull();
    await jamf.close();
    await started();
    const newer = await signedIn(jamf);
    expect((await newer('GET', path('v2'))).headers.get('deprecation')).toBe('2026-07-14');
  });
});
