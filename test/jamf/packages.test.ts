import { createHash, randomBytes } from 'node:crypto';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packageId } from '../../src/lifecycle/package.ts';
import { type Started, started, thrown } from './started.ts';

const record = { category: 'Apps', info: 'Firefox 127.0, built by AutoPkg' };
const upload = 'POST /api/v1/packages/1/upload';
const refresh = 'POST /api/v1/cloud-distribution-point/refresh-inventory';

const packagesIn = ({ simulator }: Started) =>
  [...simulator.world.packages.values()].map((one) => ({ id: one.id, ...one.record }));

function uploads(calls: readonly string[]): number {
  return calls.filter((call) => call.endsWith('/upload')).length;
}

describe('a package', () => {
  it('gets a record without a digest, then its file, and is waited for', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', randomBytes(3_000_000));
    const bodies: unknown[] = [];
    all.simulator.onRequest = ({ method, path }) => {
      if (method === 'POST' && path === '/api/v1/packages') bodies.push(packagesIn(all));
    };
    expect(await all.jamf.ensurePackage(file, record)).toEqual({
      id: '1',
      file: 'Firefox-127.0.pkg',
      wrote: true,
    });
    expect(all.calls()).toEqual([
      'POST /api/v1/oauth/token',
      'GET /api/v1/packages',
      'GET /api/v1/cloud-distribution-point',
      'GET /api/v1/categories',
      'POST /api/v1/packages',
      'GET /api/v1/packages/1',
      upload,
      refresh,
      'GET /api/v1/packages/1',
    ]);
    expect(packagesIn(all)).toEqual([
      expect.objectContaining({
        packageName: 'Firefox-127.0.pkg',
        fileName: 'Firefox-127.0.pkg',
        categoryId: '1',
        info: record.info,
        sha3512: file.digest,
        size: '3000000',
      }),
    ]);
    expect(all.simulator.violations).toEqual([]);
  });

  it('that is there with the same digest is not sent again', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await all.jamf.ensurePackage(file, record);
    all.calls();
    expect(await all.jamf.ensurePackage(file, record)).toEqual({
      id: '1',
      file: 'Firefox-127.0.pkg',
      wrote: false,
    });
    expect(all.calls()).toEqual(['GET /api/v1/packages']);
  });

  it('of the same name with other content gets a name of its own; the old one stays as it is', async () => {
    const all = await started();
    const old = await all.file('Firefox-127.0.pkg', 'what policies offer');
    await all.jamf.ensurePackage(old, record);
    const now = await all.file('Firefox-127.0.pkg', 'built again');
    const file = `Firefox-127.0-${now.digest.slice(0, 8)}.pkg`;
    expect(await all.jamf.ensurePackage(now, record)).toEqual({ id: '2', file, wrote: true });
    expect(await all.jamf.ensurePackage(now, record)).toEqual({ id: '2', file, wrote: false });
    expect(packagesIn(all)).toMatchObject([{ sha3512: old.digest }, { sha3512: now.digest }]);
  });

  it('whose name another record has taken gets a name of its own', async () => {
    const all = await started();
    const theirs = await all.file('theirs.pkg', 'something else');
    await all.jamf.ensurePackage(theirs, record);
    const [one] = all.simulator.world.packages.values();
    if (one) one.record.packageName = 'Firefox-127.0.pkg';
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ id: '2', wrote: true });
  });

  it('is found by its whole name: what RSQL takes for a wildcard is none', async () => {
    const all = await started();
    await all.jamf.ensurePackage(await all.file('Tool-1.pkg', 'one'), record);
    const file = await all.file('Tool-*.pkg', 'two');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ file: 'Tool-*.pkg' });
    expect(packagesIn(all)).toHaveLength(2);
  });

  it.each(['Büro "Nr. 1" – 日本.pkg', 'back\\slash.pkg', "it's; drop,table=(1).pkg"])(
    'may have any name that a file has: %s',
    async (name) => {
      const all = await started();
      const file = await all.file(name, name);
      expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ file: name, wrote: true });
      expect(await all.jamf.ensurePackage(file, record)).toMatchObject({
        file: name,
        wrote: false,
      });
    },
  );
});

