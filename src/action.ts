import { getInput, info, setOutput, setSecret } from '@actions/core';
import { Temporal } from 'temporal-polyfill';
import { actionsLog } from './actions-log.ts';
import { annotate, writeSummary } from './github/github.ts';
import { flag, numberOf } from './inputs.ts';
import { inGroups } from './jamf/jamf.ts';
import { instant, openGitHub, openRun, type Told } from './open-run.ts';
import type { CheckRun } from './stages/check.ts';
import type { Outcome } from './stages/outcome.ts';
import type { Run } from './stages/run.ts';
import { tellBroken } from './stages/tell.ts';

/**
 * Runs a stage as an action: inputs in; outputs, annotations and job summary out. The action fails
 * when any title did, after all the others have moved on.
 */
export async function runAction(work: (run: Run) => Promise<Outcome>): Promise<void> {
  await guarded(async () => {
    const { run, close } = await openRun(toldByInputs());
    try {
      await leave(await work(run), run.told);
    } catch (error) {
      await tellBroken(run, work.name || 'this run', error);
      throw error;
    } finally {
      await close();
    }
  });
}

/** Runs the check of a pull request as an action: it has a token of GitHub, and no secrets. */
export async function runCheck(work: (run: CheckRun) => Promise<Outcome>): Promise<void> {
  await guarded(async () => {
    const { env } = process;
    const fixed = env['PATCHBOT_NOW'];
    const number = numberOf('number', 'a pull request');
    const token = getInput('github-token', { required: true });
    setSecret(token);
    const github = openGitHub({
      github: {
        token,
        ...optional('repository', env['GITHUB_REPOSITORY']),
        ...optional('apiUrl', env['GITHUB_API_URL']),
      },
      dryRun: false,
      log: log.line,
    });
    if (!github) throw new Error('GITHUB_REPOSITORY is missing: write it as owner/name');
    const outcome = await work({
      folder: env['GITHUB_WORKSPACE'] ?? process.cwd(),
      github,
      number,
      now: () => (fixed ? instant(fixed) : Temporal.Now.instant()),
      log: log.line,
    });
    await leave(outcome, []);
  });
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    annotate({
      level: 'error',
      title: 'PatchBot',
      message: error instanceof Error ? error.message : String(error),
    });
    process.exitCode = 1;
  }
}

function optional<Key extends string>(key: Key, value: string | undefined) {
  return (value ? { [key]: value } : {}) as { [key in Key]?: string };
}

const log = actionsLog(info);

/** The inputs that every action has, and what Actions says of the run. */
function toldByInputs(): Told {
  const secret = (name: string) => {
    const value = getInput(name);
    if (value) setSecret(value);
    return value;
  };
  const { env } = process;
  const repository = env['GITHUB_REPOSITORY'];
  const serverUrl = env['GITHUB_SERVER_URL'];
  const runId = env['GITHUB_RUN_ID'];
  return {
    folder: env['GITHUB_WORKSPACE'] ?? process.cwd(),
    jamf: {
      url: getInput('jamf-url'),
      clientId: getInput('jamf-client-id'),
      clientSecret: secret('jamf-client-secret'),
      user: getInput('jamf-user'),
      password: secret('jamf-password'),
    },
    github: {
      token: secret('github-token'),
      ...optional('repository', repository),
      ...optional('apiUrl', env['GITHUB_API_URL']),
      ...optional('serverUrl', serverUrl),
      ...optional('branch', getInput('branch')),
    },
    webhooks: {
      admins: secret('webhook-admins'),
      testers: secret('webhook-testers'),
      everyone: secret('webhook-everyone'),
    },
    titles: getInput('titles'),
    alreadyTold: getInput('told'),
    dryRun: flag('dry-run'),
    heartbeat: flag('heartbeat'),
    ...optional('actor', env['GITHUB_ACTOR']),
    ...(serverUrl &&
      repository &&
      runId && { runUrl: `${serverUrl}/${repository}/actions/runs/${runId}` }),
    ...optional('now', env['PATCHBOT_NOW']),
    ...optional('autopkgCache', getInput('autopkg-cache')),
    ...optional('autopkgMemory', getInput('autopkg-memory')),
    ...optional('recipeRepos', getInput('recipe-repos')),
    log: log.line,
    fold: log.fold,
    progress: inGroups(log.asIs),
    onSecret: setSecret,
  };
}

async function leave(outcome: Outcome, told: readonly string[]): Promise<void> {
  for (const { title, slug, message, file, line, column } of outcome.failures)
    if (!told.includes(slug))
      annotate({
        level: 'error',
        title,
        message,
        ...(file !== undefined && { file }),
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      });
  for (const { title, text } of outcome.rows.filter(({ did }) => did === 'warned'))
    annotate({ level: 'warning', title, message: text });
  for (const message of outcome.untold)
    annotate({ level: 'warning', title: 'A message was not sent', message });
  await writeSummary({
    heading: `${outcome.stage}${outcome.dryRun ? ' (dry run: nothing was changed)' : ''}`,
    text: outcome.rows.length === 0 ? 'There are no titles to look at.' : counted(outcome),
    rows: outcome.rows.map(({ title, version, did, text }) => ({
      title,
      ...(version !== undefined && { version }),
      what: did,
      why: text,
    })),
  });
  for (const { title, version, did, text } of outcome.rows)
    log.line([did, title, version, text].filter(Boolean).join('  '));
  setOutput('moved', outcome.movedTitles.join(','));
  setOutput('failed', outcome.failedTitles.join(','));
  setOutput('quiet', String(outcome.isQuiet));
  if (outcome.failed) process.exitCode = 1;
}

function counted(outcome: Outcome): string {
  const count = (did: string) => outcome.rows.filter((row) => row.did === did).length;
  return `${outcome.rows.length} titles: ${count(outcome.dryRun ? 'would' : 'done')} moved, ${count('waits')} waiting, ${count('failed')} failed.`;
}
