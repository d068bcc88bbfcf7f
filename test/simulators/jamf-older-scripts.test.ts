import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JamfSimulator, startJamf } from './jamf/server.ts';
import { type Ask, plainly, signedIn } from './jamf-asker.ts';

/**
 * The calls of the first PatchBot processors and of JamfUploader, in the order and with the bodies
 * that they send.
 */
let jamf: JamfSimulator;
let ask: Ask;

const authorization = `Basic ${Buffer.from('patchbot-user:password-for-tests').toString('base64')}`;

beforeEach(async () => {
  jamf = await startJamf({ version: '11.4.0', basicAuth: true, classicPutAnswers: 'id' });
  jamf.addCategory('Applications');
  jamf.addTitle({
    name: 'Firefox',
    definitions: [
      { version: '127.0', releaseDate: '2026-06-01 00:00:00' },
      { version: '128.0', releaseDate: '2026-07-01 00:00:00' },
    ],
  });
  jamf.addPackage('Firefox-127.0.pkg');
  jamf.addPolicy('TEST-Firefox', ['Firefox-127.0.pkg']);
  const plain = plainly(jamf);
  ask = (method, path, sent) =>
    plain(method, path, { ...sent, headers: { authorization, ...sent?.headers } });
});

afterEach(async () => {
  expect(jamf.violations).toEqual([]);
  await jamf.close();
});

const send = (name: string, id = '-1') =>
  ask('POST', '/dbfileupload', {
    xml: 'the bare file',
    headers: { DESTINATION: '0', OBJECT_ID: id, FILE_TYPE: '0', FILE_NAME: name },
  });

describe('dbfileupload', () => {
  it('stores a file and makes its package', async () => {
    expect((await ask('GET', '/JSSResource/packages/name/Firefox-128.0.pkg')).status).toBe(404);
    expect((await send('Firefox-128.0.pkg')).text).toContain('<id>2</id>');
    const { text } = await ask('GET', '/JSSResource/packages/name/firefox-128.0.PKG');
    expect(text).toContain('<filename>Firefox-128.0.pkg</filename>');
    expect(jamf.world.files.get('Firefox-128.0.pkg')?.size).toBe('the bare file'.length);
  });

  it('replaces the file of a package whose id is given', async () => {
    expect((await send('Firefox-127.0.pkg', '1')).text).toContain('<id>1</id>');
    expect(jamf.world.packages.size).toBe(1);
    expect((await send('Firefox-127.0.pkg', '9')).status).toBe(404);
  });

  it('is gone with Jamf Pro 11.6', async () => {
    await jamf.close();
    jamf = await startJamf({ version: '11.6.0', basicAuth: true });
    const sent = { xml: 'x', headers: { authorization, DESTINATION: '0' } };
    expect((await plainly(jamf)('POST', '/dbfileupload', sent)).status).toBe(404);
  });
});

describe('a package of the classic API', () => {
  it('is changed in what is sent, its category by name', async () => {
    const put = await ask('PUT', '/JSSResource/packages/id/1', {
      xml: '<package><id>1</id><category>Applications</category><notes>Built</notes></package>',
    });
    expect(put).toMatchObject({ status: 201 });
    const { record } = jamf.world.packages.get('1') ?? {};
    expect(record).toMatchObject({
      categoryId: '1',
      notes: 'Built',
      fileName: 'Firefox-127.0.pkg',
    });
  });

  it('is refused a category that there is not', async () => {
    const xml = '<package><category>Nonsense</category></package>';
    expect((await ask('PUT', '/JSSResource/packages/id/1', { xml })).status).toBe(409);
  });

  it('is listed, made and deleted', async () => {
    const xml = '<package><name>a.pkg</name><filename>a.pkg</filename></package>';
    expect((await ask('POST', '/JSSResource/packages/id/0', { xml })).text).toContain('<id>2</id>');
    expect((await ask('POST', '/JSSResource/packages/id/0', { xml })).status).toBe(409);
    await ask('DELETE', '/JSSResource/packages/id/1');
    const list = await ask('GET', '/JSSResource/packages', {
      headers: { accept: 'application/json' },
    });
    expect(list.json).toEqual({ packages: [{ id: 2, name: 'a.pkg' }] });
  });
});

describe('a policy', () => {
  it('is found by its name whatever its case, changed, and sent back whole', async () => {
    await send('Firefox-128.0.pkg');
    const { status, text } = await ask('GET', '/JSSResource/policies/name/Test-firefox');
    expect(status).toBe(200);
    const edited = text
      .replace(
        '<id>1</id><name>Firefox-127.0.pkg</name>',
        '<id>2</id><name>Firefox-128.0.pkg</name>',
      )
      .replace('<enabled>true', '<enabled>false');
    const put = await ask('PUT', '/JSSResource/policies/id/2', { xml: edited });
    expect(put.text).toContain('<policy><id>2</id></policy>');
    expect(jamf.world.policies.get('2')).toMatchObject({
      packages: [{ id: '2' }],
      sections: { general: { name: 'TEST-Firefox', enabled: false } },
    });
    expect((await ask('GET', '/JSSResource/policies/id/2')).text).toBe(edited);
  });

  it('is made from a template, once', async () => {
    const xml =
      '<policy><general><name>Install Slack</name></general><package_configuration><packages><size>1</size><package><name>Firefox-127.0.pkg</name><action>Install</action></package></packages></package_configuration></policy>';
    const made = await ask('POST', '/JSSResource/policies/id/0', { xml });
    expect(made).toMatchObject({ status: 201 });
    expect(jamf.world.policies.get('3')?.packages).toMatchObject([{ id: '1' }]);
    expect((await ask('POST', '/JSSResource/policies/id/0', { xml })).status).toBe(409);
  });
});

