import { inertLine, oneLine } from '../text/one-line.ts';
import { heeded } from './skip-ci.ts';

/** Keeps what follows from being read as one with what precedes; readers don't see it. */
const apart = '&#8203;';

/**
 * Foreign text (names, versions, error messages) as GitHub's Markdown shows it letter by letter, on
 * one line: no markup, link, HTML, table cell, emoji or formula comes of it, nobody is mentioned, no
 * issue is referred to, and no line of it is a workflow command.
 *
 * https://github.github.com/gfm/#backslash-escapes; mentions and references are found after
 * Markdown is done, so a zero-width space has to part them.
 */
export function escaped(text: string): string {
  return (
    oneLine(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[\\`*_~#$]/g, '\\$&')
      .replace(/@(?=[A-Za-z0-9])/g, `@${apart}`)
      .replace(/\\#(?=\d)/g, `\\#${apart}`)
      .replace(/\b(GH)-(?=\d)/gi, `$1-${apart}`)
      // From here on there are hashes that belong to entities. Brackets are entities because not every
      // reader of Markdown leaves escaped ones be within the text of a link.
      .replaceAll('[', '&#91;')
      .replaceAll(']', '&#93;')
      .replaceAll('|', '&#124;')
      .replace(/:(?=\/\/|[a-z0-9_+-]+:|:)/gi, '&#58;')
      .replace(/\b(www)\./gi, '$1&#46;')
      // What would begin a list, a heading's underline or a number of a list.
      .replace(/^([-+=])/, '\\$1')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
  );
}

/**
 * Foreign text where no Markdown is read (titles, subjects): one line, nobody mentioned, nothing closed,
 * no workflow kept from starting.
 */
export function plain(text: string): string {
  return heeded(inertLine(text))
    .replace(/@(?=[A-Za-z0-9])/g, '@\u2060')
    .replace(/#(?=\d)/g, '#\u2060');
}

/** A link with foreign text; the text alone when the address is no web address. */
export function link(text: string, url: string): string {
  const safe = webAddress(url);
  return safe ? `[${escaped(text)}](${safe})` : escaped(text);
}

/** The address when it is one of the web, written so that it cannot end a Markdown link. */
export function webAddress(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return href.replace(/[()<>\\|`*_[\]]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