describe('before anything is sent', () => {
  it('a category that is not there is named, with what to do', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    const error = await thrown(all.jamf.ensurePackage(file, { ...record, category: 'Nope' }));
    expect(error.message).toMatch(/could not find the category "Nope".*Settings > Categories/);
    expect(packagesIn(all)).toEqual([]);
  });

  it('a Jamf Pro without a cloud distribution point is named', async () => {
    const all = await started({ distributionPoint: 'NONE' });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(
      /has no cloud distribution point.*Set one up/,
    );
    expect(packagesIn(all)).toEqual([]);
  });

  it('a distribution point that can not be read is told, and the upload goes on', async () => {
    const all = await started();
    all.simulator.faults.next({ kind: 'status', status: 403, path: /distribution-point$/ });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    expect(all.log[0]).toMatch(/"Read Cloud Distribution Point".* Uploading all the same\.$/);
  });

  it('a folder is refused: a package of the bundle style is no file', async () => {
    const all = await started();
    const file = await all.file('Old.pkg', 'x');
    const path = `${file.path}-folder`;
    await mkdir(path);
    await expect(all.jamf.ensurePackage({ ...file, path }, record)).rejects.toThrow(
      /it is a folder.*flat package/,
    );
  });

  it('a file that is gone, empty or no longer of its size is refused', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    const ensure = (more: object) => all.jamf.ensurePackage({ ...file, ...more }, record);
    await expect(ensure({ path: `${file.path}.gone` })).rejects.toThrow(/is not there/);
    await expect(ensure({ size: 8 })).rejects.toThrow(/has 7 bytes, and had 8/);
    await truncate(file.path, 0);
    await expect(ensure({ size: 0 })).rejects.toThrow(/it is empty/);
    expect(all.simulator.requests).toEqual([]);
  });

  it('a file above 5 GiB is told to be a risk', async () => {
    const all = await started();
    const file = await all.file('Xcode.pkg', '');
    const size = 5 * 1024 ** 3 + 1;
    await truncate(file.path, size);
    all.simulator.faults.next({ kind: 'status', status: 403, path: /api\/v1\/packages/ });
    await thrown(all.jamf.ensurePackage({ ...file, size }, record));
    expect(all.log[0]).toMatch(/^Jamf Pro: Xcode\.pkg has 5\.00 GiB\. .*seen to fail/);
  });
});

describe('an upload', () => {
  it('whose file changes on the way is never completed', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', randomBytes(2_000_000));
    all.simulator.onRequest = async ({ path }) => {
      if (path.endsWith('/packages')) await writeFile(file.path, randomBytes(2_000_000));
    };
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(
      /the file has changed since its digest was computed/,
    );
    expect(all.simulator.world.files.size).toBe(0);
  });

  it('whose file had changed before, unseen, is found out by the digest of Jamf', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await writeFile(file.path, 'CONTENT');
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(/the file has changed/);
    expect(uploads(all.calls())).toBe(1);
  });

  it('that breaks off half way is looked for, and sent again', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', randomBytes(2_000_000));
    all.simulator.faults.next({ kind: 'reset', path: /upload/ });
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
    expect(uploads(all.calls())).toBe(2);
    expect(all.log).toContainEqual(expect.stringMatching(/Looking whether it has arrived/));
  });

  it('that arrived though the answer was lost is not sent again', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', randomBytes(2_000_000));
    all.simulator.faults.next({ kind: 'status-after', status: 504, path: /upload/ });
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
    expect(uploads(all.calls())).toBe(1);
  });

  it('that Jamf loses on the way to its storage is sent again', async () => {
    const all = await started();
    all.simulator.simulation.uploads.failing = 2;
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    expect(uploads(all.calls())).toBe(3);
    expect(all.log[0]).toBe(
      'Jamf Pro: Firefox-127.0.pkg was sent, but Jamf Pro has lost it on the way to its storage (size 0); sending it again',
    );
  });

  it('that Jamf loses five times is given up, with what to look at', async () => {
    const all = await started();
    all.simulator.simulation.uploads.failing = 9;
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(
      /could not upload Firefox-127\.0\.pkg: package 1 is sent, but .*size 0.*distribution point/,
    );
    expect(uploads(all.calls())).toBe(5);
  });

  it('is waited for while Jamf says "availability pending", and that is told', async () => {
    const all = await started();
    all.simulator.simulation.uploads.pendingLooks = 20;
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    expect(all.log[0]).toMatch(/has not made it available yet \(3\d s\)$/);
  });

  it('that stays pending is an error, and found by a later run without being sent again', async () => {
    const all = await started();
    all.simulator.simulation.uploads.pendingLooks = 200;
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(
      /availability pending.*Run it again later: what has arrived by then is not sent again/,
    );
    all.calls();
    for (const stored of all.simulator.world.files.values()) stored.pendingLooks = 0;
    expect(await all.connect().ensurePackage(file, record)).toMatchObject({ wrote: false });
    expect(uploads(all.calls())).toBe(0);
  });

  it('under a name that an earlier failure has spoilt goes up under a name of its own', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    all.simulator.faults.next({ kind: 'reset', path: /upload/, times: 9 });
    await thrown(all.jamf.ensurePackage(file, record));
    all.simulator.faults.clear();
    all.simulator.simulation.uploads.spoilt.add('Firefox-127.0.pkg');

    const own = `Firefox-127.0-${file.digest.slice(0, 8)}.pkg`;
    const ensured = await all.connect().ensurePackage(file, record);
    expect(ensured).toEqual({ id: '2', file: own, wrote: true });
    expect(all.log).toContainEqual(expect.stringMatching(/is spoilt by an earlier upload/));
    expect(await all.connect().ensurePackage(file, record)).toMatchObject({ id: '2' });
  });

  it('into a record that an earlier run has left without a file uses that record', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    all.simulator.faults.next({ kind: 'status', status: 413, path: /upload/ });
    await expect(all.jamf.ensurePackage(file, record)).rejects.toThrow(/413 .*limits of proxies/);
    expect(await all.connect().ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
    expect(packagesIn(all)).toHaveLength(1);
  });

  it('takes a digest that somebody else has put there before the file for what it is: an echo', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    all.simulator.faults.next({ kind: 'status', status: 413, path: /upload/ });
    await thrown(all.jamf.ensurePackage(file, record));
    const [one] = all.simulator.world.packages.values();
    Object.assign(one?.record ?? {}, {
      hashType: 'SHA3_512',
      hashValue: file.digest,
      cloudTransferStatus: 'PENDING',
    });
    all.calls();
    expect(await all.connect().ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
    const calls = all.calls();
    expect(calls.indexOf('PUT /api/v1/packages/1')).toBeGreaterThan(0);
    expect(calls.indexOf('PUT /api/v1/packages/1')).toBeLessThan(calls.indexOf(upload));
    expect(packagesIn(all)).toEqual([
      expect.objectContaining({ info: record.info, categoryId: '1', sha3512: file.digest }),
    ]);
  });

  it('takes a fresh token before, and looks before it sends again when that one ends on the way', async () => {
    let now = Date.parse('2026-09-07T06:00:00Z');
    const all = await started({ clock: () => new Date(now), tokenSeconds: 60 });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    all.simulator.onRequest = ({ path }) => {
      if (!path.endsWith('/upload')) return;
      now += 61_000;
      all.simulator.onRequest = undefined;
    };
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    const calls = all.calls();
    expect(calls[calls.indexOf(upload) - 1]).toBe('POST /api/v1/oauth/token');
    expect(calls.slice(calls.indexOf(upload) + 1, calls.indexOf(upload) + 3)).toEqual([
      'POST /api/v1/oauth/token',
      refresh,
    ]);
  });

  it('asks older servers to look into their storage at the older address', async () => {
    const all = await started({ version: '11.20.0' });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    expect(all.calls()).toContain('POST /api/v1/jcds/refresh-inventory');
  });

  it('shows how far it is', async () => {
    const all = await started();
    const shown: string[] = [];
    const jamf = all.connect({
      progress: {
        begin(what, bytes) {
          shown.push(`${what} ${bytes}`);
          return { at: (sent) => shown.push(`at ${sent}`), end: () => shown.push('end') };
        },
      },
    });
    await jamf.ensurePackage(await all.file('Firefox-127.0.pkg', randomBytes(600_000)), record);
    expect(shown).toEqual([
      'Uploading Firefox-127.0.pkg (586 KiB) 600000',
      'at 262144',
      'at 524288',
      'at 600000',
      'end',
    ]);
  });
});

