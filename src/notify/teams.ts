import { oneLine } from '../text/one-line.ts';
import { fitted, type Message, type MessageRow, webAddress } from './message.ts';

/**
 * Teams takes messages of about 28 KB, and has been seen to count two bytes a letter
 * (https://learn.microsoft.com/en-us/microsoftteams/limits-specifications-teams): we stay below it
 * either way of counting.
 */
const longestCard = 27_000;

/**
 * A message as an Adaptive Card in the envelope that a Workflows webhook takes ("When a Teams webhook
 * request is received"): https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 *
 * Foreign text stands in text runs, which read no Markdown, so that no name, version or error message
 * becomes a link or markup: https://adaptivecards.io/explorer/RichTextBlock.html. Links are Markdown
 * with our own words, because text runs with an action don't work everywhere in Teams
 * (https://github.com/microsoft/AdaptiveCards/issues/9100).
 */
export function teamsCard(message: Message): object {
  return fitted(message, envelope, (form) => {
    const json = JSON.stringify(form);
    return Math.max(Buffer.byteLength(json), json.length * 2) <= longestCard;
  });
}

function envelope(message: Message, left: number): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: card(message, left),
      },
    ],
  };
}

const colours = { news: 'Default', trouble: 'Attention', heartbeat: 'Default' } as const;

function card(message: Message, left: number): object {
  const url = webAddress(message.link?.url);
  const isHeartbeat = message.tone === 'heartbeat';
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      text([
        run(message.heading, 300, {
          size: isHeartbeat ? 'Default' : 'Large',
          weight: isHeartbeat ? 'Default' : 'Bolder',
          color: colours[message.tone],
        }),
      ]),
      ...message.sections.flatMap(({ heading, rows }) => [
        ...(heading ? [text([run(heading, 300, { weight: 'Bolder' })], 'Medium')] : []),
        ...rows.map(row),
      ]),
      ...(left > 0 ? [text([run(`and ${left} more`, 300, { isSubtle: true })])] : []),
    ],
    ...(url && message.link
      ? { actions: [{ type: 'Action.OpenUrl', title: plainTitle(message.link.text), url }] }
      : {}),
  };
}

function row({ title, version, text: words, link }: MessageRow): object {
  const line = text([
    run(title, 100, { weight: 'Bolder' }),
    ...(version === undefined ? [] : [run(` ${oneLine(version, 128)}`, 130)]),
    ...(words ? [run(` – ${oneLine(words, 400)}`, 404)] : []),
  ]);
  const url = webAddress(link);
  if (!url) return line;
  return {
    type: 'ColumnSet',
    spacing: 'Small',
    columns: [
      { type: 'Column', width: 'stretch', items: [line] },
      {
        type: 'Column',
        width: 'auto',
        items: [{ type: 'TextBlock', text: `[Open](${inMarkdown(url)})` }],
      },
    ],
  };
}

function text(inlines: readonly object[], spacing: 'Small' | 'Medium' = 'Small'): object {
  return { type: 'RichTextBlock', spacing, inlines };
}

function run(words: string, longest: number, style: object = {}): object {
  // Text runs know one function, {{DATE(…)}}, which foreign text must not call.
  const leading = words.startsWith(' ') ? ' ' : '';
  const safe = oneLine(words, longest).replaceAll('{{', '{\u2060{');
  return { type: 'TextRun', text: leading + safe, ...style };
}

function plainTitle(words: string): string {
  return oneLine(words, 60);
}

function inMarkdown(url: string): string {
  return url.replace(/[()<>[\]\\`*_|]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
