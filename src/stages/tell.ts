import { type Audience, type Message, type MessageRow, tell as send } from '../notify/notify.ts';
import { Outcome, type Row } from './outcome.ts';
import type { Run } from './run.ts';
import { recall } from './troubles.ts';

/** What a stage has to say, and to whom. */
export interface News {
  readonly audience: Audience;
  readonly heading: string;
  readonly section: string;
}

/** Something for the admins to look at. */
interface ToldTrouble {
  readonly title: string;
  readonly message: string;
  readonly section: 'Failed' | 'Look at';
  readonly row: MessageRow;
}

/**
 * Tells what a stage did: the news to those whom it concerns, what went wrong to the admins alone (once
 * a day, and since when), and when there is neither, one line that PatchBot is alive, if the run is to
 * say so. A message that can't be sent is a warning in the log, never a failed title.
 */
export async function tell(run: Run, outcome: Outcome, news: News): Promise<void> {
  if (run.dryRun) return;
  const link = run.url ? { link: { text: 'The run', url: run.url } } : {};
  // What could not be recorded is done again by the next run, and told then.
  const isRecorded = !outcome.failures.some(({ slug }) => slug === 'patchbot');
  const done = isRecorded ? outcome.rows.filter((row) => row.did === 'done') : [];
  const met = troublesOf(outcome);
  const troubles = await recall(run, outcome.stage, met);
  const messages: Message[] = [];
  if (done.length > 0)
    messages.push({
      audience: news.audience,
      tone: 'news',
      heading: news.heading,
      sections: [{ heading: news.section, rows: done.map(messageRow) }],
      ...link,
    });
  if (troubles.tell.length > 0)
    messages.push({
      audience: 'admins',
      tone: 'trouble',
      heading: `PatchBot needs help: ${outcome.stage}`,
      sections: (['Failed', 'Look at'] as const)
        .map((heading) => ({
          heading,
          rows: troubles.tell
            .filter((one) => one.met.section === heading)
            .map(({ met: { row }, since }) =>
              since ? { ...row, text: `since ${since}: ${row.text}` } : row,
            ),
        }))
        .filter(({ rows }) => rows.length > 0),
      ...link,
    });
  if (messages.length === 0 && run.heartbeat)
    messages.push({
      audience: 'admins',
      tone: 'heartbeat',
      heading: heartbeat(outcome.rows.length, met.length),
      sections: [],
      ...link,
    });
  for (const failure of await send(messages, run.channels, { log: run.log }))
    outcome.untold.push(failure.message);
  await troubles.remember();
}

/**
 * Tells the admins that a stage could not run at all (Jamf Pro is down, say), which is otherwise seen
 * by nobody who doesn't look at the run. Never throws.
 */
export async function tellBroken(run: Run, stage: string, error: unknown): Promise<void> {
  const outcome = new Outcome(stage, run.dryRun);
  outcome.failRun(error);
  await tell(run, outcome, { audience: 'admins', heading: '', section: '' });
  for (const untold of outcome.untold) run.log(untold);
}

function heartbeat(titles: number, troubles: number): string {
  const known = troubles > 0 ? `; ${troubles} still in trouble, as told before` : '';
  return `PatchBot looked at ${titles} titles: nothing new${known}`;
}

function troublesOf({ failures, rows }: Outcome): ToldTrouble[] {
  const failed = failures.map(
    ({ slug, title, message }): ToldTrouble => ({
      title: slug,
      message,
      section: 'Failed',
      row: { title, text: message },
    }),
  );
  const warned = rows
    .filter((row) => row.did === 'warned')
    .map(
      (row): ToldTrouble => ({
        title: row.slug,
        message: row.text,
        section: 'Look at',
        row: messageRow(row),
      }),
    );
  return [...failed, ...warned];
}

function messageRow(row: Row): MessageRow {
  return {
    title: row.title,
    ...(row.version !== undefined && { version: row.version }),
    text: row.text,
    ...(row.link !== undefined && { link: row.link }),
  };
}
