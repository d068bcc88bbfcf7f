import { summary } from '@actions/core';
import { escaped, table } from './markdown.ts';

/** What a stage did, or would do, about one title. */
export interface SummaryRow {
  /** The title's name. */
  readonly title: string;
  readonly version?: string;
  /** What was done, or would be. */
  readonly what: string;
  readonly why: string;
}

/** A job's summary: a heading, a sentence, and a table of titles. */
export interface Summary {
  readonly heading: string;
  /** A sentence above the table; alone when there are no rows. */
  readonly text?: string;
  readonly rows: readonly SummaryRow[];
}

/**
 * Actions shows no summary above 1 MiB:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#job-summary-limits
 * Several stages may share a job, so one takes half at most.
 */
const longest = 512 * 1024;

/** The summary as Markdown, all foreign text escaped; too many rows end with "and n more". */
export function summaryText({ heading, text, rows }: Summary): string {
  const cells = rows.map(({ title, version, what, why }) =>
    [title, version ?? '', what, why].map(escaped),
  );
  let size = 0;
  const fitting = cells.filter((row) => {
    size += Buffer.byteLength(row.join(' | ')) + 6;
    return size < longest;
  });
  const left = cells.length - fitting.length;
  return [
    `## ${escaped(heading)}`,
    text ? escaped(text) : undefined,
    fitting.length > 0 ? table(['Title', 'Version', 'What', 'Why'], fitting) : undefined,
    left > 0 ? `and ${left} more` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n\n');
}

/**
 * Adds to the job's summary when there is one (GITHUB_STEP_SUMMARY). @returns whether there is: at a
 * terminal there is none.
 */
export async function writeSummary(wanted: Summary): Promise<boolean> {
  if (!process.env.GITHUB_STEP_SUMMARY) return false;
  await summary.addRaw(summaryText(wanted)).write();
  return true;
}
