import type { Temporal } from 'temporal-polyfill';
import type { Definition } from './definition.ts';
import { type Hold, hasEnded, inPlay, sameHold } from './hold.ts';
import { eitherOf, type Source } from './made-from.ts';
import type { Package } from './package.ts';
import type { Ring, Rings } from './rings.ts';
import type { Older, Production, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/**
 * A change to where a title stands: a function, so that it can be made again on a newer state when
 * somebody else (a person placing a hold, another stage) was faster.
 */
export type Change = (state: TitleState) => TitleState;

/** The state without some of its facts. */
function without<Key extends keyof TitleState>(
  state: TitleState,
  ...keys: Key[]
): Omit<TitleState, Key> & TitleState {
  const rest = { ...state };
  for (const key of keys) delete rest[key];
  return rest;
}

/**
 * A new package is in Jamf; until it is in test it waits, and that is counted from today. The one that
 * was the newest is remembered among the older ones.
 */
export function recordPackage(built: Package, today: Temporal.PlainDate): Change {
  return (state) => {
    const waiting =
      state.waiting && sameVersion(state.waiting.version, built.version)
        ? state.waiting
        : { version: built.version, since: today };
    const before = state.package;
    if (!before || before.digest === built.digest) return { ...state, package: built, waiting };
    const offered = state.offered?.digest === before.digest ? state.offered.since : undefined;
    return withOlder(
      { ...state, package: built, waiting },
      { package: before, replaced: today, ...(offered && { offered }) },
    );
  };
}

/**
 * The package is offered to the testers of the first ring; its clock starts today. The ring is written
 * down where the title has several, so that the file of the usual title stays short.
 */
export function startTest(
  tested: Package,
  definition: Definition | undefined,
  today: Temporal.PlainDate,
  rings?: Rings,
): Change {
  return (state) => {
    const rest = sameVersion(state.waiting?.version, tested.version)
      ? without(state, 'waiting')
      : state;
    return {
      ...rest,
      testing: {
        package: tested,
        ...(definition && { definition: definition.version }),
        since: today,
        ...(rings && rings.length > 1 && { rings: new Map([[rings[0].name, today]]) }),
      },
    };
  };
}

/** The version in test is offered to the next ring as well; the clock of that ring starts today. */
export function enterRing(
  tested: Version,
  ring: Ring,
  rings: Rings,
  today: Temporal.PlainDate,
): Change {
  return (state) => {
    const { testing } = state;
    // Another version has taken its place meanwhile: that one begins in the first ring.
    if (!testing || !sameVersion(testing.package.version, tested)) return state;
    const before = testing.rings ?? new Map([[rings[0].name, testing.since]]);
    if (before.has(ring.name)) return state;
    return { ...state, testing: { ...testing, rings: new Map([...before, [ring.name, today]]) } };
  };
}

/**
 * What merging a promotion request approves: exactly this package becomes what the fleet should be
 * offered, and what it was offered is remembered. `testing` stays as the fact that it is: so the
 * request's diff touches nothing that moves on before somebody wants to revert it.
 *
 * An emergency that jumps the queue ends the test of the version it overtakes: that one must not be
 * proposed afterwards, as if it were newer.
 */
export function approve(production: Production): Change {
  return (state) => {
    const { version } = production.package;
    if (sameVersion(state.production?.package.version, version)) return { ...state, production };
    const overtaken = production.emergency && !sameVersion(state.testing?.package.version, version);
    const waited = sameVersion(state.waiting?.version, version);
    const rest = without(
      state,
      ...(overtaken ? (['testing'] as const) : []),
      ...(waited ? (['waiting'] as const) : []),
    );
    return {
      ...rest,
      production,
      ...(state.production && { previous: state.production }),
    };
  };
}

/**
 * What taking a promotion back means: production is again what it was before, or nothing. Nothing changes
 * when production is no longer that version.
 */
export function takeBack(from: Version): Change {
  return (state) => {
    if (!sameVersion(state.production?.package.version, from)) return state;
    const rest = without(state, 'production', 'previous');
    return state.previous ? { ...rest, production: state.previous } : rest;
  };
}

/**
 * Jamf was made to offer what main says, as of today. What it offered before is remembered as such: to
 * that the fleet can go back.
 */
export function recordOffered(production: Production, today: Temporal.PlainDate): Change {
  return (state) => {
    const after = {
      ...state,
      offered: {
        version: production.package.version,
        ...(production.definition && { definition: production.definition }),
        digest: production.package.digest,
        since: today,
      },
    };
    const before = state.offered;
    if (!before || before.digest === production.package.digest) return after;
    const known = [
      ...(state.older ?? []).map((one) => one.package),
      state.production?.package,
      state.previous?.package,
    ].find((one) => one?.digest === before.digest);
    // The newest package is moved to the older ones when there is a newer one, not now.
    if (!known || known.digest === state.package?.digest) return after;
    return withOlder(after, { package: known, replaced: today, offered: before.since });
  };
}

/** Jamf was made to offer nothing. */
export function recordWithdrawn(): Change {
  return (state) => without(state, 'offered');
}

/** Packages were deleted from Jamf: the state speaks of them no more. */
export function forgetPackages(deleted: readonly Package[]): Change {
  return (state) => {
    const older = (state.older ?? []).filter(
      (one) => !deleted.some(({ digest }) => digest === one.package.digest),
    );
    const rest = without(state, 'older');
    return older.length > 0 ? { ...rest, older } : rest;
  };
}

/** Adds an older package, or what is now known of one that is there. */
function withOlder(state: TitleState, added: Older): TitleState {
  // What it was made from is no longer asked; it would be half of the file.
  const { madeFrom: _, ...bare } = added.package;
  const one: Older = { ...added, package: bare };
  const before = state.older ?? [];
  const there = before.find(({ package: its }) => its.digest === one.package.digest);
  if (!there) return { ...state, older: [...before, one] };
  const offered = there.offered ?? one.offered;
  const merged: Older = { ...there, ...(offered && { offered }) };
  return { ...state, older: before.map((each) => (each === there ? merged : each)) };
}

/**
 * Places a hold. What a person says of a version (or of the whole title) takes the place of what they said of
 * it before; what others have said stays, so that nobody's hold ends by somebody else's shorter one.
 */
export function placeHold(hold: Hold): Change {
  return (state) => {
    const before = state.holds ?? [];
    const there = before.some((one) => sameHold(one, hold));
    return {
      ...state,
      holds: there ? before.map((one) => (sameHold(one, hold) ? hold : one)) : [...before, hold],
    };
  };
}

/**
 * Lifts the hold on a version. When none is named, lifts all that stops the title now; the no to a version
 * that is long gone stays, as nobody has spoken of that one.
 */
export function releaseHold(version?: Version): Change {
  return keepHolds((hold, state) =>
    version ? !sameVersion(hold.version, version) : !inPlay(hold, state),
  );
}

/** What merging the request of a broken chain of custody accepts: packages may come from there, too. */
export function acceptSource(source: Source): Change {
  return (state) => ({ ...state, accepted: eitherOf(state.accepted, source) });
}

/** Takes out the holds whose last day is over. */
export function endHolds(today: Temporal.PlainDate): Change {
  return keepHolds((hold) => !hasEnded(hold, today));
}

function keepHolds(stays: (hold: Hold, state: TitleState) => boolean): Change {
  return (state) => {
    const holds = (state.holds ?? []).filter((hold) => stays(hold, state));
    const rest = without(state, 'holds');
    return holds.length > 0 ? { ...rest, holds } : rest;
  };
}
