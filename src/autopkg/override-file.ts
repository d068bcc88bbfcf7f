import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { plistElement, plistText } from './plist-writer.ts';
import { parseRecipe, type TrustInfo } from './recipe-file.ts';

/** What a new override says. */
export interface NewOverride {
  readonly identifier: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly parent: string;
  readonly trust: TrustInfo;
}

/** The text of a new override, as `autopkg make-override` writes it. */
export function newOverride({ identifier, input, parent, trust }: NewOverride): string {
  return plistText({
    Identifier: identifier,
    Input: input,
    ParentRecipe: parent,
    ParentRecipeTrustInfo: trust,
  });
}

/**
 * An override's text with other trust info; all else in it stays as it is, comments included.
 *
 * @throws Error when the override can't be read, or has no place for it.
 */
export function withTrust(path: string, text: string, trust: TrustInfo): string {
  if (isDeepStrictEqual(parseRecipe(path, text).trust, trust)) return text;
  const changed = path.endsWith('.yaml') ? inYaml(text, trust) : inPlist(text, trust);
  if (!isDeepStrictEqual(parseRecipe(path, changed).trust, trust))
    throw new Error(
      `${path}: its trust info is written in a way that cannot be changed here: run autopkg update-trust-info on a Mac`,
    );
  return changed;
}

function inYaml(text: string, trust: TrustInfo): string {
  const document = parseDocument(text, { version: '1.1' });
  document.set('ParentRecipeTrustInfo', document.createNode(trust));
  return document.toString({ lineWidth: 0 });
}

function inPlist(text: string, trust: TrustInfo): string {
  const made = `<key>ParentRecipeTrustInfo</key>\n${plistElement(trust, 1)}`;
  const key = text.indexOf('<key>ParentRecipeTrustInfo</key>');
  if (key >= 0) return text.slice(0, key) + made + text.slice(endOfDictionary(text, key));
  const end = text.lastIndexOf('</dict>');
  return `${text.slice(0, end)}\t${made}\n${text.slice(end)}`;
}

/** Where the dictionary that follows ends: dictionaries lie within it. */
function endOfDictionary(text: string, from: number): number {
  let depth = 0;
  for (const tag of text.slice(from).matchAll(/<(\/?)dict(\/?)>/g)) {
    if (tag[1]) depth -= 1;
    else if (!tag[2]) depth += 1;
    if (depth === 0) return from + tag.index + tag[0].length;
  }
  return text.length;
}
