import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JamfSimulator, startJamf } from './jamf/server.ts';
import { type Ask, packageRecord, signedIn } from './jamf-asker.ts';

let jamf: JamfSimulator;
let ask: Ask;

beforeEach(async () => {
  jamf = await startJamf();
  ask = await signedIn(jamf);
});

afterEach(async () => {
  expect(jamf.violations).toEqual([]);
  await jamf.close();
});

const sha3 = (content: string) => createHash('sha3-512').update(content).digest('hex');

const create = (file: string, more: object = {}) =>
  ask('POST', '/api/v1/packages', { json: packageRecord(file, more) });
const upload = (id: string, name: string, content: string) =>
  ask('POST', `/api/v1/packages/${id}/upload`, { file: { name, content } });
const shown = async (id: string) => (await ask('GET', `/api/v1/packages/${id}`)).json;
const refresh = (file: string) =>
  ask('POST', `/api/v1/cloud-distribution-point/refresh-inventory?file-name=${file}`);

describe('a package', () => {
  it('gets its digest and size from Jamf Pro once its file is there', async () => {
    expect((await create('a.pkg')).json).toEqual({
      id: '1',
      href: `${jamf.url}/api/v1/packages/1`,
    });
    expect((await shown('1')).hashValue).toBe('');
    expect((await upload('1', 'a.pkg', 'hello')).status).toBe(201);
    expect(await shown('1')).toMatchObject({
      hashType: 'SHA3_512',
      hashValue: sha3('hello'),
      size: '5',
      cloudTransferStatus: 'READY',
    });
  });

  it('whose file is replaced shows the old one until the inventory is refreshed', async () => {
    await create('a.pkg');
    await upload('1', 'a.pkg', 'old');
    await shown('1');
    await upload('1', 'a.pkg', 'newer');
    expect((await shown('1')).hashValue).toBe(sha3('old'));
    expect((await refresh('a.pkg')).status).toBe(204);
    expect((await shown('1')).hashValue).toBe(sha3('newer'));
  });

  it('echoes a digest that the client has sent, whatever lies in storage', async () => {
    await create('a.pkg');
    await upload('1', 'a.pkg', 'old');
    await shown('1');
    const json = packageRecord('a.pkg', { hashType: 'SHA3_512', hashValue: sha3('never sent') });
    await ask('PUT', '/api/v1/packages/1', { json });
    expect((await shown('1')).hashValue).toBe(sha3('never sent'));
    await refresh('a.pkg');
    expect((await shown('1')).hashValue).toBe(sha3('old'));
  });

  it('is replaced whole by a PUT: what is left out is gone, the size until the next refresh', async () => {
    await create('a.pkg', { info: 'by hand', notes: 'keep me' });
    await upload('1', 'a.pkg', 'hello');
    expect((await shown('1')).size).toBe('5');
    await ask('PUT', '/api/v1/packages/1', { json: packageRecord('a.pkg', { info: 'new' }) });
    expect(await shown('1')).toMatchObject({ info: 'new', notes: '' });
    expect((await shown('1')).size).toBeUndefined();
    await refresh('a.pkg');
    expect((await shown('1')).size).toBe('5');
  });

  it('is stored by the name in the upload, not by the one in its record', async () => {
    await create('a.pkg');
    await upload('1', 'b.pkg', 'hello');
    expect((await shown('1')).hashValue).toBe('');
    const files = (await ask('GET', '/api/v1/cloud-distribution-point/files')).json;
    expect(files.results).toMatchObject([{ fileName: 'b.pkg', status: 'READY' }]);
  });

  it('takes a name once, unless told otherwise', async () => {
    await create('a.pkg');
    const second = await create('a.pkg');
    expect(second.status).toBe(400);
    expect(second.json.errors[0].field).toBe('packageName');
  });

  it('takes its links and its place in policies along when it is deleted', async () => {
    jamf.addPackage('a.pkg');
    jamf.addPolicy('Install A', ['a.pkg']);
    await ask('DELETE', '/api/v1/packages/1');
    expect((await ask('GET', '/api/v1/packages/1')).status).toBe(404);
    expect(jamf.world.policies.get('1')?.packages).toEqual([]);
  });

  it('is found by a filter, in pages', async () => {
    for (const file of ['a.pkg', 'b.pkg', 'b-1.pkg', 'c.pkg']) await create(file);
    const find = async (query: string) => {
      const { json } = await ask('GET', `/api/v1/packages?${query}`);
      return [json.totalCount, json.results.map((one: { fileName: string }) => one.fileName)];
    };
    const filter = (rsql: string) => `filter=${encodeURIComponent(rsql)}`;
    expect(await find(filter('fileName=="b.pkg"'))).toEqual([1, ['b.pkg']]);
    expect(await find(filter('fileName=="B*"'))).toEqual([2, ['b.pkg', 'b-1.pkg']]);
    expect(await find(filter('id=in=(1,4),packageName==b.pkg'))).toEqual([
      3,
      ['a.pkg', 'b.pkg', 'c.pkg'],
    ]);
    expect(await find('page-size=3&page=1&sort=fileName:desc')).toEqual([4, ['a.pkg']]);
    const refused = await ask('GET', `/api/v1/packages?${filter('hashValue==1')}`);
    expect(refused.status).toBe(400);
  });

  it('that is being uploaded can not be written by somebody else meanwhile', async () => {
    await create('a.pkg');
    const begun = await begunUpload('1');
    const other = await ask('PUT', '/api/v1/packages/1', { json: packageRecord('a.pkg') });
    expect([other.status, other.json.errors[0].code]).toEqual([409, 'OPTIMISTIC_LOCK_FAILED']);
    begun.destroy();
    await expect
      .poll(() => ask('PUT', '/api/v1/packages/1', { json: packageRecord('a.pkg') }))
      .toMatchObject({ status: 200 });
  });

  it('collides with somebody else where it is made to', async () => {
    await create('a.pkg');
    jamf.collide(1);
    const change = () => ask('PUT', '/api/v1/packages/1', { json: packageRecord('a.pkg') });
    expect([(await change()).status, (await change()).status]).toEqual([409, 200]);
  });
});

