import { escaped, table } from './markdown.ts';

/** What the next runs would do differently for one title. */
export interface PlannedTitle {
  readonly slug: string;
  readonly name: string;
  /** What comes next as it is; absent for a title that is new. */
  readonly before?: string;
  /** What would come next; absent for a title that would be gone. */
  readonly after?: string;
  /** What is said of it that was not said before: "soak: 7 days, now 3 days". */
  readonly changed: readonly string[];
}

/** What the next runs would do differently, were a pull request merged. */
export interface Plan {
  readonly titles: readonly PlannedTitle[];
  /** How many titles would go on as they do. */
  readonly unchanged: number;
  /** Absent when everything can be read. */
  readonly unreadable?: string;
}

/** GitHub takes 65,536 characters a comment; a table of more titles than this is read by nobody. */
const mostRows = 100;

/** The plan as a comment below the pull request. */
export function planText(plan: Plan): string {
  const note =
    '_Worked out from `recipes/`, `state/` and the date. Jamf Pro was not asked: holds placed there, gates and patch definitions may say otherwise._';
  if (plan.unreadable !== undefined)
    return [
      '### What the next runs would do',
      `This can be told once the errors are mended: ${escaped(plan.unreadable)}`,
    ].join('\n\n');
  if (plan.titles.length === 0)
    return [
      '### What the next runs would do',
      `The same as without this change, for all ${plan.unchanged} titles.`,
      note,
    ].join('\n\n');
  const rows = plan.titles
    .slice(0, mostRows)
    .map(({ name, before, after, changed }) => [
      escaped(name),
      changed.map(escaped).join('<br>') || '',
      before === undefined ? '_(new)_' : escaped(before),
      after === undefined
        ? '_(gone: PatchBot no longer looks after it; Jamf Pro keeps what it offers)_'
        : after === before
          ? 'the same'
          : escaped(after),
    ]);
  const more = plan.titles.length - rows.length;
  return [
    '### What the next runs would do differently',
    table(['Title', 'Changed', 'Next, as it is', 'Next, with this'], rows),
    ...(more > 0 ? [`… and ${more} titles more.`] : []),
    `${plan.unchanged} titles go on as they do.`,
    note,
  ].join('\n\n');
}
