import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { ClassicRefusal } from './errors.ts';

/** An element's content: text, one child or several of a name. */
export type Leaf = string | number | boolean;
export interface Tree {
  [element: string]: Leaf | Tree | (Leaf | Tree)[] | undefined;
}

const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true });
const builder = new XMLBuilder({ suppressEmptyNode: true });

/** The content of the root element, which must be `root`; all leaves are text. */
export function parseXml(text: string, root: string): Tree {
  if (XMLValidator.validate(text) !== true) throw new ClassicRefusal(400, 'Unable to parse XML');
  const parsed = parser.parse(text) as Tree;
  if (!(root in parsed)) throw new ClassicRefusal(400, `Expected <${root}>`);
  return tree(parsed[root]);
}

export const xmlText = (document: Tree): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document)}`;

/**
 * As the classic API's JSON has it: lists lose the element of their entries and their size, ids are
 * numbers.
 */
export function xmlAsJson(value: Tree[string]): unknown {
  if (Array.isArray(value)) return value.map(xmlAsJson);
  if (typeof value !== 'object') return value;
  const names = Object.keys(value).filter((name) => name !== 'size');
  const [only] = names;
  const entries = only === undefined ? undefined : value[only];
  if (names.length === 1 && Array.isArray(entries)) return entries.map(xmlAsJson);
  if (names.length === 0 && 'size' in value) return [];
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => {
      const isId = name === 'id' && typeof child === 'string' && /^-?\d+$/.test(child);
      return [name, isId ? Number(child) : xmlAsJson(child)] as const;
    }),
  );
}

/** The element as a tree; an empty or missing one has no children. */
export const tree = (value: Tree[string]): Tree =>
  typeof value === 'object' && !Array.isArray(value) ? value : {};

/** All the elements of a name, be there none, one or many. */
export const all = (value: Tree[string]): Tree[] =>
  value === undefined || value === '' ? [] : (Array.isArray(value) ? value : [value]).map(tree);

/** The text of an element, of the last of several; `undefined` when it is not there at all. */
export function text(value: Tree[string]): string | undefined {
  if (Array.isArray(value)) return text(value.at(-1));
  return value === undefined || typeof value === 'object' ? undefined : String(value);
}

/** `base` with the leaves that `change` has, however deep; a truth stays one, a number too. */
export function merged(base: Tree, change: Tree): Tree {
  const result: Tree = { ...base };
  for (const [name, value] of Object.entries(change)) {
    const old = result[name];
    result[name] = isTree(old) && isTree(value) ? merged(old, value) : likewise(old, value);
  }
  return result;
}

function likewise(old: Tree[string], value: Tree[string]): Tree[string] {
  if (typeof value !== 'string') return value;
  if (typeof old === 'boolean') return value === 'true';
  return typeof old === 'number' && /^-?\d+$/.test(value) ? Number(value) : value;
}

const isTree = (value: Tree[string]): value is Tree =>
  typeof value === 'object' && !Array.isArray(value);
