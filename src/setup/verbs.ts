import type { Command } from 'commander';
import { readImport, writeImport } from './import/import.ts';
import { importText } from './import/text.ts';

/** Adds the verbs that set a repository up to the command line. */
export function setupVerbs(program: Command): void {
  const repository = () => program.opts<{ folder: string }>().folder;
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
