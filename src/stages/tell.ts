import { type Audience, type Message, tell as send } from '../notify/notify.ts';
import type { Outcome, Row } from './outcome.ts';
import type { Run } from './run.ts';

/** What a stage has to say, and to whom. */
export interface News {
  readonly audience: Audience;
  readonly heading: string;
  readonly section: string;
}

/**
 * Tells what a stage did: the news to those whom it concerns, what went wrong to the admins alone,
 * and when there is neither, one line that PatchBot is alive, if the run is to say so. A message that
 * can't be sent is a warning in the log, never a failed title.
 */
export async function tell(run: Run, outcome: Outcome, news: News): Promise<void> {
  if (run.dryRun) return;
  const link = run.url ? { link: { text: 'The run', url: run.url } } : {};
  const done = outcome.rows.filter((row) => row.did === 'done');
  const warned = outcome.rows.filter((row) => row.did === 'warned');
  const messages: Message[] = [];
  if (done.length > 0)
    messages.push({
      audience: news.audience,
      tone: 'news',
      heading: news.heading,
      sections: [{ heading: news.section, rows: done.map(messageRow) }],
      ...link,
    });
  if (outcome.failed || warned.length > 0)
    messages.push({
      audience: 'admins',
      tone: 'trouble',
      heading: `PatchBot needs help: ${outcome.stage}`,
      sections: [
        {
          heading: 'Failed',
          rows: outcome.failures.map(({ title, message }) => ({ title, text: message })),
        },
        { heading: 'Look at', rows: warned.map(messageRow) },
      ].filter(({ rows }) => rows.length > 0),
      ...link,
    });
  if (messages.length === 0 && run.heartbeat)
    messages.push({
      audience: 'admins',
      tone: 'heartbeat',
      heading: `PatchBot looked at ${outcome.rows.length} titles: nothing new`,
      sections: [],
      ...link,
    });
  for (const failure of await send(messages, run.channels, { log: run.log }))
    outcome.untold.push(failure.message);
}

function messageRow(row: Row): { title: string; version?: string; text: string; link?: string } {
  return {
    title: row.title,
    ...(row.version !== undefined && { version: row.version }),
    text: row.text,
    ...(row.link !== undefined && { link: row.link }),
  };
}
