import { describe, expect, it } from 'vitest';
import type { PackageId } from '../../src/lifecycle/package.ts';
import { type Started, started, thrown } from './started.ts';

const get = 'GET /JSSResource/policies/id/1';
const put = 'PUT /JSSResource/policies/id/1';

interface WithPackages extends Started {
  readonly packages: Readonly<Record<string, PackageId>>;
}

async function withPackages(...names: string[]): Promise<WithPackages> {
  const all = await started();
  const packages: Record<string, PackageId> = {};
  for (const name of names) {
    const file = await all.file(name, name);
    packages[name] = (await all.jamf.ensurePackage(file, { category: 'Apps', info: '' })).id;
  }
  await all.jamf.policies();
  all.calls();
  return { ...all, packages };
}

const wanted = ({ packages }: WithPackages, file: string) => ({
  id: packages[file] as PackageId,
  file,
});

function policyIn({ simulator }: Started) {
  const policy = simulator.world.policies.get('1');
  if (!policy) throw new Error('no policy 1');
  return policy;
}

const entry = (id: PackageId | undefined, more = {}) => ({
  id: id ?? '',
  action: 'Cache',
  fut: 'true',
  feu: 'false',
  updateAutorun: 'false',
  ...more,
});

describe('the policies', () => {
  it.each([0, 1, 300])('are read in one call, be there %i more', async (more) => {
    const { jamf, simulator, calls } = await started();
    for (let at = 0; at < more; at += 1) simulator.addTitle({ name: `Title ${at}` });
    expect(await jamf.policies()).toHaveLength(1 + more);
    await jamf.policies();
    expect(calls()).toEqual(['POST /api/v1/oauth/token', 'GET /JSSResource/policies']);
  });

  it('may be none at all', async () => {
    const { jamf, simulator } = await started();
    simulator.world.policies.clear();
    expect(await jamf.policies()).toEqual([]);
  });
});

describe('an install policy', () => {
  it('that installs nothing yet gets the package', async () => {
    const all = await withPackages('Firefox-127.0.pkg');
    const ensured = await all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg'));
    expect(ensured).toEqual({ wrote: true });
    expect(all.calls()).toEqual([get, put, get]);
    expect(policyIn(all).packages).toEqual([
      expect.objectContaining({ id: '1', action: 'Install' }),
    ]);
  });

  it('keeps how it installs, and everything else, when its package is replaced', async () => {
    const all = await withPackages('Firefox-126.0.pkg', 'Firefox-127.0.pkg');
    policyIn(all).packages = [entry(all.packages['Firefox-126.0.pkg'])];
    const before = structuredClone(policyIn(all));
    await all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg'));
    expect(policyIn(all)).toEqual({
      ...before,
      packages: [entry(all.packages['Firefox-127.0.pkg'])],
    });
  });

  it('that has the package already is only looked at', async () => {
    const all = await withPackages('Firefox-127.0.pkg');
    await all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg'));
    all.calls();
    const ensured = await all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg'));
    expect(ensured).toEqual({ wrote: false });
    expect(all.calls()).toEqual([get]);
  });

  it('with several packages gets the new one in place of the one of the same name', async () => {
    const names = ['Prefs-1.0.pkg', 'Firefox-126.0.pkg', 'Fonts-2.pkg', 'Firefox-127.0.1.pkg'];
    const all = await withPackages(...names);
    const [prefs, old, fonts, now] = names.map((name) => all.packages[name]);
    policyIn(all).packages = [entry(prefs), entry(old, { fut: 'false' }), entry(fonts)];
    await all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.1.pkg'));
    expect(policyIn(all).packages).toEqual([
      entry(prefs),
      entry(now, { fut: 'false' }),
      entry(fonts),
    ]);
  });

  it('with several packages of which none is clearly the old one is left alone', async () => {
    const names = ['Prefs-1.0.pkg', 'Fonts-2.pkg', 'Firefox-127.0.pkg'];
    const all = await withPackages(...names);
    policyIn(all).packages = names.slice(0, 2).map((name) => entry(all.packages[name]));
    const error = await thrown(all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg')));
    expect(error.message).toBe(
      'Jamf Pro: could not let the policy "Install Firefox" install Firefox-127.0.pkg: the policy "Install Firefox" installs 2 packages, and it is not clear which one to replace. Give the application a policy of its own in Jamf Pro, and run it again.',
    );
    expect(all.calls()).toEqual([get]);
  });

  it('that keeps the old package beside the new one is an error', async () => {
    const all = await withPackages('Firefox-126.0.pkg', 'Firefox-127.0.pkg');
    const old = entry(all.packages['Firefox-126.0.pkg']);
    policyIn(all).packages = [old];
    all.simulator.onAnswered = ({ method }) => {
      if (method === 'PUT') policyIn(all).packages.unshift(old);
    };
    await expect(
      all.jamf.ensureInstallPolicy('1', wanted(all, 'Firefox-127.0.pkg')),
    ).rejects.toThrow(/installs "Firefox-126\.0\.pkg" and "Firefox-127\.0\.pkg"/);
  });
});
