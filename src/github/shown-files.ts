import { cut } from '../text/one-line.ts';
import { escaped, link } from './markdown.ts';

/** A file that titles run, and what of it changes. */
export interface ShownFile {
  /** "autopkg/recipes: Mozilla/Firefox.pkg.recipe" */
  readonly name: string;
  /** "recipe", "processor"… */
  readonly kind: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Hunks as git shows them; absent when it is no text. */
  readonly diff?: string;
  /** Where all of it can be read. */
  readonly url?: string;
  /** The titles that run it. */
  readonly titles: readonly string[];
}

/** What a title's people should look at twice. */
export interface ShownRisk {
  readonly title: string;
  readonly text: string;
}

/** GitHub takes no longer body than 65,536 characters; the rest is for what is around the diffs. */
const longestDiffs = 48_000;
const mostWarnings = 60;

/** What to look at twice, at the top of a request; undefined when there is nothing. */
export function warningBox(lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const more = lines.length - mostWarnings;
  return [
    '> [!WARNING]',
    '> Look twice:',
    ...lines.slice(0, mostWarnings).map((line) => `> - ${line}`),
    ...(more > 0 ? [`> - … and ${more} more`] : []),
  ].join('\n');
}

/** A warning that several titles share is written once. */
export function riskLines(risks: readonly ShownRisk[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { title, text } of risks) byText.set(text, [...(byText.get(text) ?? []), title]);
  return [...byText].map(
    ([text, titles]) => `${escaped(cut(text, 1500))} (${titles.map(escaped).join(', ')})`,
  );
}

/** The diffs, each in a fence that nothing in it can end; and a warning for each file that is not shown whole. */
export function shownFiles(files: readonly ShownFile[]): { parts: string[]; incomplete: string[] } {
  const parts: string[] = [];
  const incomplete: string[] = [];
  let left = longestDiffs;
  for (const { name, kind, change, diff, url, titles } of files) {
    const where = url ? link(name, url) : escaped(name);
    const heading = `**${where}**: ${change} (${kind} of ${titles.map(escaped).join(', ')})`;
    if (diff === undefined) {
      parts.push(`${heading}\n\nIt is no text, so it can't be shown.`);
      continue;
    }
    const text = visible(diff);
    const room = Math.max(0, Math.min(text.length, left));
    left -= room;
    if (room < text.length)
      incomplete.push(`Not all of **${escaped(name)}** is shown here: read the rest of it`);
    const whole = room < text.length ? text.slice(0, text.lastIndexOf('\n', room) + 1) : text;
    const fence = '`'.repeat(Math.max(3, longestRun(whole) + 1));
    parts.push([heading, '', `${fence}diff`, whole.trimEnd(), fence].join('\n'));
  }
  return { parts, incomplete };
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** What could make a line read as another one is written out: "⟨U+202E⟩". */
function visible(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(
      /[\p{Cf}\p{Co}\p{Cs}\u2028\u2029]|(?![\n\t])\p{Cc}/gu,
      (character) =>
        `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}
