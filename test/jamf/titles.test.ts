import { describe, expect, it } from 'vitest';
import { packageId } from '../../src/lifecycle/package.ts';
import { version } from '../../src/lifecycle/version.ts';
import { type Started, started, thrown } from './started.ts';

const v3 = '/api/v3/patch-software-title-configurations';
const v2 = '/api/v2/patch-software-title-configurations';

/** Two packages that can be linked. */
async function withPackages(options?: Parameters<typeof started>[0]): Promise<Started> {
  const all = await started(options);
  for (const name of ['Firefox-126.0.pkg', 'Firefox-127.0.pkg'])
    await all.jamf.ensurePackage(await all.file(name, name), { category: 'Apps', info: '' });
  all.calls();
  return all;
}

function linksOf({ simulator }: Started) {
  return simulator.world.titles.get('1')?.links;
}

describe('the patch titles', () => {
  it('are read in one call for the fleet, and kept', async () => {
    const { jamf, simulator, calls } = await started();
    for (let at = 0; at < 300; at += 1) simulator.addTitle({ name: `Title ${at}` });
    const [first, second] = [await jamf.patchTitles(), await jamf.patchTitles()];
    expect(first).toHaveLength(301);
    expect(second).toEqual(first);
    expect(calls()).toEqual(['POST /api/v1/oauth/token', `GET ${v3}`]);
  });

  it('are read at the older address on servers before 11.30, as everything of theirs is', async () => {
    const all = await withPackages({ version: '11.29.0' });
    await all.jamf.ensureLinked('1', version('127.0'), packageId('2'));
    await all.jamf.definitions('1');
    expect(all.calls()).toEqual([
      `GET ${v3}`,
      `GET ${v2}`,
      `PATCH ${v2}/1`,
      `GET ${v2}/1/definitions`,
    ]);
    expect(all.simulator.violations).toEqual([]);
  });
});

describe('the definitions', () => {
  it.each(['newest-first', 'oldest-first'] as const)(
    'come the newest first, though Jamf may count %s',
    async (orderDirection) => {
      const { jamf } = await started({ orderDirection });
      const versions = (await jamf.definitions('1')).map((one) => one.version.text);
      expect(versions).toEqual(['127.0', '126.0']);
    },
  );

  it('come with the release date as the patch source writes it', async () => {
    const { jamf } = await started();
    expect(await jamf.definitions('1')).toContainEqual({
      version: version('126.0'),
      releaseDate: '2026-08-01 12:00:00',
      absoluteOrderId: 2,
    });
  });

  it('whose version can not be one are left out, and told', async () => {
    const { jamf, simulator, log } = await started();
    simulator.addDefinition('Firefox', { version: ' ', releaseDate: '2026-07-01 12:00:00' });
    expect(await jamf.definitions('1')).toHaveLength(2);
    expect(log).toEqual([expect.stringMatching(/left out a patch definition of "Firefox"/)]);
  });

  it('come page by page when a server gives fewer than it is asked for', async () => {
    const { jamf, simulator, calls } = await started();
    for (let at = 0; at < 2500; at += 1)
      simulator.addDefinition('Firefox', {
        version: `1.${at}`,
        releaseDate: '2020-01-01 12:00:00',
      });
    expect(await jamf.definitions('1')).toHaveLength(2502);
    expect(calls().filter((call) => call.endsWith('definitions'))).toHaveLength(2);
  });

  it('of a title that is not there are an error that says which', async () => {
    const { jamf } = await started();
    await expect(jamf.definitions('77')).rejects.toThrow(
      /could not read the patch definitions of "77": 404 No title configuration 77/,
    );
  });
});

describe('a link', () => {
  it('is made in one call, whose answer confirms it, and keeps the links of the others', async () => {
    const all = await withPackages();
    await all.jamf.ensureLinked('1', version('126.0'), packageId('1'));
    all.calls();
    expect(await all.jamf.ensureLinked('1', version('127.0'), packageId('2'))).toEqual({
      wrote: true,
    });
    expect(all.calls()).toEqual([`PATCH ${v3}/1`]);
    expect(linksOf(all)).toEqual([
      { version: '126.0', packageId: '1' },
      { version: '127.0', packageId: '2' },
    ]);
    const [title] = await all.jamf.patchTitles();
    expect(title?.links.map((link) => link.packageId)).toEqual(['1', '2']);
  });

  it('that is there already is not made again', async () => {
    const all = await withPackages();
    await all.jamf.ensureLinked('1', version('127.0'), packageId('2'));
    all.calls();
    expect(await all.jamf.ensureLinked('1', version('127.0'), packageId('2'))).toEqual({
      wrote: false,
    });
    expect(all.calls()).toEqual([]);
  });

  it('replaces another package of the same version, and tells so', async () => {
    const all = await withPackages();
    await all.jamf.ensureLinked('1', version('127.0'), packageId('1'));
    await all.jamf.ensureLinked('1', version('127.0'), packageId('2'));
    expect(linksOf(all)).toEqual([{ version: '127.0', packageId: '2' }]);
    expect(all.log).toContain('Jamf Pro: "Firefox" 127.0 had the package 1; it gets 2');
  });

  it('is sent as plain JSON to a server that does not know merge patches', async () => {
    const all = await withPackages({ titlePatchTypes: ['application/json'] });
    await all.jamf.ensureLinked('1', version('126.0'), packageId('1'));
    await all.jamf.ensureLinked('1', version('127.0'), packageId('2'));
    expect(all.calls().filter((call) => call.startsWith('PATCH'))).toHaveLength(3);
    expect(linksOf(all)).toHaveLength(2);
  });

  it('that is done though its answer is lost is found done', async () => {
    const all = await withPackages();
    all.simulator.faults.next({ kind: 'reset-after', method: 'PATCH' });
    expect(await all.jamf.ensureLinked('1', version('127.0'), packageId('2'))).toEqual({
      wrote: true,
    });
    expect(linksOf(all)).toEqual([{ version: '127.0', packageId: '2' }]);
  });

  it('to a version without a definition is refused in the words of Jamf', async () => {
    const all = await withPackages();
    const error = await thrown(all.jamf.ensureLinked('1', version('9.9'), packageId('1')));
    expect(error.message).toBe(
      'Jamf Pro: could not link the package 1 to "Firefox" 9.9: 400 No version 9.9 (packages.version) (PATCH /api/v3/patch-software-title-configurations/{id}). Jamf Pro does not accept it as things stand: read its answer, put it right in Jamf Pro, and run again.',
    );
  });

  it('names the privilege that is lacking', async () => {
    const all = await withPackages();
    all.simulator.faults.next({ kind: 'status', status: 403, method: 'PATCH' });
    await expect(all.jamf.ensureLinked('1', version('127.0'), packageId('2'))).rejects.toThrow(
      'The API role may not do this: give it "Update Patch Management Software Titles" under Settings',
    );
  });
});