describe('a title of the classic API', () => {
  const path = '/JSSResource/patchsoftwaretitles/id/1';

  it('is found by its name in the list, with the id that the other API has', async () => {
    const { text } = await ask('GET', '/JSSResource/patchsoftwaretitles');
    expect(text).toContain('<patch_software_title><id>1</id><name>Firefox</name>');
  });

  it('has its versions newest first, each with its package or an empty element', async () => {
    const { text } = await ask('GET', path);
    expect(text).toContain(
      '<versions><version><software_version>128.0</software_version><package/></version><version><software_version>127.0</software_version><package/></version></versions>',
    );
  });

  it('links a package that is put into the document, and unlinks it with an empty element', async () => {
    const { text } = await ask('GET', path);
    const linked = text.replace(
      '128.0</software_version><package/>',
      '128.0</software_version><package><id>1</id><name>Firefox-127.0.pkg</name></package>',
    );
    expect((await ask('PUT', path, { xml: linked })).status).toBe(201);
    expect(jamf.world.titles.get('1')?.links).toEqual([{ packageId: '1', version: '128.0' }]);
    expect((await ask('GET', path)).text).toBe(linked);
    await ask('PUT', path, { xml: text });
    expect(jamf.world.titles.get('1')?.links).toEqual([]);
  });

  it('has its patch policies listed', async () => {
    const { text } = await ask('GET', '/JSSResource/patchpolicies/softwaretitleconfig/id/1');
    expect(text).toContain(
      '<patch_policies><size>2</size><patch_policy><id>1</id><name>Firefox Test</name>',
    );
    expect((await ask('GET', '/JSSResource/patchreports/patchsoftwaretitleid/1')).text).toContain(
      '<total_versions>2</total_versions>',
    );
  });
});

describe('a patch policy', () => {
  it('sent back whole, as it was read, is as it was', async () => {
    const path = '/JSSResource/patchpolicies/id/1';
    const before = structuredClone(jamf.world.patchPolicies.get('1'));
    const { text } = await ask('GET', path);
    expect((await ask('PUT', path, { xml: text })).status).toBe(201);
    expect(jamf.world.patchPolicies.get('1')).toEqual(before);
  });

  it('is read as JSON with truths and numbers', async () => {
    const { json } = await ask('GET', '/JSSResource/patchpolicies/id/1', {
      headers: { accept: 'application/json' },
    });
    expect(json.patch_policy).toMatchObject({
      general: { name: 'Firefox Test', enabled: false },
      user_interaction: { deadlines: { deadline_period: 7 } },
    });
  });

  it('is read in part', async () => {
    const { text } = await ask('GET', '/JSSResource/patchpolicies/id/1/subset/UserInteraction');
    expect(text).toContain('<user_interaction>');
    expect(text).not.toContain('<general>');
  });

  it('is made for a title from a template, and deleted', async () => {
    const path = '/JSSResource/patchpolicies/softwaretitleconfig/id/1';
    const body = (version: string) => ({
      xml: `<patch_policy><general><name>New</name><enabled>false</enabled><target_version>${version}</target_version></general></patch_policy>`,
    });
    expect((await ask('POST', path, body('128.0'))).status).toBe(409);
    jamf.world.titles.get('1')?.links.push({ packageId: '1', version: '128.0' });
    expect((await ask('POST', path, body('128.0'))).status).toBe(201);
    const made = [...jamf.world.patchPolicies.values()].at(-1);
    expect(made).toMatchObject({ name: 'New', targetVersion: '128.0', titleId: '1' });
    await ask('DELETE', `/JSSResource/patchpolicies/id/${made?.id}`);
    expect(jamf.world.patchPolicies.size).toBe(2);
  });
});

describe('categories', () => {
  it('are listed, and read by name', async () => {
    expect((await ask('GET', '/JSSResource/categories')).text).toContain('<size>1</size>');
    const { json } = await ask('GET', '/JSSResource/categories/name/applications', {
      headers: { accept: 'application/json' },
    });
    expect(json).toEqual({ category: { id: 1, name: 'Applications', priority: 9 } });
  });
});

describe('computer groups', () => {
  it('are listed in both APIs, and read by name', async () => {
    expect((await ask('GET', '/JSSResource/computergroups/name/testers')).text).toContain(
      '<is_smart>true</is_smart>',
    );
    const current = await signedIn(jamf);
    const { json } = await current('GET', '/api/v1/computer-groups');
    expect(json.map(({ name }: { name: string }) => name)).toContain('All Macs');
  });
});
