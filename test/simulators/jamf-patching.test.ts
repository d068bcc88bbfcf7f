import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JamfOptions, type JamfSimulator, startJamf } from './jamf/server.ts';
import { type Ask, signedIn } from './jamf-asker.ts';

let jamf: JamfSimulator;
let ask: Ask;

beforeEach(() => started());

afterEach(async () => {
  expect(jamf.violations).toEqual([]);
  await jamf.close();
});

/** Firefox with two versions that have packages and one that has none. */
async function started(options: JamfOptions = {}): Promise<void> {
  jamf = await startJamf(options);
  jamf.addTitle({
    name: 'Firefox',
    definitions: ['127.0', '128.0', '129.0'].map((version, month) => ({
      version,
      releaseDate: `2026-0${month + 6}-01 08:00:00`,
    })),
  });
  jamf.addPackage('Firefox-127.0.pkg');
  jamf.addPackage('Firefox-128.0.pkg');
  ask = await signedIn(jamf);
  await link([
    { packageId: '1', version: '127.0' },
    { packageId: '2', version: '128.0' },
  ]);
}

async function restarted(options: JamfOptions): Promise<void> {
  await jamf.close();
  await started(options);
}

const title = '/api/v3/patch-software-title-configurations/1';
const testPolicy = '/JSSResource/patchpolicies/id/1';

