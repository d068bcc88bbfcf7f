import type { Outcome, Row } from '../src/stages/outcome.ts';

/** Tells a person the story as it goes. */
export interface Narrator {
  day(date: string): void;
  /** Something that happened outside PatchBot. */
  event(text: string): void;
  /** What a stage did, if anything. */
  stage(outcome: Outcome): void;
  line(text?: string): void;
}

/** What is said of more titles than this at once, is said in one line. */
const most = 4;

/** A narrator that writes lines. */
export function narratorTo(write: (line: string) => void): Narrator {
  let told = 0;
  const line = (text = '') => {
    told += 1;
    write(text);
  };
  return {
    line,
    day(date) {
      if (told > 0) write('');
      line(weekday(date));
    },
    event: (text) => line(`  * ${text}`),
    stage(outcome) {
      for (const [text, rows] of bySentence(outcome.rows.filter(isNews))) {
        const [first] = rows;
        if (!first) continue;
        const mark = first.did === 'failed' ? 'FAILED' : first.did === 'warned' ? 'LOOK AT' : '';
        const say = (what: string) =>
          line(`  ${outcome.stage.padEnd(9)} ${mark ? `${mark} ` : ''}${what}`);
        if (rows.length > most)
          say(`${rows.length} titles: ${text} (${rows.map(named).join(', ')})`);
        else for (const row of rows) say(`${named(row)}: ${text}`);
      }
    },
  };
}

function isNews({ did }: Row): boolean {
  return did === 'done' || did === 'failed' || did === 'warned';
}

function bySentence(rows: readonly Row[]): Map<string, Row[]> {
  const grouped = new Map<string, Row[]>();
  for (const row of rows) {
    // The version stands before the sentence already.
    const text = row.version ? row.text.replace(`${row.version} `, '') : row.text;
    grouped.set(text, [...(grouped.get(text) ?? []), row]);
  }
  return grouped;
}

function named({ title, version }: Row): string {
  return version ? `${title} ${version}` : title;
}

function weekday(date: string): string {
  return new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
