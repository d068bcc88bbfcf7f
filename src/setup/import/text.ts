import { oneLine } from '../../text/one-line.ts';
import type { ImportPlan, PlannedFile } from './plan.ts';
import type { Note } from './wanted.ts';

/** What happened to the files of a plan. */
export type Done =
  | { readonly done: 'nothing' }
  | {
      readonly done: 'written';
      readonly written: readonly PlannedFile[];
      readonly there: readonly PlannedFile[];
    };

/** A plan for a person at a terminal: what is written, kept, left, and what to look at. */
export function importText(plan: ImportPlan, done: Done): string {
  const dry = done.done === 'nothing';
  const files = dry ? plan.writes : done.written;
  const there = dry ? [] : done.there;
  const lines = [
    ...section(
      dry ? 'Would be written' : 'Written',
      files.flatMap((file) => fileLines(file, dry)),
    ),
    ...section(
      'Stays as it is',
      notes([
        ...plan.kept,
        ...there.map(({ path }) => ({ file: path, text: 'has come meanwhile' })),
      ]),
    ),
    ...section('Could not be carried over', notes(plan.left)),
    ...section('Look at', notes(plan.notes)),
  ];
  if (plan.passedOver > 0)
    lines.push(`${plan.passedOver} other files have nothing to do with it.`, '');
  lines.push(ending(plan, files.length, dry));
  return `${lines.join('\n')}\n`;
}

function ending({ writes, kept }: ImportPlan, files: number, dry: boolean): string {
  if (writes.length === 0)
    return kept.length > 0
      ? 'Nothing is left to write: all that could be carried over is there already.'
      : "Nothing was found that could be imported: name the folders with an original PatchBot's .ptch and .prod recipes, or with JamfUploader's .jamf recipes, and those with their overrides.";
  return `${files} files ${dry ? 'would be written: to write them, add --write' : 'written. Next: git diff, then patchbot doctor'}.`;
}

function fileLines({ path, text, from }: PlannedFile, dry: boolean): string[] {
  const heading = `${oneLine(path)}  (from ${oneLine(from.join(', '))})`;
  // An override is copied as it is; a title file is short and new.
  const shown =
    dry && path.startsWith('recipes/titles/')
      ? text
          .trimEnd()
          .split('\n')
          .filter((line) => !line.startsWith('#'))
      : [];
  return [heading, ...shown.map((line) => `    ${/^ */.exec(line)?.[0]}${oneLine(line)}`)];
}

/** What is said of many files alike is said once. */
function notes(all: readonly Note[]): string[] {
  const byText = new Map<string, Note[]>();
  for (const note of all) byText.set(note.text, [...(byText.get(note.text) ?? []), note]);
  return [...byText].flatMap(([text, [only, ...more]]) =>
    more.length === 0
      ? [oneLine(`${only?.file}: ${text}`)]
      : [oneLine(`${text}:`), ...[only, ...more].map((note) => `    ${oneLine(note?.file ?? '')}`)],
  );
}

function section(heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [heading, ...lines.map((line) => `  ${line}`), ''];
}
