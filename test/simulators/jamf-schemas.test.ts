import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from './jamf/routes.ts';
import { unpublished } from './jamf/schemas/beside.ts';
import { find, missing } from './jamf/schemas/published.ts';
import { type JamfSimulator, startJamf } from './jamf/server.ts';
import { type Ask, packageRecord, signedIn } from './jamf-asker.ts';

/** "update:pro:patch-policies", as Jamf's gateway has it, as Jamf Pro spells it. */
const spelledOut = (privilege: string): string =>
  [privilege.split(':')[0] ?? '', ...(privilege.split(':')[2] ?? '').split('-')]
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' ');

describe.skipIf(missing)(`Jamf's published schemas${missing ? ` (${missing})` : ''}`, () => {
  const calls = routes.map((route) => [`${route.method} ${route.template}`, route] as const);
  const known = calls.filter(([name]) => !(name in unpublished));

  it.each(known)('have the call %s, with the privileges that it asks for', (_name, route) => {
    const call = find(route.method, route.template);
    expect(call).toBeDefined();
    const listed = call?.operation['x-required-privileges'] ?? [];
    const privileges = call?.api === 'classic' ? listed.map(spelledOut) : listed;
    // Of categories and of classic groups, two are listed of which either is enough.
    for (const privilege of route.privileges ?? [])
      if (!route.template.includes('computergroups')) expect(privileges).toContain(privilege);
    if (route.privileges?.length === 0) expect(privileges).toEqual([]);
  });

  it.each(Object.entries(unpublished))('do not have the call %s: %s', (name, why) => {
    const [method = '', template = ''] = name.split(' ');
    expect(find(method, template)).toBeUndefined();
    expect(why).not.toBe('');
    expect(calls.map(([known]) => known)).toContain(name);
  });

  describe('are held against each call', () => {
    let jamf: JamfSimulator;
    let ask: Ask;

    beforeEach(async () => {
      jamf = await startJamf();
      jamf.addTitle({
        name: 'Firefox',
        category: 'Apps',
        definitions: [
          { version: '127.0', releaseDate: '2026-06-01 00:00:00' },
          { version: '128.0', releaseDate: '2026-07-01 00:00:00' },
        ],
      });
      ask = await signedIn(jamf);
    });

    afterEach(() => jamf.close());

    it('which finds nothing wrong with a life from upload to install', async () => {
      const configuration = '/api/v3/patch-software-title-configurations/1';
      await ask('POST', '/api/v1/packages', { json: packageRecord('Firefox-128.0.pkg') });
      const file = { name: 'Firefox-128.0.pkg', content: 'an installer' };
      await ask('POST', '/api/v1/packages/1/upload', { file });
      await ask('POST', '/api/v1/cloud-distribution-point/refresh-inventory?file-name=a.pkg');
      await ask('PATCH', configuration, {
        json: { packages: [{ packageId: '1', version: '128.0' }] },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
      await ask('PUT', '/JSSResource/patchpolicies/id/1', {
        xml: '<patch_policy><general><target_version>128.0</target_version><enabled>true</enabled></general></patch_policy>',
      });
      await ask('PUT', '/JSSResource/policies/id/1', {
        xml: '<policy><package_configuration><packages><size>1</size><package><id>1</id><action>Install</action></package></packages></package_configuration></policy>',
      });
      jamf.macsInstall('Firefox Test', { completed: 3, failed: 1 });

      const ids: Readonly<Record<string, string>> = { id: '1', name: 'Install%20Firefox' };
      for (const { method, template, privileges } of routes) {
        if (method !== 'GET' || !privileges) continue;
        const path = template.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '1000');
        expect((await ask('GET', path)).status, path).toBeLessThan(500);
      }
      expect(jamf.violations).toEqual([]);
    });

    it.each([
      [
        'a parameter that there is not',
        () => ask('GET', '/api/v1/packages?pagesize=5'),
        'asks: the parameter pagesize is in no published schema',
      ],
      [
        'a parameter of another type',
        () => ask('GET', '/api/v1/packages?page=first'),
        'asks: parameter page: the whole must be integer',
      ],
      [
        'a field that there is not',
        () => ask('POST', '/api/v1/packages', { json: packageRecord('a.pkg', { uninstall: 0 }) }),
        'asks: the whole must NOT have unevaluated properties: uninstall',
      ],
      [
        'a field that only the server writes',
        () => ask('POST', '/api/v1/packages', { json: packageRecord('a.pkg', { size: '5' }) }),
        'asks: the whole must NOT have unevaluated properties: size',
      ],
      [
        'a missing field',
        () =>
          ask('POST', '/api/v1/packages', {
            json: packageRecord('a.pkg', { priority: undefined }),
          }),
        "asks: the whole must have required property 'priority'",
      ],
      [
        'another content type',
        () => ask('PATCH', '/api/v3/patch-software-title-configurations/1', { json: {} }),
        'asks: sends application/json; published: application/merge-patch+json',
      ],
      [
        'an element that there is not',
        () =>
          ask('PUT', '/JSSResource/patchpolicies/id/1', {
            xml: '<patch_policy><general><target>1</target></general></patch_policy>',
          }),
        'asks: /general must NOT have additional properties: target',
      ],
      [
        'an element with another content',
        () =>
          ask('PUT', '/JSSResource/patchpolicies/id/1', {
            xml: '<patch_policy><general><enabled>yes</enabled></general></patch_policy>',
          }),
        'asks: /general/enabled must be equal to one of the allowed values',
      ],
      [
        'another root element',
        () => ask('PUT', '/JSSResource/patchpolicies/id/1', { xml: '<policy/>' }),
        'asks: can not be read: Expected <patch_policy>',
      ],
      [
        'a call that there is not',
        () => ask('GET', '/JSSResource/patchpolicies/name/Firefox%20Test'),
        'there is no such call',
      ],
    ])('which finds %s', async (_what, send, found) => {
      await send();
      expect(jamf.violations).toHaveLength(1);
      expect(jamf.violations[0]).toContain(found);
    });

    it('unless told otherwise', async () => {
      await jamf.close();
      jamf = await startJamf({ validate: false });
      ask = await signedIn(jamf);
      await ask('GET', '/api/v1/packages?pagesize=5');
      expect(jamf.violations).toEqual([]);
    });

    it('which looks at answers as well', async () => {
      const category = { id: '9', name: 'Odd', priority: 'high' as unknown as number };
      jamf.world.categories.set('9', category);
      await ask('GET', '/api/v1/categories/9');
      expect(jamf.violations).toEqual([
        'GET /api/v1/categories/9: answers 200: /priority must be integer',
      ]);
    });
  });
});
