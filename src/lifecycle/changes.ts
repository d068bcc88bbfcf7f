import type { Temporal } from 'temporal-polyfill';
import type { Definition } from './definition.ts';
import { type Hold, holdText } from './hold.ts';
import { eitherOf, type Source } from './made-from.ts';
import type { Package } from './package.ts';
import type { Production, TitleState } from './title.ts';
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

/** A new package is in Jamf; until it is in test it waits, and that is counted from today. */
export function recordPackage(built: Package, today: Temporal.PlainDate): Change {
  return (state) => ({
    ...state,
    package: built,
    waiting: sameVersion(state.waiting?.version, built.version)
      ? (state.waiting ?? { version: built.version, since: today })
      : { version: built.version, since: today },
  });
}

/** The package is offered to the testers; its clock starts today. */
export function startTest(
  tested: Package,
  definition: Definition | undefined,
  today: Temporal.PlainDate,
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
      },
    };
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

/** Jamf was made to offer what main says, as of today. */
export function recordOffered(production: Production, today: Temporal.PlainDate): Change {
  return (state) => ({
    ...state,
    offered: {
      version: production.package.version,
      ...(production.definition && { definition: production.definition }),
      digest: production.package.digest,
      since: today,
    },
  });
}

/** Jamf was made to offer nothing. */
export function recordWithdrawn(): Change {
  return (state) => without(state, 'offered');
}

/**
 * Places a hold. The newest reason for the same version (or the whole title) replaces the older one;
 * a hold on a version that is neither built nor in test any more makes room; otherwise nothing that
 * somebody stopped gets free: holds on two versions become one on the whole title, with both reasons.
 */
export function placeHold(hold: Hold): Change {
  return (state) => {
    const before = state.hold;
    if (!before || isStale(before, state) || sameScope(before, hold) || !hold.version)
      return { ...state, hold };
    return {
      ...state,
      hold: {
        reason: `${hold.version.text} ${holdText(hold)}; before that, ${before.version?.text ?? 'the whole title'} was ${holdText(before)}`,
        by: hold.by,
        since: hold.since,
      },
    };
  };
}

/** Lifts the hold, whatever its scope. */
export function releaseHold(): Change {
  return (state) => without(state, 'hold');
}

/** What merging the request of a broken chain of custody accepts: packages may come from there, too. */
export function acceptSource(source: Source): Change {
  return (state) => ({ ...state, accepted: eitherOf(state.accepted, source) });
}

function sameScope(a: Hold, b: Hold): boolean {
  return a.version ? sameVersion(a.version, b.version) : !b.version;
}

/** Whether a hold is on a version that is nowhere any more: it stops nothing, and makes room for a newer one. */
export function isStale(hold: Hold, state: TitleState): boolean {
  const held: Version | undefined = hold.version;
  if (!held) return false;
  const known = [
    state.package?.version,
    state.testing?.package.version,
    state.production?.package.version,
    state.offered?.version,
  ];
  return !known.some((version) => sameVersion(version, held));
}
