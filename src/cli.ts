#!/usr/bin/env node
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import own from '../package.json' with { type: 'json' };
import { annotate } from './github/github.ts';
import { asBar, inLines } from './jamf/jamf.ts';
import { version } from './lifecycle/version.ts';
import { openRun, type Told } from './open-run.ts';
import { setupVerbs } from './setup/verbs.ts';
import { add } from './stages/add.ts';
import { build } from './stages/build.ts';
import { cleanup } from './stages/cleanup.ts';
import { dashboard } from './stages/dashboard.ts';
import { doctor } from './stages/doctor.ts';
import { emergency } from './stages/emergency.ts';
import { hold, release } from './stages/hold.ts';
import type { Outcome } from './stages/outcome.ts';
import { promote } from './stages/promote.ts';
import { propose } from './stages/propose.ts';
import { reconcile } from './stages/reconcile.ts';
import { rollback } from './stages/rollback.ts';
import type { Run } from './stages/run.ts';
import { status } from './stages/status.ts';
import { test } from './stages/test.ts';
import { trust } from './stages/trust.ts';
import { explain, foresee } from './stages/why.ts';
import { outcomeText, planText, statusText } from './terminal.ts';

/** The flags that every verb has. */
interface Flags {
  readonly folder: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const these = { argument: '<titles...>', what: 'short names' };
const theseOrAll = { argument: '<titles...>', what: 'short names; or all' };
const theseIfAny = { argument: '[titles...]', what: 'short names; all when left out' };
const why = 'why (required)';

const program = new Command('patchbot')
  .description('Keeps the applications of a Mac fleet patched through Jamf Pro.')
  .version(own.version, '--version', 'the version of PatchBot')
  .option('--folder <path>', 'the repository with recipes/ and state/', process.cwd())
  .addHelpText(
    'after',
    `
Environment:
  JAMF_URL, JAMF_CLIENT_ID, JAMF_CLIENT_SECRET     Jamf Pro, and an API client of it
  GITHUB_REPOSITORY, GITHUB_TOKEN                  where state is committed (owner/name)
  PATCHBOT_WEBHOOK_ADMINS, _TESTERS, _EVERYONE     whom to tell; without them nobody is told
  PATCHBOT_RECIPE_REPOS                            where the pinned recipe repositories are kept
  PATCHBOT_NOW                                     an instant to rehearse: 2026-12-01T09:00:00Z`,
  );

for (const [name, work, what] of [
  ['build', build, 'run AutoPkg and upload new packages'],
  ['test', test, 'offer new versions to the testers'],
  ['propose', propose, 'ask for approval of what has soaked'],
  ['promote', promote, 'offer the fleet what main says'],
  ['dashboard', dashboard, 'do what was ticked on the dashboard, and bring it up to date'],
  ['trust', trust, 'ask people to read newer recipes and vouch for them'],
] as const)
  stageVerb(name, what).action((titles: string[], flags: Partial<Flags>) =>
    runVerb({ titles, flags }, work),
  );

stageVerb('release', 'lift the hold of titles', {
  argument: '[titles...]',
  what: 'short names; or all, to lift what "hold all" stopped; each that is held when left out',
}).action((titles: string[], flags: Partial<Flags>) => runVerb({ titles, flags }, release));

stageVerb('hold', 'stop titles, or one version of them', theseOrAll)
  .requiredOption('--reason <text>', why)
  .option('--only-version <version>', 'hold this version alone', parsed(version))
  .option(
    '--until <date>',
    'the first day on which it holds no more',
    parsed(Temporal.PlainDate.from),
  )
  .action((titles: string[], { reason, onlyVersion, until, ...flags }) => {
    return runVerb({ titles, flags }, (run) =>
      hold(run, {
        reason,
        ...(onlyVersion && { version: onlyVersion }),
        ...(until && { until }),
      }),
    );
  });

stageVerb('emergency', 'approve the newest package of titles at once', these)
  .requiredOption('--reason <text>', why)
  .option('--direct', 'approve it here and now, instead of asking by pull request')
  .action((titles: string[], { reason, direct, ...flags }) =>
    runVerb({ titles, flags }, (run) =>
      emergency(run, { reason, mode: direct ? 'direct' : 'pull-request' }),
    ),
  );

stageVerb('reconcile', 'say each difference between main and Jamf Pro')
  .option('--repair', 'make Jamf Pro follow main again, where that needs no person')
  .action((titles: string[], { repair, ...flags }) =>
    runVerb({ titles, flags }, (run) => reconcile(run, { repair: repair ?? false })),
  );

stageVerb('rollback', 'take the last promotion of titles back', these)
  .requiredOption('--reason <text>', why)
  .option('--direct', 'do it here and now, instead of asking by pull request')
  .action((titles: string[], { reason, direct, ...flags }) =>
    runVerb({ titles, flags }, (run) =>
      rollback(run, { reason, mode: direct ? 'direct' : 'pull-request' }),
    ),
  );

program
  .command('add')
  .description('look after another application: make its override and title file, and ask for them')
  .argument('<recipe>', 'the name or identifier of a recipe in the pinned repositories')
  .option('--patch <title>', 'its patch title in Jamf Pro, or none; else the one named like it')
  .option('--category <category>', 'the category of its packages in Jamf Pro')
  .option('--name <name>', 'its name for people; else that of the patch title')
  .option('--here', 'write the files here, for a commit by hand, instead of a pull request')
  .option('--dry-run', 'change nothing, say what would be done')
  .action((recipe: string, { patch, category, name, here, ...flags }) =>
    runVerb({ titles: [], flags }, (run) =>
      add(run, {
        recipe,
        here: here ?? false,
        ...(patch !== undefined && { patch }),
        ...(category !== undefined && { category }),
        ...(name !== undefined && { name }),
      }),
    ),
  );

stageVerb('cleanup', 'delete packages from Jamf Pro that nothing needs any more')
  .option('--really', 'delete them, rather than say which')
  .action((titles: string[], { really, ...flags }) =>
    runVerb({ titles, flags }, (run) => cleanup(run, { really: really ?? false })),
  );

program
  .command('status')
  .description('where each title stands, and what it waits for')
  .argument('[titles...]', 'short names; all when left out')
  .option('--json', 'as JSON')
  .action((titles: string[], flags: Partial<Flags>) => look({ titles, flags }, false));

program
  .command('plan')
  .description('what the stages would do next, and why; changes nothing')
  .argument('[titles...]', 'short names; all when left out')
  .option('--json', 'as JSON')
  .action((titles: string[], flags: Partial<Flags>) => look({ titles, flags }, true));

program
  .command('why')
  .description('what titles wait for, and what would move them, in sentences')
  .argument('<titles...>', 'short names')
  .action((titles: string[]) => runVerb({ titles, flags: { dryRun: true } }, explain));

program
  .command('forecast')
  .description('the coming promotions by date')
  .argument('[titles...]', 'short names; all when left out')
  .action((titles: string[]) => runVerb({ titles, flags: { dryRun: true } }, foresee));

program
  .command('doctor')
  .description('whether Jamf Pro has all that the stages need, and what to do where it has not')
  .argument('[titles...]', 'short names; all when left out')
  .action((titles: string[]) => runVerb({ titles, flags: { dryRun: true } }, doctor));

setupVerbs(program);

function stageVerb(
  name: string,
  what: string,
  titles: { readonly argument: string; readonly what: string } = theseIfAny,
): Command {
  return program
    .command(name)
    .description(what)
    .argument(titles.argument, titles.what)
    .option('--dry-run', 'change nothing, say what would be done and why');
}

interface Asked {
  readonly titles: readonly string[];
  readonly flags: Partial<Flags>;
}

async function runVerb(asked: Asked, work: (run: Run) => Promise<Outcome>): Promise<void> {
  const { run, close } = await openRun(toldByEnvironment(asked));
  try {
    const outcome = await work(run);
    process.stdout.write(outcomeText(outcome));
    annotateFailures(outcome, true);
    for (const message of outcome.untold)
      annotate({ level: 'warning', title: 'A message was not sent', message });
    if (outcome.failed) process.exitCode = 1;
  } finally {
    await close();
  }
}

async function look(asked: Asked, onlyWhatMoves: boolean): Promise<void> {
  const { run, close } = await openRun(
    toldByEnvironment({ ...asked, flags: { ...asked.flags, dryRun: true } }),
  );
  try {
    const { outcome, titles } = await status(run);
    const wanted = onlyWhatMoves ? titles.filter(({ step }) => step !== 'idle') : titles;
    process.stdout.write(
      asked.flags.json
        ? `${JSON.stringify({ titles: wanted, failures: outcome.failures }, null, 2)}\n`
        : onlyWhatMoves
          ? planText(outcome)
          : statusText(titles),
    );
    annotateFailures(outcome, onlyWhatMoves && !asked.flags.json);
    if (outcome.failed) process.exitCode = 1;
  } finally {
    await close();
  }
}

/** At a terminal, what stands in the table need not be said once more below it. */
function annotateFailures({ failures }: Outcome, isInTable: boolean): void {
  if (isInTable && process.stdout.isTTY && process.stderr.isTTY) return;
  for (const failure of failures) annotate({ level: 'error', ...failure });
}

function toldByEnvironment({ titles, flags }: Asked): Told {
  const { env } = process;
  const value = <Key extends string>(key: Key, name: string) =>
    (env[name] ? { [key]: env[name] } : {}) as { [key in Key]?: string };
  return {
    folder: program.opts<Flags>().folder,
    jamf: {
      ...value('url', 'JAMF_URL'),
      ...value('clientId', 'JAMF_CLIENT_ID'),
      ...value('clientSecret', 'JAMF_CLIENT_SECRET'),
      ...value('user', 'JAMF_USER'),
      ...value('password', 'JAMF_PASSWORD'),
    },
    github: {
      ...value('token', 'GITHUB_TOKEN'),
      ...value('repository', 'GITHUB_REPOSITORY'),
      ...value('apiUrl', 'GITHUB_API_URL'),
      ...value('serverUrl', 'GITHUB_SERVER_URL'),
    },
    webhooks: {
      ...value('admins', 'PATCHBOT_WEBHOOK_ADMINS'),
      ...value('testers', 'PATCHBOT_WEBHOOK_TESTERS'),
      ...value('everyone', 'PATCHBOT_WEBHOOK_EVERYONE'),
    },
    titles: titles.join(','),
    dryRun: flags.dryRun ?? false,
    heartbeat: false,
    actor: env['GITHUB_ACTOR'] ?? userInfo().username,
    ...value('now', 'PATCHBOT_NOW'),
    ...value('autopkgCache', 'PATCHBOT_AUTOPKG_CACHE'),
    ...value('autopkgMemory', 'PATCHBOT_AUTOPKG_MEMORY'),
    ...value('recipeRepos', 'PATCHBOT_RECIPE_REPOS'),
    log: tell,
    progress: process.stderr.isTTY ? asBar(process.stderr) : inLines(tell),
    // A terminal has no log that others read, and nothing here prints a secret.
    onSecret: () => undefined,
  };
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function parsed<Value>(read: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

program.parseAsync().catch((error: unknown) => {
  annotate({
    level: 'error',
    title: 'PatchBot',
    message: error instanceof Error ? error.message : String(error),
  });
  process.exitCode = 1;
});
