import { describe, expect, it } from 'vitest';
import { dashboard } from '../../src/stages/dashboard.ts';
import { hold } from '../../src/stages/hold.ts';
import { propose } from '../../src/stages/propose.ts';
import { type Office, type OfficeTitle, office } from './office.ts';

const titles: readonly OfficeTitle[] = [
  { slug: 'slack', name: 'Slack', testing: { version: '4.41', since: '2026-09-07' } },
  { slug: 'zoom', name: 'Zoom', testing: { version: '6.4', since: '2026-09-11' } },
  { slug: 'jq', name: 'jq', built: '1.8', production: '1.8' },
];

const opened = (more: Parameters<typeof office>[1] = {}): Promise<Office> =>
  office(titles, { ...more, github: { collaborators: { anna: 'write', eve: 'read' } } });

async function show(at: Office) {
  const outcome = await at.run(dashboard);
  expect(outcome.failures).toEqual([]);
  return outcome;
}

const body = (at: Office) => at.github.issues[0]?.body ?? '';

/** Somebody ticks the box of the first line that has these words. */
async function tick(at: Office, by: string, words: string): Promise<void> {
  const issue = at.github.issues[0];
  if (!issue) throw new Error('there is no dashboard');
  await at.github.people.edit(issue.number, by, (text) => {
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('[ ]') && one.includes(words));
    if (line < 0) throw new Error(`no box says "${words}"`);
    return lines.with(line, lines[line]?.replace('[ ]', '[x]') ?? '').join('\n');
  });
}

describe('the dashboard', () => {
  it('says of each title in which phase it is, why and until when', async () => {
    const at = await opened();
    await show(at);
    expect(at.github.issues).toHaveLength(1);
    expect(at.github.issues[0]).toMatchObject({ title: 'Patch dashboard', state: 'open' });
    expect(body(at)).toContain('### Waiting for approval (1)\n\n- **Slack** 4.41:');
    expect(body(at)).toContain(
      '### In test (1)\n\n- **Zoom** 6.4: soaking until 2026-09-18, 3 of 7 days done',
    );
    expect(body(at)).toContain('<summary>In order (1)</summary>\n\n- **jq** 1.8: ');
  });

  it('is written again only when something has changed', async () => {
    const at = await opened();
    await show(at);
    at.github.resetCounts();
    await show(at);
    expect(at.github.writes).toBe(0);

    await at.run(propose);
    at.github.resetCounts();
    await show(at);
    expect(at.github.writes).toBe(1);
    expect(body(at)).toMatch(/\*\*Slack\*\* 4\.41: .* \(\[\\#&#8203;\d+\]\(https:/);
  });

  it('is opened again when somebody has closed it', async () => {
    const at = await opened();
    await show(at);
    await at.github.people.close(1, 'anna');
    await show(at);
    expect(at.github.issues).toHaveLength(1);
    expect(at.github.issues[0]?.state).toBe('open');
  });

  it('lists what can not be read where a person must look', async () => {
    const at = await opened({ files: { 'recipes/titles/bad.yaml': 'recipe: [<b>@anna\n' } });
    await at.run(dashboard);
    expect(body(at)).toContain('### Needs a person (1)\n\n- **bad**: ');
    expect(body(at)).not.toMatch(/<b>|@anna/);
  });

  it('makes an emergency of what is ticked, in the name of who did it, and unticks it', async () => {
    const at = await opened();
    await show(at);
    await tick(at, 'anna', 'Expedite 6.4');
    await show(at);
    const pull = at.github.pulls[0];
    expect(pull).toMatchObject({ title: 'EMERGENCY: Zoom 6.4', state: 'open' });
    expect(pull?.body).toContain('asked for by anna: ticked on the dashboard (');
    expect(body(at)).not.toContain('[x]');
    expect(body(at)).toMatch(/\*\*Zoom\*\* 6\.4: .*\(\[/);

    at.github.resetCounts();
    await show(at);
    expect(at.github.writes).toBe(0);
  });

  it('releases what is ticked', async () => {
    const at = await opened();
    await at.run((run) => hold(run, { reason: 'no sound' }), { titles: ['slack'], actor: 'carl' });
    await show(at);
    expect(body(at)).toContain('### On hold (1)\n\n- **Slack** 4.41: held by carl');
    await tick(at, 'anna', 'Release it');
    await show(at);
    expect(JSON.stringify(await at.state('slack'))).not.toContain('no sound');
    expect(body(at)).not.toContain('On hold');
    expect((await at.github.log())[0]).toContain('released');
  });

  it('stops everything, and lets it move again', async () => {
    const at = await opened();
    await show(at);
    await tick(at, 'anna', 'Stop everything');
    await show(at);
    const settings = async () => (await at.github.files())['recipes/patchbot.yaml'] ?? '';
    expect(await settings()).toMatch(/^time-zone: Europe\/Zurich\n[\s\S]*\nhalt: "?ticked on the/);
    expect(body(at)).toContain('**Everything is stopped**: ticked on the dashboard');
    expect((await at.github.log())[0]).toBe('halt: stop everything: ticked on the dashboard (#1)');

    await tick(at, 'anna', 'Let everything move again');
    await show(at);
    expect(await settings()).not.toContain('halt');
    expect(body(at)).toContain('Stop everything');
  });

  it('does nothing for who may not write, and says so', async () => {
    const at = await opened();
    await show(at);
    await tick(at, 'eve', 'Stop everything');
    const outcome = await show(at);
    expect(outcome.rows).toMatchObject([
      {
        did: 'warned',
        text: 'boxes were ticked, by eve, who may not write here: nothing was done',
      },
    ]);
    expect(JSON.stringify(await at.github.files())).not.toContain('halt');
    expect(body(at)).not.toContain('[x]');
  });

  it('says what of it did not work, and does the rest', async () => {
    const at = await opened();
    await show(at);
    await at.github.people.edit(1, 'anna', (text) =>
      text
        .replaceAll('[ ] <!-- expedite=zoom=6.4', '[x] <!-- expedite=zoom=6.3')
        .replace('[ ] <!-- expedite=slack', '[x] <!-- expedite=slack'),
    );
    const outcome = await at.run(dashboard);
    expect(outcome.failures).toMatchObject([
      { title: 'Zoom', message: expect.stringContaining('neither the newest package nor in test') },
    ]);
    expect(at.github.pulls.map(({ title }) => title)).toEqual(['EMERGENCY: Slack 4.41']);
    expect(body(at)).not.toContain('[x]');
  });

  it('keeps a box that is ticked while it is written', async () => {
    const at = await opened();
    await show(at);
    await at.run(propose);
    let ticked = false;
    at.github.onRequest = async ({ method, path }) => {
      // Between its first look and its write: when it reads who asked for what.
      if (ticked || method !== 'GET' || !path.includes('/pulls')) return;
      ticked = true;
      await tick(at, 'anna', 'Expedite 6.4');
    };
    await show(at);
    expect(ticked).toBe(true);
    expect(at.github.pulls.map(({ title }) => title)).toContain('EMERGENCY: Zoom 6.4');
    expect(body(at)).not.toContain('[x]');
  });

  it('changes nothing in a dry run', async () => {
    const at = await opened();
    await show(at);
    await tick(at, 'anna', 'Expedite 6.4');
    at.github.resetCounts();
    await at.run(dashboard, { dryRun: true });
    expect(at.github.writes).toBe(0);
  });
});
