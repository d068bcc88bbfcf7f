import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import type { Run } from '../../src/stages/run.ts';
import { tellBroken } from '../../src/stages/tell.ts';
import { type Office, packageOf, startOffice } from './office.ts';

let at: Office;

/** Slack is approved, and its package is gone from Jamf; Zoom's file is broken. */
beforeAll(async () => {
  at = await startOffice(
    [
      {
        slug: 'slack',
        name: 'Slack',
        more: 'policies: {install: none}\n',
        testing: { version: '4.41', since: '2026-09-07' },
      },
    ],
    { files: { 'recipes/titles/zoom.yaml': 'recipe: zoom.pkg\n' } },
  );
  await at.run(propose);
  await at.github.people.merge(1, 'anna');
  at.jamf.deletePackage(packageOf('slack', '4.41').file);
  at.jamf.propagate();
});

afterAll(async () => {
  expect(at.github.unknown).toEqual([]);
  expect(at.webhooks.refused).toEqual([]);
  await at.close();
});

/** What the admins are told by a run, as one text. */
async function told(stage: (run: Run) => ReturnType<typeof promote>): Promise<string> {
  const before = at.webhooks.messages.length;
  await at.run(stage);
  return JSON.stringify(at.webhooks.messages.slice(before));
}

/** The subjects of the commits that note troubles, the newest first. */
async function subjects(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', [
    ...['--git-dir', at.github.gitDir, 'log', '--format=%s', 'main', '--', 'state/_troubles.yaml'],
  ]);
  return stdout.trim().split('\n');
}

const noted = async () => (await at.github.files())['state/_troubles.yaml'];

it('a file that is broken was told by the first stage that met it', async () => {
  expect(await noted()).toMatch(/- title: zoom\n {2}stage: propose\n/);
});

it('what goes wrong is told the first time, with all that is known of it', async () => {
  const text = await told(promote);
  expect(text).toContain('PatchBot needs help: promote');
  expect(text).toContain('is no longer in Jamf Pro');
  // Nor is the broken file told by a second stage.
  expect(text).not.toContain('zoom');
});

it('the same is not told again on that day, and nothing is written', async () => {
  at.github.resetCounts();
  expect(await told(promote)).toBe('[]');
  expect(at.github.writes).toBe(0);
});

it('on the next day it is told since when', async () => {
  at.now = '2026-09-15T07:00:00Z';
  const text = await told(promote);
  expect(text).toMatch(/since 2026-09-14: .*is no longer in Jamf Pro/);
});

it('a stage that can not run at all is told, too, and once a day', async () => {
  const broken = async (run: Run) => {
    await tellBroken(run, 'promote', new Error('Jamf Pro does not answer'));
    return new Outcome('promote', false);
  };
  expect(await told(broken)).toMatch(/PatchBot needs help: promote.*Jamf Pro does not answer/);
  expect(await told(broken)).toBe('[]');
});

it('once mended it is forgotten', async () => {
  await at.github.people.commit('anna', 'Mend', {
    'recipes/titles/zoom.yaml': null,
    'state/slack.yaml': 'schema: 1\n',
  });
  expect(await told(promote)).toBe('[]');
  await told(propose);
  expect(await noted()).toBeUndefined();
});

it('the commits say which titles it goes wrong with, and which no more', async () => {
  const said = await subjects();
  expect(said[0]).toBe('propose: forget what went wrong with zoom');
  expect(said.at(-1)).toBe('propose: note what goes wrong with zoom');
  expect(said).toContain('promote: note what goes wrong with slack');
});
