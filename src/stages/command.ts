import { Temporal } from 'temporal-polyfill';
import { oneLine } from '../text/one-line.ts';

/** What a comment on a promotion request asks for. */
export type Command =
  | {
      readonly asks: 'hold';
      readonly reason: string;
      /** The first day on which it holds no more. */
      readonly until?: Temporal.PlainDate;
      /** Of the request's titles only this one. */
      readonly title?: string;
    }
  | { readonly asks: 'release'; readonly title?: string }
  | { readonly asks: 'expedite'; readonly reason: string; readonly title?: string };

/** Somebody began a command and did not finish it, in words for them. */
export interface Unclear {
  readonly asks: 'unclear';
  readonly answer: string;
}

/** A reason goes into state, commits and messages: nobody needs more there. */
const longestReason = 500;

/**
 * Reads a comment: `/hold reason`, `/hold until 2026-12-01 reason`, `/release`, `/expedite reason`, each
 * on the comment's first line and, where a request has several titles, with one of their short names
 * first. Undefined when it is no command: people talk there, too.
 *
 * @param titles the short names of the request's titles.
 */
export function readCommand(
  text: string,
  titles: readonly string[],
): Command | Unclear | undefined {
  const [first = ''] = text.trimStart().split(/\r?\n/);
  const [, word, after = ''] = /^\/(hold|release|expedite)(?:\s+(.*))?$/is.exec(first.trim()) ?? [];
  if (word === undefined) return undefined;
  const asks = word.toLowerCase() as Command['asks'];
  const { title, rest } = titleFirst(after, titles);
  const about = title === undefined ? {} : { title };
  if (asks === 'release') return { asks, ...about };

  const dated = asks === 'hold' ? untilFirst(rest) : { rest };
  if ('answer' in dated) return { asks: 'unclear', answer: dated.answer };
  const reason = oneLine(dated.rest);
  if (reason === '')
    return {
      asks: 'unclear',
      answer: `Say why, on the same line: \`/${asks} ${asks === 'hold' ? 'printing is broken' : 'this hole is being used'}\`.`,
    };
  if (reason.length > longestReason)
    return {
      asks: 'unclear',
      answer: `Say it in ${longestReason} characters on the first line; what more there is to say has room below it.`,
    };
  return asks === 'hold'
    ? { asks, reason, ...about, ...(dated.until && { until: dated.until }) }
    : { asks, reason, ...about };
}

function titleFirst(text: string, titles: readonly string[]): { title?: string; rest: string } {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text.trim()) ?? [];
  const title = titles.find((one) => one === word.toLowerCase());
  return title === undefined ? { rest: text } : { title, rest };
}

function untilFirst(
  text: string,
): { rest: string; until?: Temporal.PlainDate } | { answer: string } {
  const [, date, rest = ''] = /^until\s+(\d\S*)\s*(.*)$/is.exec(text.trim()) ?? [];
  if (date === undefined) return { rest: text };
  try {
    return { rest, until: Temporal.PlainDate.from(date, { overflow: 'reject' }) };
  } catch {
    return {
      answer: `\`${date.replace(/[^0-9A-Za-z.:/-]/g, '')}\` is no day: write it as 2026-12-01.`,
    };
  }
}
