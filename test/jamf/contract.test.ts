import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calls } from '../../src/jamf/calls.ts';
import { askers, leastPrivileges, privilegesPage } from '../../src/jamf/privileges.ts';
import { find, missing } from '../simulators/jamf/schemas/published.ts';
import { drivers } from './drivers.ts';
import { started } from './started.ts';

const all = Object.entries(calls);
const root = join(import.meta.dirname, '..', '..');

describe.skipIf(missing)(
  `every call that the client makes${missing ? ` (${missing})` : ''}`,
  () => {
    /** Older than the published schema; kept for servers that are. */
    const before = ['clientTokenBefore'];

    it.each(all.filter(([name]) => !before.includes(name)))(
      'is published by Jamf, with the privileges that we name: %s',
      (_name, { method, path, privileges }) => {
        const operation = find(method, path)?.operation;
        expect(operation, `${method} ${path}`).toBeDefined();
        const required = operation?.['x-required-privileges'] ?? [];
        // The classic schema names them as Jamf's gateway does: update:pro:patch-policies.
        const named = path.startsWith('/JSSResource') ? required.map(spelledOut) : required;
        // Of categories Jamf lists two, each of which is enough.
        const wanted = path === calls.categories.path ? named.slice(0, 1) : named;
        expect(privileges).toEqual(wanted);
      },
    );

    it('is deprecated only where it serves servers that are older than its successor', () => {
      const deprecated = all
        .filter(([, { method, path }]) => find(method, path)?.operation.deprecated)
        .map(([name]) => name);
      expect(deprecated).toEqual([
        'titlesBefore',
        'titleBefore',
        'definitionsBefore',
        'changeTitleBefore',
        'refreshInventoryBefore',
      ]);
    });
  },
);

/** "update:pro:patch-policies" as Jamf Pro spells it: "Update Patch Policies". */
function spelledOut(privilege: string): string {
  const [verb = '', , what = ''] = privilege.split(':');
  return [verb, ...what.split('-')]
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(' ');
}

describe('the table of calls in the doc comment', () => {
  it('names every path that is called', async () => {
    const source = await readFile(join(root, 'src', 'jamf', 'jamf.ts'), 'utf8');
    const table = source
      .split('\n')
      .filter((line) => line.startsWith(' * |'))
      .join('\n');
    for (const [, { path }] of all) {
      const short = path.replace('/api/v2/patch-policies/', '…/').replace('/api/v2/patch-soft', '');
      const isThere = table.includes(path) || table.includes(short) || path.includes('/v2/patch-s');
      expect(isThere, `${path} in the table of src/jamf/jamf.ts`).toBe(true);
    }
  });
});

describe('the least privileges', () => {
  it('are what the page for people says', async () => {
    const page = await readFile(join(root, 'docs', 'jamf-privileges.md'), 'utf8');
    expect(page).toBe(privilegesPage());
  });

  it('have a purpose each, and never delete anything', () => {
    expect(privilegesPage()).not.toContain('undefined');
    expect(leastPrivileges().filter((one) => one.startsWith('Delete'))).toEqual([]);
  });

  it('are reading ones alone for who only looks', () => {
    for (const asker of ['propose', 'status', 'doctor'] as const)
      expect(leastPrivileges([asker]).filter((one) => !one.startsWith('Read'))).toEqual([]);
    expect(askers).toHaveLength(10);
  });
});

describe('the calls that the client really makes', () => {
  const names = Object.keys(calls) as (keyof typeof calls)[];

  it.each(names)('are in the table, and as Jamf publishes them: what leads to %s', async (name) => {
    const driver = drivers[name];
    const all = await started(driver.options);
    for (const file of driver.bare ? [] : ['Prefs-1.0.pkg', 'Firefox-126.0.pkg'])
      await all.jamf.ensurePackage(await all.file(file, file), { category: 'Apps', info: '' });
    const credentials = { user: 'patchbot-user', password: 'password-for-tests' };
    const jamf = all.connect(
      driver.asUser ? { credentials: { kind: 'user', ...credentials } } : {},
    );
    await driver.act(jamf, all, 1);
    await jamf.close();

    const made = all.simulator.requests.map(
      ({ method, path }) =>
        names.find((one) => calls[one].method === method && matches(calls[one].path, path)) ??
        `${method} ${path}`,
    );
    expect(made.filter((one) => !names.some((known) => known === one))).toEqual([]);
    expect(made).toContain(name);
    expect(all.simulator.violations).toEqual([]);
  });
});

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}
