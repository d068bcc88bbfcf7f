import type { Command } from 'commander';
import { readImport, writeImport } from './import/import.ts';
import { importText } from './import/text.ts';
import { type InitFlags, init } from './init/verb.ts';

/** Adds the verbs that set a repository up to the command line. */
export function setupVerbs(program: Command): void {
  const repository = () => program.opts<{ folder: string }>().folder;
  program
    .command('init')
    .description('set this repository up: asks, writes, and says what is left to do by hand')
    .option('--jamf-url <url>', 'the address of Jamf Pro')
    .option(
      '--repository <owner/name>',
      'this repository on GitHub; that of its remote when left out',
    )
    .option('--time-zone <zone>', 'such as Europe/Zurich')
    .option(
      '--soak <days>',
      'how long a version stays with the testers: "7 days", "5 working days"',
    )
    .option(
      '--windows <list>',
      'when a version may reach the fleet: "Mon-Thu 08:00-16:00", or "always"',
    )
    .option('--channels <list>', 'who is told where: "admins=teams,testers=slack"')
    .option(
      '--titles <list>',
      'the titles that stay, by short name; the files of the others are deleted',
    )
    .option('--yes', 'ask nothing: what is not said stays as it is')
    .action((flags: InitFlags) =>
      init(repository(), flags, { input: process.stdin, output: process.stdout, env: process.env }),
    );
  program
    .command('import')
    .description(
      'make title files of an original PatchBot or a JamfUploader setup; shows only what it would write',
    )
    .argument('<folders...>', 'the folders with its recipes, lists and overrides')
    .option('--write', 'write what is shown; no file is ever written over')
    .option('--json', 'as JSON')
    .action(async (folders: string[], { write, json }: { write?: boolean; json?: boolean }) => {
      const plan = await readImport(folders, repository());
      const done = write
        ? ({ done: 'written', ...(await writeImport(plan, repository())) } as const)
        : ({ done: 'nothing' } as const);
      process.stdout.write(
        json ? `${JSON.stringify({ ...plan, ...done }, null, 2)}\n` : importText(plan, done),
      );
    });
}
