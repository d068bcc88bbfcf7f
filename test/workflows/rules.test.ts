import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Job, readWorkflows, root, type Step, type Workflow } from './workflow.ts';

const workflows = await readWorkflows();
const jobsOf = ({ jobs }: Workflow) => Object.values(jobs);
const stepsOf = (workflow: Workflow): Step[] => jobsOf(workflow).flatMap(({ steps }) => steps);

/** Whether a pull request starts it, and with it whoever can open one. */
const startedByStrangers = ({ on }: Workflow) =>
  Object.keys(on).some((event) => /^(pull_request|issue|discussion|fork|watch)/.test(event));

/**
 * Whether a job runs for those alone who have to do with the repository, or for an edit of what an App
 * wrote, which they alone can make. Such a job reads what they wrote over the API, never here.
 */
const keepsStrangersOut = (job: Job) =>
  /\["OWNER", "MEMBER", "COLLABORATOR"\]'\), github\.event\.comment\.author_association\)/.test(
    job.if ?? '',
  ) ||
  /github\.event\.issue\.user\.type == 'Bot' && github\.event\.sender\.type/.test(job.if ?? '');

describe.each(workflows.map((workflow) => [workflow.file, workflow] as const))('%s', (_, it_is) => {
  it('gives its token nothing but what a job asks for', () => {
    expect(it_is.permissions).toEqual({});
    for (const { permissions } of jobsOf(it_is)) expect(permissions).toBeDefined();
  });

  it('never overlaps with itself, and ends by itself', () => {
    expect(it_is.concurrency?.group).toBeTruthy();
    for (const job of jobsOf(it_is)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('names actions of others by their full commit, with the version beside it', () => {
    for (const line of it_is.text.split('\n').filter((one) => /\buses:/.test(one)))
      expect(line).toMatch(
        /uses: (\.\/actions\/\w+|[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
      );
  });

  it('puts no expression into a shell line', () => {
    for (const { run } of stepsOf(it_is)) expect(run ?? '').not.toContain('${{');
  });

  it('leaves no credential of its checkout behind', () => {
    for (const step of stepsOf(it_is).filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  it('gives secrets to nobody who can only open a pull request, and never runs them on the own Mac', () => {
    if (!startedByStrangers(it_is) || jobsOf(it_is).every(keepsStrangersOut)) return;
    expect(it_is.text.replaceAll('secrets.GITHUB_TOKEN', '')).not.toContain('secrets.');
    for (const job of jobsOf(it_is)) expect(job['runs-on']).toBe('ubuntu-24.04');
  });

  it('hands on no word that a stranger can write', () => {
    for (const step of stepsOf(it_is))
      expect(JSON.stringify(step)).not.toMatch(
        /github\.event\.(comment|issue|pull_request)\.(body|title)|github\.head_ref/,
      );
  });

  it('takes secrets from the environment that gives them to main alone', () => {
    for (const job of jobsOf(it_is).filter(({ steps }) =>
      JSON.stringify(steps).includes('secrets.'),
    ))
      expect(job.environment).toBe('patchbot');
  });

  it('keeps the time of recipes/patchbot.yaml, summer and winter', async () => {
    const settings = parse(await readFile(join(root, 'recipes', 'patchbot.yaml'), 'utf8'));
    for (const { timezone } of (it_is.on['schedule'] ?? []) as { timezone?: string }[])
      expect(timezone).toBe(settings['time-zone']);
  });
});

it('says in one place what every workflow with a token asks the GitHub App for', () => {
  const minting = workflows.flatMap(stepsOf).filter(({ uses }) => uses === './actions/token');
  expect(minting.length).toBeGreaterThan(4);
  for (const step of minting)
    expect(Object.keys(step.with ?? {})).toEqual(
      expect.arrayContaining(['client-id', 'private-key', 'contents']),
    );
});

it('looks each hour whether a window is open, since recipes/ alone say when one is', () => {
  const promote = workflows.find(({ file }) => file === 'promote.yml');
  expect(promote?.on['schedule']).toMatchObject([
    { cron: expect.stringMatching(/^\d+ \* \* \* \*$/) },
  ]);
});

it('leaves out the cleanup of whoever has made no API client for it, unless a person asks', () => {
  const cleanup = workflows.find(({ file }) => file === 'cleanup.yml');
  expect(cleanup?.jobs['cleanup']?.if).toContain(
    "vars.JAMF_CLEANUP_CLIENT_ID != '' || github.event_name == 'workflow_dispatch'",
  );
});
