import { lexer, type Token, type Tokens } from 'marked';
import { pwned } from './corpus.ts';

/*
 * What would read PatchBot's words as more than words: the runner its log, GitHub its Markdown, Teams and
 * Slack their messages. Each says what of a text is alive.
 */

/** The commands that the runner knows (Runner.Worker/ActionCommandManager.cs and its extensions). */
const known = new Set([
  'set-output',
  'save-state',
  'set-env',
  'add-path',
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
  'stop-commands',
  'internal-set-repo-path',
]);

/** A command in a log, as the runner finds it. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: string;
  readonly data: string;
}

/**
 * The commands in a log by the runner's own rules: "::name props::data" at the start of a line but for
 * white space, "##[name props]data" anywhere in it.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function commandsIn(log: string): readonly RunnerCommand[] {
  return log.split(/\r\n|\r|\n/).flatMap((line) => {
    const trimmed = line.replace(/^[\s\u0085\u200B\u2060\uFEFF]+/u, '');
    const found =
      /^::([^: ]+)(?: ((?:(?!::).)*))?::(.*)$/u.exec(trimmed) ??
      /##\[([^\] ]+)(?: ([^\]]*))?\](.*)$/u.exec(line);
    const [, name = '', properties = '', data = ''] = found ?? [];
    return known.has(name.toLowerCase()) ? [{ name: name.toLowerCase(), properties, data }] : [];
  });
}

/**
 * The commands that PatchBot did not give: its own are annotations with a title, masks of secrets and
 * the groups of its uploads.
 */
export function foreignCommands(log: string): readonly RunnerCommand[] {
  return commandsIn(log).filter(({ name, properties, data }) => {
    if (['error', 'warning', 'notice'].includes(name))
      return !/^title=[^:,]/.test(properties) || /(^|,)title=pwned/.test(properties);
    if (name === 'endgroup') return false;
    // A group is headed by our own words.
    if (name === 'group') return !/^[A-Za-z]+ing /.test(data) && data.includes(pwned);
    return name !== 'add-mask' || data.includes(pwned);
  });
}

/** A part of a Markdown text that is more than words. */
export interface Alive {
  readonly type: string;
  readonly raw: string;
}

/** What is ours in a Markdown text. */
export interface OurMarkdown {
  /** What our links begin with. */
  readonly links: readonly string[];
  /** Whether we show foreign text as code, in fences. */
  readonly code?: boolean;
}

/** The HTML that we write ourselves: hidden markers, folds, line breaks in table cells. */
const ourHtml =
  /<!-- (?:patchbot:[^\s<>]+|halt|resume|(?:release|expedite)=[^\s<>]*) -->|<\/?details>|<\/?summary>|<br>/g;

/**
 * What of a Markdown text is alive beyond its own layout: links and pictures that don't lead to us, HTML
 * other than ours, mentions and references, code, and markup that begins in foreign words.
 */
export function aliveInMarkdown(text: string, ours: OurMarkdown): readonly Alive[] {
  const alive: Alive[] = [];
  const visit = (token: Token): void => {
    const here = { type: token.type, raw: token.raw };
    switch (token.type) {
      case 'link':
        if (!ours.links.some((host) => (token as Tokens.Link).href.startsWith(host)))
          alive.push(here);
        break;
      case 'html':
        if (/[<>]/.test(token.raw.replace(ourHtml, ''))) alive.push(here);
        break;
      case 'code':
        if (!ours.code) alive.push(here);
        break;
      case 'image':
      case 'def':
      case 'del':
        alive.push(here);
        break;
      case 'heading':
        // Ours are of the second and third rank.
        if (!/^###? /.test(token.raw)) alive.push(here);
        break;
      case 'codespan':
      case 'em':
        if (token.raw.includes(pwned)) alive.push(here);
        break;
      case 'text':
      case 'escape':
        if (!('tokens' in token && token.tokens)) alive.push(...referencesIn(token));
        break;
    }
    for (const child of childrenOf(token)) visit(child);
  };
  for (const token of lexer(text, { gfm: true })) visit(token);
  return alive;
}

function childrenOf(token: Token): readonly Token[] {
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
  }
  if (token.type === 'list') return (token as Tokens.List).items;
  return ('tokens' in token && token.tokens) || [];
}

/** GitHub finds these in what is left of the text once Markdown is done: entities are letters by then. */
function referencesIn(token: Token): readonly Alive[] {
  const shown = token.raw
    .replaceAll('&#8203;', '\u200B')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  const references = [
    /(^|[^\w/])@[a-z0-9][a-z0-9-]*/i,
    /(^|[^\w&/])#\d+/,
    /\bGH-\d+/i,
    /\b[\w.-]+\/[\w.-]+#\d+/,
    /\b[\w.-]+\/[\w.-]+@[0-9a-f]{7,40}\b/,
  ];
  return references
    .filter((reference) => reference.test(shown))
    .map((reference) => ({ type: `reference ${reference}`, raw: shown }));
}

/** Every object in a JSON document, whatever it is in. */
function objectsIn(json: unknown): Record<string, unknown>[] {
  if (Array.isArray(json)) return json.flatMap(objectsIn);
  if (typeof json !== 'object' || json === null) return [];
  return [json as Record<string, unknown>, ...Object.values(json).flatMap(objectsIn)];
}

/**
 * What of a Teams message is alive: a text block (which reads Markdown) that is not one of our links, an
 * address that is not ours, a function, a kind of element or a key that we don't use.
 */
export function aliveInCard(message: unknown, ours: readonly string[]): readonly Alive[] {
  const kinds = new Set([
    'message',
    'AdaptiveCard',
    'RichTextBlock',
    'TextRun',
    'TextBlock',
    'ColumnSet',
    'Column',
    'Action.OpenUrl',
  ]);
  return objectsIn(message).flatMap((part): Alive[] => {
    const raw = JSON.stringify(part).slice(0, 300);
    const { type, text, url } = part;
    const found: Alive[] = [];
    if (type !== undefined && !kinds.has(String(type))) found.push({ type: `kind ${type}`, raw });
    if (Object.keys(part).some((key) => key.includes(pwned))) found.push({ type: 'key', raw });
    if (url !== undefined && !ours.some((host) => String(url).startsWith(host)))
      found.push({ type: 'address', raw });
    if (type === 'TextBlock') found.push(...aliveInMarkdown(String(text), { links: ours }));
    if (type === 'TextRun' && /\{\{(DATE|TIME)\(/.test(String(text)))
      found.push({ type: 'function', raw });
    if (typeof text === 'string' && /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u.test(text))
      found.push({ type: 'control', raw });
    return found;
  });
}

/**
 * What of a Slack message is alive: in a `mrkdwn` text everything in angle brackets that is no link of
 * ours, and formatting round foreign words. https://docs.slack.dev/messaging/formatting-message-text
 */
export function aliveInSlack(message: unknown, ours: readonly string[]): readonly Alive[] {
  return objectsIn(message).flatMap((part): Alive[] => {
    const { type, text } = part;
    if (type !== 'mrkdwn' && !('blocks' in part)) return [];
    const raw = String(text ?? '');
    const found: Alive[] = [];
    for (const [whole, inside = ''] of raw.matchAll(/<([^>]*)>/g))
      if (!ours.some((host) => inside.startsWith(host)))
        found.push({ type: 'angle brackets', raw: whole });
    if (/[\p{Cc}--\n]/v.test(raw)) found.push({ type: 'control', raw });
    return found;
  });
}

/** Characters that turn the direction of text, move a cursor, or start a line where none should be. */
export function unprintable(text: string): readonly string[] {
  return text.match(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu) ?? [];
}