const link = (packages: readonly object[]) =>
  ask('PATCH', title, {
    json: { packages },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
const links = async () =>
  (await ask('GET', title)).json.packages.map(
    ({ packageId, version }: { packageId: string; version: string }) => `${packageId}: ${version}`,
  );
const change = (general: string, more = '') =>
  ask('PUT', testPolicy, {
    xml: `<patch_policy><general>${general}</general>${more}</patch_policy>`,
  });
const offer = (version: string) =>
  change(`<target_version>${version}</target_version><enabled>true</enabled>`);
const listed = async () => (await ask('GET', '/api/v2/patch-policies')).json.results[0];

describe('the packages of a title', () => {
  it('are replaced whole: a version that is left out loses its package', async () => {
    await link([{ packageId: '2', version: '128.0' }]);
    expect(await links()).toEqual(['2: 128.0']);
    await link([]);
    expect(await links()).toEqual([]);
  });

  it('stay when a change does not speak of them', async () => {
    await ask('PATCH', title, {
      json: { uiNotifications: true },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(await links()).toEqual(['1: 127.0', '2: 128.0']);
  });

  it('can only be packages that there are, for versions that are defined', async () => {
    expect((await link([{ packageId: '9', version: '127.0' }])).status).toBe(400);
    expect((await link([{ packageId: '1', version: '130.0' }])).status).toBe(400);
    expect(await links()).toEqual(['1: 127.0', '2: 128.0']);
  });
});

describe('a definition', () => {
  const versions = async (direction: 'asc' | 'desc') => {
    const path = `${title}/definitions?sort=absoluteOrderId:${direction}`;
    const { results } = (await ask('GET', path)).json;
    return results.map(({ version }: { version: string }) => version);
  };

  it('has a place among the others, from whichever end they are counted', async () => {
    expect(await versions('asc')).toEqual(['129.0', '128.0', '127.0']);
    await restarted({ orderDirection: 'oldest-first' });
    expect(await versions('asc')).toEqual(['127.0', '128.0', '129.0']);
  });

  it('can arrive late', async () => {
    let now = '2026-09-07T04:00:00Z';
    await restarted({ clock: () => new Date(now) });
    const from = '2026-09-09T00:00:00Z';
    jamf.addDefinition('Firefox', { version: '130.0', releaseDate: '2026-09-05 00:00:00', from });
    expect(await versions('asc')).not.toContain('130.0');
    now = from;
    ask = await signedIn(jamf);
    expect((await versions('asc'))[0]).toBe('130.0');
  });
});

describe('a change of a patch policy', () => {
  it('answers nothing, or its id', async () => {
    expect(await offer('128.0')).toMatchObject({ status: 201, text: '' });
    await restarted({ classicPutAnswers: 'id' });
    expect((await offer('128.0')).text).toContain('<patch_policy><id>1</id></patch_policy>');
  });

  it('changes what it carries and nothing else', async () => {
    const before = (await ask('GET', testPolicy)).text;
    await change('<allow_downgrade>true</allow_downgrade>');
    const after = (await ask('GET', testPolicy)).text;
    expect(after).toBe(before.replace('<allow_downgrade>false', '<allow_downgrade>true'));
  });

  it('takes over what the definition says, whatever is sent', async () => {
    await change(
      '<target_version>128.0</target_version><release_date>5</release_date><reboot>true</reboot>',
    );
    const { text } = await ask('GET', testPolicy);
    expect(text).toContain(`<release_date>${Date.parse('2026-07-01T08:00:00Z')}</release_date>`);
    expect(text).toContain('<reboot>false</reboot>');
    expect(text).toContain('<kill_app_name>Firefox.app</kill_app_name>');
  });

  it('that carries any of the scope clears the rest of it', async () => {
    await offer('128.0');
    const answer = await change(
      '<enabled>true</enabled>',
      '<scope><exclusions><computer_groups/></exclusions></scope>',
    );
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('<p>Error: A patch policy must have a scope to be enabled</p>');
    await change(
      '<enabled>false</enabled>',
      '<scope><computer_groups><computer_group><name>All Macs</name></computer_group></computer_groups></scope>',
    );
    const { text } = await ask('GET', testPolicy);
    expect(text).toContain('<name>All Macs</name>');
    expect(text).not.toContain('Testers');
    expect(text).not.toContain('Never patch');
  });

  it.each([
    ['a version that is not defined', '131.0', 'Unable to match target_version 131.0'],
    ['a version without a package', '129.0', 'No package is associated with version 129.0'],
  ])('to %s is refused, in HTML', async (_what, version, reason) => {
    const { status, text } = await offer(version);
    expect(status).toBe(409);
    expect(text).toContain(`<p>Error: ${reason}`);
    expect((await listed()).policyTargetVersion).toBe('');
  });

  it('to a deadline of no days is refused', async () => {
    const deadline = '<deadlines><deadline_period>0</deadline_period></deadlines>';
    const { status } = await change('', `<user_interaction>${deadline}</user_interaction>`);
    expect(status).toBe(409);
  });

  it('to a method that there is not becomes "prompt", without a word', async () => {
    await restarted({ validate: false });
    await change('<distribution_method>automatic</distribution_method>');
    expect((await listed()).policyDeploymentMethod).toBe('automatically');
  });

  it('can leave reads right after it without most of the user interaction', async () => {
    await restarted({ partialReads: 1 });
    await offer('128.0');
    const read = async () => (await ask('GET', testPolicy)).text;
    expect(await read()).not.toContain('self_service_description');
    expect(await read()).toContain('self_service_description');
  });
});

describe('the Macs', () => {
  it('that install what a policy offers show in its counters, its logs and the reports', async () => {
    await offer('128.0');
    jamf.macsInstall('Firefox Test', { completed: 3, failed: 1, pending: 2 });
    expect(await listed()).toMatchObject({ completed: 3, failed: 1, pending: 2 });
    const logs = (await ask('GET', '/api/v2/patch-policies/1/logs?sort=statusCode:asc')).json;
    expect(logs.results.map(({ statusEnum }: { statusEnum: string }) => statusEnum)).toEqual([
      ...Array(2).fill('PENDING'),
      ...Array(3).fill('COMPLETED'),
      'FAILED',
    ]);
    expect((await ask('GET', `${title}/patch-summary/versions`)).json[1]).toMatchObject({
      version: '128.0',
      onVersion: 3,
    });
    const report = (await ask('GET', `${title}/patch-report?filter=version==128.0`)).json;
    expect(report.totalCount).toBe(3);
  });

  it('that check in again try again where they failed', async () => {
    await offer('128.0');
    jamf.macsInstall('Firefox Test', { failed: 1 });
    jamf.macsCheckIn(2);
    expect(await listed()).toMatchObject({ completed: 2, failed: 0 });
    const { results } = (await ask('GET', '/api/v2/patch-policies/1/logs')).json;
    expect(results[0].attemptNumber).toBe(2);
  });

  it.each([
    ['this-version', 2],
    ['all-versions', 5],
  ] as const)('are counted for %s', async (counters, completed) => {
    await restarted({ counters });
    await offer('127.0');
    jamf.macsInstall('Firefox Test', { completed: 3 });
    await offer('128.0');
    jamf.macsInstall('Firefox Test', { completed: 2 });
    expect((await listed()).completed).toBe(completed);
  });

  it('get nothing from a policy that is disabled', async () => {
    await offer('128.0');
    jamf.disablePolicy('Firefox Test');
    jamf.macsCheckIn(2);
    expect((await listed()).completed).toBe(0);
  });
});

describe('an install policy', () => {
  it('has its packages replaced by those that are sent, and keeps the rest', async () => {
    jamf.addPolicy('Both', ['Firefox-127.0.pkg', 'Firefox-128.0.pkg']);
    const path = '/JSSResource/policies/id/2';
    const before = (await ask('GET', path)).text;
    const put = (xml: string) => ask('PUT', path, { xml: `<policy>${xml}</policy>` });
    await put('<general><enabled>false</enabled></general>');
    expect((await ask('GET', path)).text).toBe(before.replace('<enabled>true', '<enabled>false'));
    await put(
      '<package_configuration><packages><size>1</size><package><id>2</id><action>Install</action></package></packages></package_configuration>',
    );
    expect(jamf.world.policies.get('2')?.packages.map(({ id }) => id)).toEqual(['2']);
  });
});
