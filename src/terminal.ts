import type { Outcome, Row } from './stages/outcome.ts';
import type { TitleStatus } from './stages/status.ts';
import { oneLine } from './text/one-line.ts';

const marks: { readonly [did in Row['did']]: string } = {
  done: '+',
  would: '~',
  waits: '.',
  nothing: ' ',
  warned: '!',
  failed: 'x',
};

/** They never change anything, so that it need not be said. */
const looking = new Set(['plan', 'status', 'why', 'forecast', 'doctor']);

/** What a stage did, a line a title: `+` done, `~` would be done, `.` waits, `!` look at it, `x` failed. */
export function outcomeText(outcome: Outcome): string {
  const rows = outcome.rows.map((row) => [
    marks[row.did],
    row.title,
    row.version ?? '',
    row.did === 'failed' ? `${placeOf(outcome, row)}${row.text}` : row.text,
  ]);
  const isRehearsal = outcome.dryRun && !looking.has(outcome.stage);
  const heading = `${outcome.stage}${isRehearsal ? ' (dry run: nothing is changed)' : ''}`;
  return [heading, ...columns(rows), ''].join('\n');
}

/** Where a file is wrong, as editors find it: `recipes/titles/zoom.yaml:4:1: `; nothing where no line is known. */
function placeOf({ failures }: Outcome, row: Row): string {
  const known = failures.find(({ slug, message }) => slug === row.slug && message === row.text);
  return known?.file && known.line ? `${known.file}:${known.line}:${known.column ?? 1}: ` : '';
}

/** What the stages would do next, of the titles with which there is anything to do. */
export function planText(status: Outcome): string {
  const plan = status.named('plan').without('nothing');
  return plan.rows.length > 0
    ? outcomeText(plan)
    : 'plan\nThere is nothing to do: every title is as it should be.\n';
}

/** Where the titles stand, a line each. */
export function statusText(titles: readonly TitleStatus[]): string {
  const rows = titles.map(({ title, production, testing, hold, reason }) => [
    title,
    production ?? '-',
    testing ?? '-',
    hold ? `HOLD ${reason}` : reason,
  ]);
  return [...columns([['Title', 'Production', 'Test', 'Next'], ...rows]), ''].join('\n');
}

/** Cells in columns as wide as their widest cell, the last one ragged. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map((cell) => oneLine(cell)));
  const widths: number[] = [];
  for (const row of clean)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return clean.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
