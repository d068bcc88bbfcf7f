import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slug } from '../../src/lifecycle/title.ts';
import { build } from '../../src/stages/build.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { later, monday, policyOf, recipeOf, startCompany, stateOnMain } from './company.ts';

const firefox = { slug: 'firefox', name: 'Mozilla Firefox' };
const recipe = recipeOf(firefox.slug);
const told = ({ rows }: Outcome) => rows.map(({ did, text }) => `${did}: ${text}`);

let fleet: Fleet;
beforeEach(async () => {
  fleet = await startCompany([firefox]);
  await fleet.autopkg.release(recipe, '1.0', { url: 'https://dl.mozilla.org/1.0.pkg' });
  expect((await fleet.run(build)).failures).toEqual([]);
});
afterEach(() => fleet.close());

/** A day long enough ago for every soak to be over. */
const momentOf = ({ now }: Fleet) =>
  Temporal.Instant.from(now)
    .toZonedDateTimeISO('Europe/Zurich')
    .toPlainDate()
    .subtract({ days: 20 });

/** The one request that asks to accept a source. */
function request() {
  const found = fleet.github.pulls.filter(({ head }) => head.startsWith('patchbot-custody/'));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} requests about custody`);
  return only;
}

describe('the chain of custody', () => {
  it('is recorded: download and digest, verified signer, and what Jamf says that it has', async () => {
    const { package: built } = await stateOnMain(fleet, firefox.slug);
    expect(built?.madeFrom).toMatchObject({
      downloads: [
        { url: 'https://dl.mozilla.org/1.0.pkg', sha256: expect.stringMatching(/^\w{64}$/) },
      ],
      signers: [expect.stringContaining('ABCDE12345')],
      storedDigest: built?.digest,
    });
  });

  it('lets a newer package from the same place pass without a word', async () => {
    await fleet.autopkg.release(recipe, '2.0', {
      url: 'https://dl.mozilla.org/2.0.pkg?token=secret',
    });
    expect(told(await fleet.run(build))).toEqual(['done: built and uploaded']);
    const text = (await fleet.github.files())['state/firefox.yaml'];
    expect(text).toContain('https://dl.mozilla.org/2.0.pkg');
    expect(text).not.toContain('secret');
  });

  it('stops a package from another host until a person has accepted that', async () => {
    await fleet.autopkg.release(recipe, '2.0', { url: 'https://cdn.mozilla.net/2.0.pkg' });
    const first = await fleet.run(build);
    expect(first.failures).toEqual([]);
    expect(told(first)).toEqual([
      `warned: not uploaded: it was downloaded from https://cdn.mozilla.net, before from https://dl.mozilla.org; a person must accept that in #${request().number}`,
    ]);
    expect(request().title).toBe('Accept where Mozilla Firefox 2.0 comes from');
    expect((await stateOnMain(fleet, firefox.slug)).package?.version.text).toBe('1.0');

    // Told again only with its age; asked once.
    fleet.github.resetCounts();
    expect(told(await fleet.run(build))).toEqual([expect.stringMatching(/^warned: not uploaded/)]);
    expect(fleet.github.writes).toBe(0);

    await fleet.github.people.merge(request().number, 'anna');
    expect(told(await fleet.run(build))).toEqual(['done: built and uploaded']);
    expect((await stateOnMain(fleet, firefox.slug)).package?.version.text).toBe('2.0');
  });

  it('stops a package of another signer, and takes a closed request for a no', async () => {
    await fleet.autopkg.release(recipe, '2.0', { requirement: 'anchor apple generic' });
    await fleet.run(build);
    const { number } = request();
    expect(request().body).toContain('anchor apple generic');
    await fleet.github.people.close(number, 'anna');
    expect(told(await fleet.run(build))).toEqual([
      expect.stringMatching(new RegExp(`^waits: .*that was declined in #${number}$`)),
    ]);
    expect((await stateOnMain(fleet, firefox.slug)).package?.version.text).toBe('1.0');
  });

  it('closes the request when a newer package comes from the old place again', async () => {
    await fleet.autopkg.release(recipe, '2.0', { url: 'https://cdn.mozilla.net/2.0.pkg' });
    await fleet.run(build);
    await fleet.autopkg.release(recipe, '2.1', { url: 'https://dl.mozilla.org/2.1.pkg' });
    expect(told(await fleet.run(build))).toEqual(['done: built and uploaded']);
    expect(request().state).toBe('closed');
  });

  it('is looked at again before production: what was written otherwise is offered to nobody', async () => {
    const before = await stateOnMain(fleet, firefox.slug);
    const built = before.package;
    if (!built?.madeFrom) throw new Error('it is not recorded what the package was made from');
    const forged = { ...built, madeFrom: { ...built.madeFrom, signers: ['Somebody Else'] } };
    const testing = { package: built, definition: built.version, since: momentOf(fleet) };
    const production = { package: forged, definition: built.version };
    const path = `state/${firefox.slug}.yaml`;
    const read = parseState((await fleet.github.files())[path], slug(firefox.slug));
    const document = read.ok ? read.document : undefined;
    await fleet.github.people.commit('mallory', 'Promote', {
      [path]: editState(document, firefox.name, before, { ...before, testing, production }),
    });
    fleet.now = later(monday, 0, 4);
    const outcome = await fleet.run(promote);
    expect(outcome.failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('what it was made from is written otherwise under "production:"'),
    ]);
    expect(policyOf(fleet, 'Mozilla Firefox Stable').enabled).toBe(false);
  });
});
