import { escaped, table } from './markdown.ts';

/** By what the issue of differences is found again. */
export const differencesLabel = 'jamf differences';
export const differencesMarker = 'differences';
export const differencesTitle = 'Jamf Pro differs from main';

/** One difference between what main says and what Jamf Pro has. */
export interface ListedDifference {
  /** The title's name. */
  readonly title: string;
  /** The policy, package or link. */
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  /** Whether `repair` can put it back. */
  readonly repairable: boolean;
}

/** GitHub takes 65,536 characters; some are kept for what surrounds the table. */
const longest = 60_000;

/** The text: no time of day in it, so that it differs only when something does. */
export function differencesBody(
  differences: readonly ListedDifference[],
  repository: string,
): string {
  const rows = differences.map((one) => [
    escaped(one.title),
    escaped(one.what),
    escaped(one.wanted),
    escaped(one.found),
    one.repairable ? 'can be put back' : 'look who and why',
  ]);
  let size = 0;
  const fitting = rows.filter((row) => {
    size += row.join(' | ').length + 6;
    return size < longest;
  });
  const left = rows.length - fitting.length;
  return [
    'Somebody has changed in Jamf Pro what PatchBot looks after. Main is what was approved.',
    table(['Title', 'What', 'Main says', 'Jamf Pro has', 'Next'], fitting),
    ...(left > 0 ? [`and ${left} more`] : []),
    `To put back what can be: start the workflow [reconcile](${repository}/actions/workflows/reconcile.yml) with "repair". To keep what Jamf Pro has: change main, by a promotion, a rollback or a hold. This issue is closed as soon as there is no difference.`,
  ].join('\n\n');
}
