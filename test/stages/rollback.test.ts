import { describe, expect, it } from 'vitest';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import { rollback } from '../../src/stages/rollback.ts';
import { type Office, type OfficeTitle, office, packageOf } from './office.ts';

const noPolicy = 'policies: {install: none}\n';
const slack: OfficeTitle = {
  slug: 'slack',
  name: 'Slack',
  more: noPolicy,
  testing: { version: '4.41', since: '2026-09-07' },
  production: '4.40',
};
const zoom: OfficeTitle = {
  slug: 'zoom',
  name: 'Zoom',
  more: noPolicy,
  testing: { version: '6.4', since: '2026-09-07' },
  production: '6.3',
};

/** An office whose titles were promoted a moment ago. */
async function promoted(titles: readonly OfficeTitle[]): Promise<Office> {
  const at = await office(titles);
  await at.run(propose);
  for (const { number } of [...at.github.pulls]) await at.github.people.merge(number, 'anna');
  expect((await at.run(promote)).failures).toEqual([]);
  return at;
}

const offered = async (at: Office, title: string) => {
  const { production, offered: now } = await at.state(title);
  return [production?.package.version.text, now?.version.text];
};
const back = (mode: 'pull-request' | 'direct') => (run: Parameters<typeof rollback>[0]) =>
  rollback(run, { reason: 'crashes at start', mode });

describe('a rollback', () => {
  it('by a commit goes back at once, holds the version, and says so', async () => {
    const at = await promoted([slack]);
    at.now = '2026-09-18T20:00:00Z';
    const outcome = await at.run(back('direct'), { titles: ['slack'], actor: 'bea' });
    expect(outcome.failures).toEqual([]);
    expect((await at.github.log())[0]).toBe(
      'rollback: Slack: ROLLBACK: Slack 4.41 back to 4.40 by bea: crashes at start',
    );
    // At night, outside every window.
    expect((await at.run(promote, { actor: 'bea' })).failures).toEqual([]);
    expect(await offered(at, 'slack')).toEqual(['4.40', '4.40']);
    expect(JSON.stringify(at.webhooks.messages)).toContain('ROLLBACK by bea: crashes at start');

    at.now = '2026-09-21T07:00:00Z';
    await at.run(propose);
    expect(at.github.pulls.filter(({ state }) => state === 'open')).toEqual([]);
  });

  it('by a request asks for one merge, whatever the number of titles', async () => {
    const at = await promoted([slack, zoom]);
    await at.run(back('pull-request'), { titles: ['slack', 'zoom'], actor: 'bea' });
    const [pull, ...others] = at.github.pulls.filter(({ state }) => state === 'open');
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: 'Roll back Slack 4.41 → 4.40, Zoom 6.4 → 6.3',
      labels: ['rollback'],
    });
    expect(pull?.body).toContain('**Rollback**, asked for by bea: crashes at start');
    expect(await offered(at, 'slack')).toEqual(['4.41', '4.41']);

    at.github.resetCounts();
    await at.run(back('pull-request'), { titles: ['slack', 'zoom'], actor: 'bea' });
    await at.run(propose);
    expect(at.github.writes).toBe(0);

    await at.github.people.merge(pull?.number ?? 0, 'anna');
    await at.run(promote, { actor: 'anna' });
    expect(await offered(at, 'slack')).toEqual(['4.40', '4.40']);
    expect(await offered(at, 'zoom')).toEqual(['6.3', '6.3']);
  });

  it('of a group takes back all that was promoted with it', async () => {
    const at = await promoted(
      [slack, zoom].map((title) => ({ ...title, more: `group: meetings\n${noPolicy}` })),
    );
    await at.run(back('direct'), { titles: ['meetings'], actor: 'bea' });
    expect((await at.run(promote)).failures).toEqual([]);
    expect(await offered(at, 'slack')).toEqual(['4.40', '4.40']);
    expect(await offered(at, 'zoom')).toEqual(['6.3', '6.3']);
    // Who asked, and why, is not lost when Jamf has followed.
    for (const title of ['slack', 'zoom'])
      expect(JSON.stringify((await at.state(title)).holds)).toContain(
        '"reason":"rolled back: crashes at start","by":"bea"',
      );
  });

  it('twice goes back once', async () => {
    const at = await promoted([slack]);
    const who = { titles: ['slack'], actor: 'bea' };
    await at.run(back('direct'), who);
    await at.run(promote, { actor: 'bea' });
    const commits = (await at.github.log()).length;
    const again = await at.run(back('direct'), who);
    expect(again.rows).toMatchObject([
      { did: 'nothing', text: expect.stringContaining('offered before 4.40') },
    ]);
    expect(await at.github.log()).toHaveLength(commits);
  });

  it('refuses when the older package is gone from Jamf, and goes on with the others', async () => {
    const at = await promoted([slack, zoom]);
    at.jamf.deletePackage(packageOf('slack', '4.40').file);
    const outcome = await at.run(back('direct'), { titles: ['slack', 'zoom'], actor: 'bea' });
    expect(outcome.failures).toMatchObject([
      {
        title: 'Slack',
        message: expect.stringMatching(
          /Slack can not go back to 4\.40: its package slack-4\.40\.pkg .* is no longer in Jamf Pro\. Upload that very file again/,
        ),
      },
    ]);
    await at.run(promote);
    expect(await offered(at, 'slack')).toEqual(['4.41', '4.41']);
    expect(await offered(at, 'zoom')).toEqual(['6.3', '6.3']);
  });

  it('refuses a package whose content is another one by now', async () => {
    const at = await promoted([slack]);
    const record = at.jamf.world.packages.get(packageOf('slack', '4.40').jamfId)?.record;
    if (!record) throw new Error('Jamf has no such package');
    record['hashValue'] = 'f'.repeat(128);
    record['sha3512'] = 'f'.repeat(128);
    at.jamf.propagate();
    const outcome = await at.run(back('direct'), { titles: ['slack'], actor: 'bea' });
    expect(outcome.failures[0]?.message).toContain('has other content in Jamf Pro');
  });

  it('of what was never promoted does nothing, and of unnamed titles neither', async () => {
    const { production: _, ...fresh } = slack;
    const at = await office([fresh]);
    const outcome = await at.run(back('direct'), { titles: ['slack'], actor: 'bea' });
    expect(outcome.rows).toMatchObject([{ did: 'nothing' }]);
    await expect(at.run(back('direct'))).rejects.toThrow('say which');
  });

  it('changes nothing in a dry run', async () => {
    const at = await promoted([slack]);
    at.github.resetCounts();
    const outcome = await at.run(back('direct'), { titles: ['slack'], dryRun: true });
    expect(outcome.rows).toMatchObject([
      { did: 'would', text: expect.stringContaining('Slack 4.41 back to 4.40') },
    ]);
    expect(at.github.writes).toBe(0);
  });
});
