import { Document, isMap, isScalar, Pair, Scalar, type YAMLMap } from 'yaml';
import type { Offered, Production, Testing, TitleState } from '../lifecycle/title.ts';
import { oneLine } from '../text/one-line.ts';
import { acceptedSection, madeFromSection } from './made-from.ts';
import { stateFormat } from './schema.ts';

type Leaf = string | number;
type Section = { readonly [key: string]: Leaf | Section };
type Sections = { readonly [key: string]: Section };

/**
 * The sections of a state file, in their order. A new file has them all, the empty ones too, with a
 * blank line before each: git merges and reverts changes of two sections only when an unchanged line lies
 * between them, and people place holds and revert promotions while PatchBot writes.
 */
const sectionOrder = [
  'package',
  'waiting',
  'testing',
  'hold',
  'production',
  'previous',
  'offered',
  'accepted',
];

/** Values that YAML might take for numbers, and that are quoted always so that they all look alike. */
const quotedKeys = new Set(['version', 'definition', 'jamf-id']);

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

function partition(sections: Sections, isIn: (key: string) => boolean): [Sections, Sections] {
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
    if (typeof value === 'object') {
      if (isMap(present))
        editMap(document, present as YAMLMap, typeof old === 'object' ? old : {}, value);
      else insert(document, map, key, sectionNode(document, value));
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

function sectionNode(document: Document, section: Section): YAMLMap {
  const map = document.createNode({}) as YAMLMap;
  for (const [key, value] of Object.entries(section))
    map.items.push(
      new Pair(
        document.createNode(key),
        typeof value === 'object' ? sectionNode(document, value) : leafNode(key, value),
      ),
    );
  map.flow = false;
  return map;
}

function leafNode(key: string, value: Leaf): Scalar {
  const node = new Scalar(value);
  if (quotedKeys.has(key)) node.type = 'QUOTE_DOUBLE';
  return node;
}

/** The facts as the file writes them. */
function sectionsOf(state: TitleState): Sections {
  const { package: built, waiting, testing, hold, production, previous, offered, accepted } = state;
  return {
    ...(built && { package: packageSection(built) }),
    ...(waiting && {
      waiting: { version: waiting.version.text, since: waiting.since.toString() },
    }),
    ...(testing && { testing: testingSection(testing) }),
    ...(hold && {
      hold: {
        ...(hold.version && { version: hold.version.text }),
        reason: hold.reason,
        by: hold.by,
        since: hold.since.toString(),
        ...(hold.until && { until: hold.until.toString() }),
      },
    }),
    ...(production && { production: productionSection(production) }),
    ...(previous && { previous: productionSection(previous) }),
    ...(offered && { offered: offeredSection(offered) }),
    ...(accepted && { accepted: acceptedSection(accepted) }),
  };
}

function packageSection(of: Production['package'], definition?: Testing['definition']): Section {
  return {
    version: of.version.text,
    ...(definition && { definition: definition.text }),
    file: of.file,
    size: of.size,
    'sha3-512': of.digest,
    'jamf-id': of.jamfId,
    ...(of.madeFrom && { 'made-from': madeFromSection(of.madeFrom) }),
  };
}

function testingSection(testing: Testing): Section {
  return {
    ...packageSection(testing.package, testing.definition),
    since: testing.since.toString(),
  };
}

function productionSection(production: Production): Section {
  return {
    ...packageSection(production.package, production.definition),
    ...(production.emergency && { emergency: { ...production.emergency } }),
  };
}

function offeredSection(offered: Offered): Section {
  return {
    version: offered.version.text,
    ...(offered.definition && { definition: offered.definition.text }),
    'sha3-512': offered.digest,
    since: offered.since.toString(),
  };
}
