import { Document, isMap, isScalar, isSeq, Pair, Scalar, type YAMLMap, YAMLSeq } from 'yaml';
import type { TitleState } from '../lifecycle/title.ts';
import { oneLine } from '../text/one-line.ts';
import { stateFormat } from './schema.ts';
import {
  itemKeys,
  type Leaf,
  quotedKeys,
  type Section,
  sectionOrder,
  sectionsOf,
} from './sections.ts';

/**
 * The text of a state file after a change: only the facts that differ are touched, so that comments,
 * the order of keys and unknown keys stay.
 *
 * @param document the file as it was read; absent for a title that has no state file yet.
 * @param name the title's name for people, for the heading of a new file.
 */
export function editState(
  document: Document | undefined,
  name: string,
  before: TitleState,
  after: TitleState,
): string {
  const edited = document?.clone() ?? newDocument(name);
  const root = edited.contents;
  if (!isMap(root)) throw new Error(`the state of ${name} is no map of keys`);
  const wanted = sectionsOf(after);
  if (!document) layOut(edited, root as YAMLMap);
  const [kept, gone] = partition(sectionsOf(before), (key) => key in wanted);
  for (const key of Object.keys(gone)) root.set(key, emptyNode());
  editMap(edited, root as YAMLMap, kept, wanted);
  return edited.toString({ lineWidth: 0 });
}

/** Whether two states say the same. */
export function sameFacts(a: TitleState, b: TitleState): boolean {
  return JSON.stringify(sectionsOf(a)) === JSON.stringify(sectionsOf(b));
}

function newDocument(name: string): Document {
  const document = new Document({ schema: stateFormat });
  document.commentBefore = [
    ' yaml-language-server: $schema=../schemas/state.schema.json',
    ` ${oneLine(name)}: where it stands. PatchBot writes this file; a person may mend it.`,
  ].join('\n');
  return document;
}

/** Gives every section its place, and a blank line before it. */
function layOut(document: Document, root: YAMLMap): void {
  for (const key of sectionOrder) if (!root.has(key)) insert(document, root, key, emptyNode());
  for (const { key } of root.items)
    if (isScalar(key) && sectionOrder.includes(String(key.value))) key.spaceBefore = true;
}

function partition(sections: Section, isIn: (key: string) => boolean): [Section, Section] {
  const entries = Object.entries(sections);
  return [
    Object.fromEntries(entries.filter(([key]) => isIn(key))),
    Object.fromEntries(entries.filter(([key]) => !isIn(key))),
  ];
}

/** A section that says nothing: `hold:`. */
function emptyNode(): Scalar {
  const node = new Scalar(null);
  node.source = '';
  return node;
}

function editMap(document: Document, map: YAMLMap, before: Section, after: Section): void {
  for (const key of Object.keys(before)) if (!(key in after)) map.delete(key);
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    const present = map.get(key, true) as unknown;
    if (typeof value === 'object' && itemKeys[key] !== undefined) {
      const items = listOf(value);
      const node = editItems(document, key, present, listOf(old), items);
      if (node !== present) insert(document, map, key, node);
    } else if (typeof value === 'object') {
      const section = value as Section;
      if (isMap(present)) editMap(document, present as YAMLMap, sectionOf(old), section);
      else insert(document, map, key, sectionNode(document, section));
    } else if (old !== value || present === undefined) {
      const node = leafNode(key, value);
      if (isScalar(present)) {
        if (present.comment) node.comment = present.comment;
        if (present.commentBefore) node.commentBefore = present.commentBefore;
      }
      insert(document, map, key, node);
    }
  }
}

/**
 * The node of a list after a change: items that stay are edited where they are, so that what people wrote
 * in them stays. A single hold is no list; it becomes one when there is a second, and the other way round.
 */
function editItems(
  document: Document,
  key: string,
  present: unknown,
  before: readonly Section[],
  after: readonly Section[],
): unknown {
  const nodes: YAMLMap[] = isSeq(present)
    ? present.items.filter((item) => isMap(item))
    : isMap(present)
      ? [present as YAMLMap]
      : [];
  const idOf = (item: Section) => JSON.stringify((itemKeys[key] ?? []).map((part) => item[part]));
  const edited = after.map((item) => {
    const index = before.findIndex((old) => idOf(old) === idOf(item));
    const node = nodes[index];
    if (!node) return sectionNode(document, item, key === 'older');
    editMap(document, node, before[index] ?? {}, item);
    return node;
  });
  const [only] = edited;
  if (key === 'hold' && edited.length === 1 && only) return only;
  const list = isSeq(present) ? present : new YAMLSeq();
  list.items = edited;
  return list;
}

function listOf(value: Section[string] | undefined): readonly Section[] {
  if (Array.isArray(value)) return value as readonly Section[];
  return typeof value === 'object' ? [value as Section] : [];
}

function sectionOf(value: Section[string] | undefined): Section {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Section) : {};
}

/** Sets a key where it stands, or adds it where the order wants it. */
function insert(document: Document, map: YAMLMap, key: string, node: unknown): void {
  const keyOf = (pair: Pair<unknown, unknown>) =>
    isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
  const existing = map.items.find((pair) => keyOf(pair) === key);
  if (existing) {
    existing.value = node;
    return;
  }
  const rank = sectionOrder.indexOf(key);
  const later = map.items.findIndex(
    (pair) => rank >= 0 && sectionOrder.indexOf(keyOf(pair)) > rank,
  );
  const pair = new Pair(document.createNode(key), node);
  map.items.splice(later < 0 ? map.items.length : later, 0, pair);
}

/** @param inOneLine for what is many lines and read by few: an older package. */
function sectionNode(document: Document, section: Section, inOneLine = false): YAMLMap {
  const map = document.createNode({}) as YAMLMap;
  for (const [key, value] of Object.entries(section))
    map.items.push(
      new Pair(
        document.createNode(key),
        typeof value === 'object' ? sectionNode(document, sectionOf(value)) : leafNode(key, value),
      ),
    );
  map.flow = inOneLine;
  return map;
}

function leafNode(key: string, value: Leaf): Scalar {
  const node = new Scalar(value);
  if (quotedKeys.has(key)) node.type = 'QUOTE_DOUBLE';
  return node;
}
