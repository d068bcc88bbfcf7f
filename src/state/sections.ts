import type { Hold } from '../lifecycle/hold.ts';
import type { Offered, Older, Production, Testing, TitleState } from '../lifecycle/title.ts';
import { acceptedSection, madeFromSection } from './made-from.ts';

/** A single value in a state file. */
export type Leaf = string | number;

/** A part of a state file: keys with values, parts of their own, or lists of such parts. */
export type Section = { readonly [key: string]: Leaf | Section | readonly Section[] };

/** Keys whose values YAML might take for numbers, and that are quoted always so that they all look alike. */
export const quotedKeys: ReadonlySet<string> = new Set(['version', 'definition', 'jamf-id']);

/**
 * The sections of a state file, in their order. A new file has them all, the empty ones too, with a
 * blank line before each: git merges and reverts changes of two sections only when an unchanged line lies
 * between them, and people place holds and revert promotions while PatchBot writes.
 */
export const sectionOrder: readonly string[] = [
  'package',
  'waiting',
  'testing',
  'hold',
  'production',
  'previous',
  'offered',
  'accepted',
  'older',
];

/** By what an item of a list is known when it has changed: a hold by who holds what, a package by its digest. */
export const itemKeys: Readonly<Record<string, readonly string[]>> = {
  hold: ['version', 'by'],
  older: ['sha3-512'],
};

/** The facts as the file writes them. */
export function sectionsOf(state: TitleState): Section {
  const {
    package: built,
    waiting,
    testing,
    holds,
    production,
    previous,
    offered,
    accepted,
    older,
  } = state;
  const [hold, ...otherHolds] = (holds ?? []).map(holdSection);
  return {
    ...(built && { package: packageSection(built) }),
    ...(waiting && {
      waiting: { version: waiting.version.text, since: waiting.since.toString() },
    }),
    ...(testing && { testing: testingSection(testing) }),
    // One hold, as there mostly is, stands there without the dash of a list.
    ...(hold && { hold: otherHolds.length > 0 ? [hold, ...otherHolds] : hold }),
    ...(production && { production: productionSection(production) }),
    ...(previous && { previous: productionSection(previous) }),
    ...(offered && { offered: offeredSection(offered) }),
    ...(accepted && { accepted: acceptedSection(accepted) }),
    ...(older && { older: older.map(olderSection) }),
  };
}

function holdSection(hold: Hold): Section {
  return {
    ...(hold.version && { version: hold.version.text }),
    reason: hold.reason,
    by: hold.by,
    since: hold.since.toString(),
    ...(hold.until && { until: hold.until.toString() }),
  };
}

function olderSection(older: Older): Section {
  return {
    ...packageSection(older.package),
    replaced: older.replaced.toString(),
    ...(older.offered && { offered: older.offered.toString() }),
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
    ...(testing.rings && {
      rings: Object.fromEntries([...testing.rings].map(([name, day]) => [name, day.toString()])),
    }),
  };
}

function productionSection(production: Production): Section {
  return {
    ...packageSection(production.package, production.definition),
    ...(production.tested && { tested: production.tested.toString() }),
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