describe('a record', () => {
  it('that was made though the answer was lost is not made twice', async () => {
    const all = await started();
    all.simulator.faults.next({ kind: 'reset-after', method: 'POST', path: /v1\/packages$/ });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
    expect(packagesIn(all)).toHaveLength(1);
  });

  it('that was not made, with the answer lost, is made then', async () => {
    const all = await started();
    all.simulator.faults.next({ kind: 'reset', method: 'POST', path: /v1\/packages$/ });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ id: '1', wrote: true });
  });

  it('of a server that shows it only later is waited for', async () => {
    const all = await started();
    all.simulator.faults.next({ kind: 'status', status: 404, path: /v1\/packages\/1$/, times: 3 });
    const file = await all.file('Firefox-127.0.pkg', 'content');
    expect(await all.jamf.ensurePackage(file, record)).toMatchObject({ wrote: true });
    expect(all.pauses.slice(0, 3)).toEqual([500, 1000, 2000]);
  });
});

describe('packages by their ids', () => {
  it('are read hundreds in a call, with the digest that Jamf has computed', async () => {
    const all = await started();
    const file = await all.file('Firefox-127.0.pkg', 'content');
    await all.jamf.ensurePackage(file, record);
    all.calls();
    const ids = Array.from({ length: 600 }, (_, at) => packageId(String(at + 1)));
    const found = await all.jamf.packagesById(ids);
    expect([...found.values()]).toEqual([
      {
        id: '1',
        file: 'Firefox-127.0.pkg',
        name: 'Firefox-127.0.pkg',
        size: 7,
        digest: createHash('sha3-512').update('content').digest('hex'),
        ready: true,
      },
    ]);
    expect(all.calls()).toEqual(['GET /api/v1/packages']);
    expect(await all.jamf.packagesById([])).toEqual(new Map());
    expect(all.calls()).toEqual([]);
  });
});