describe('an upload', () => {
  it('that is lost on the way to storage has its digest, and the size 0', async () => {
    jamf.failUploads(1);
    await create('a.pkg');
    await upload('1', 'a.pkg', 'hello');
    expect(await shown('1')).toMatchObject({ hashValue: sha3('hello'), size: '0' });
    await upload('1', 'a.pkg', 'hello');
    await refresh('a.pkg');
    expect((await shown('1')).size).toBe('5');
  });

  it('can stay pending for a while', async () => {
    jamf.delayUploads(2);
    await create('a.pkg');
    await upload('1', 'a.pkg', 'hello');
    for (let look = 0; look < 2; look += 1)
      expect(await shown('1')).toMatchObject({ cloudTransferStatus: 'PENDING', hashValue: '' });
    expect((await shown('1')).cloudTransferStatus).toBe('READY');
  });

  it('stays pending for ever under a name that is spoilt, and is well under another', async () => {
    jamf.spoilName('a.pkg');
    await create('a.pkg');
    await upload('1', 'a.pkg', 'hello');
    for (let look = 0; look < 9; look += 1) await refresh('a.pkg');
    expect((await shown('1')).cloudTransferStatus).toBe('PENDING');
    await create('a-2.pkg');
    await upload('2', 'a-2.pkg', 'hello');
    expect((await shown('2')).cloudTransferStatus).toBe('READY');
  });

  it('is taken in whatever pieces it comes, and known by what was between the boundaries', async () => {
    await create('a.pkg');
    const content = `--not the boundary\r\n--the\r\n--${'x'.repeat(100)}\r\n--the boundar`;
    const body = Buffer.from(
      `--the boundary\r\nContent-Disposition: form-data; name="file"; filename="a.pkg"\r\n\r\n${content}\r\n--the boundary--\r\n`,
    );
    for (const size of [1, 7, 31, body.length]) {
      const sending = sendingUpload('1', 'the boundary');
      const answered = new Promise<number | undefined>((resolve) => {
        sending.on('response', (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
      });
      for (let at = 0; at < body.length; at += size) {
        sending.write(body.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      sending.end();
      expect(await answered).toBe(201);
      expect(jamf.world.files.get('a.pkg')).toMatchObject({
        size: content.length,
        sha3512: sha3(content),
      });
    }
  });

  it('has the digest that was told before it came, where one was', async () => {
    jamf.expectUpload('a.pkg', sha3('told'));
    await create('a.pkg');
    await upload('1', 'a.pkg', 'hello');
    expect(await shown('1')).toMatchObject({ hashValue: sha3('told'), size: '5' });
  });

  it('that ends too early is refused', async () => {
    await create('a.pkg');
    const sending = sendingUpload('1', 'b');
    const status = new Promise((resolve) => {
      sending.on('response', (answer) => resolve(answer.statusCode));
    });
    sending.end('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pkg"\r\n\r\nhel');
    expect(await status).toBe(400);
    expect(jamf.world.files.size).toBe(0);
  });
});

describe('a refresh of the whole inventory', () => {
  it('happens once in fifteen seconds', async () => {
    const all = () => ask('POST', '/api/v1/cloud-distribution-point/refresh-inventory');
    expect([(await all()).status, (await all()).status]).toEqual([204, 429]);
  });
});

/** An upload of which only what the test writes is sent. */
function sendingUpload(id: string, boundary: string) {
  const token = jamf.simulation.tokens.give('test', 'client', undefined);
  return request(`${jamf.url}/api/v1/packages/${id}/upload`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary="${boundary}"`,
    },
  });
}

/** An upload whose first bytes have arrived. */
async function begunUpload(id: string) {
  const sending = sendingUpload(id, 'b');
  sending.on('error', () => undefined);
  const arrived = new Promise<void>((resolve) => {
    jamf.onRequest = ({ path }) => {
      if (path.endsWith('/upload')) resolve();
    };
  });
  sending.write('--b\r\n');
  await arrived;
  await new Promise(setImmediate);
  return sending;
}
