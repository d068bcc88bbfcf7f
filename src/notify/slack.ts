import { oneLine } from '../text/one-line.ts';
import { fitted, type Message, type MessageRow, webAddress } from './message.ts';

/** A message has at most 50 blocks, a text 3,000 letters, a header 150: https://docs.slack.dev/reference/block-kit/blocks */
const mostBlocks = 50;
/** Nobody reads more, and Slack cuts a message at 40,000 letters. */
const longestMessage = 30_000;
const longestText = 3_000;
const longestHeader = 150;

/**
 * A message as Slack's blocks, for an incoming webhook. Foreign text is escaped as Slack asks
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping) and stands in plain text where
 * it can; where bold is wanted, what Slack takes for markup is parted by a word joiner.
 */
export function slackBlocks(message: Message): object {
  return fitted(
    message,
    form,
    (whole) => whole.blocks.length <= mostBlocks && JSON.stringify(whole).length <= longestMessage,
  );
}

interface Form {
  readonly text: string;
  readonly unfurl_links: false;
  readonly blocks: readonly object[];
}

function form(message: Message, left: number): Form {
  const marks = { news: '', trouble: '⚠️ ', heartbeat: '' };
  const heading = marks[message.tone] + oneLine(message.heading, longestHeader - 3);
  const url = webAddress(message.link?.url);
  return {
    // What a notification shows.
    text: escaped(heading),
    unfurl_links: false,
    blocks: [
      message.tone === 'heartbeat'
        ? section(escaped(heading))
        : { type: 'header', text: { type: 'plain_text', text: heading, emoji: false } },
      ...message.sections.flatMap(({ heading: above, rows }) =>
        sections([...(above ? [`*${inMarkup(above, 300)}*`] : []), ...rows.map(row)]),
      ),
      ...(left > 0 ? [section(`and ${left} more`)] : []),
      ...(url && message.link ? [section(slackLink(url, message.link.text))] : []),
    ],
  };
}

function row({ title, version, text, link }: MessageRow): string {
  const url = webAddress(link);
  return [
    `*${inMarkup(title, 100)}*`,
    version === undefined ? '' : ` ${inMarkup(version, 128)}`,
    text ? ` – ${inMarkup(text, 400)}` : '',
    url ? ` ${slackLink(url, 'Open')}` : '',
  ].join('');
}

/** As few section blocks as the lines need: a block takes 3,000 letters. */
function sections(lines: readonly string[]): object[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= longestText)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(section);
}

function section(text: string): object {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function inMarkup(text: string, longest: number): string {
  // Slack has no escape for its own marks: a word joiner beside one keeps it a letter.
  return escaped(oneLine(text, longest))
    .replace(/[*_~`]/g, '\u2060$&\u2060')
    .replace(/:(?=\S)/g, ':\u2060');
}

function slackLink(url: string, text: string): string {
  const safe = escaped(url).replaceAll('|', '%7C');
  return `<${safe}|${inMarkup(text, 60)}>`;
}
