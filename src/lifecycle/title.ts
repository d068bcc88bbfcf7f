import type { Temporal } from 'temporal-polyfill';
import type { Definition } from './definition.ts';
import type { Freeze } from './freeze.ts';
import type { GateRule, RingCounts } from './gate.ts';
import type { Hold } from './hold.ts';
import type { Keep } from './keep.ts';
import type { Source } from './made-from.ts';
import type { Digest, Package } from './package.ts';
import type { Pin } from './pin.ts';
import type { Rings } from './rings.ts';
import type { Version } from './version.ts';
import type { PromotionWindow } from './window.ts';

/** A title's short name: its file's name in `recipes/titles/` and `state/`, lower case with dashes. */
export type Slug = string & { readonly brand: 'slug' };

/** Reads a slug. @throws RangeError when it isn't lower-case letters, digits and single dashes. */
export function slug(text: string): Slug {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) || text.length > 80)
    throw new RangeError(
      `"${text}" is no title's short name: lower-case letters and digits, with single dashes between them`,
    );
  return text as Slug;
}

/** What the fleet should run of one application, every default filled in. */
export interface Title {
  readonly slug: Slug;
  /** For people: "Google Chrome". */
  readonly name: string;
  /** The AutoPkg recipe or override that builds it. */
  readonly recipe: string;
  /** The Jamf patch title, by display name or configuration id; `none` for what has no patch title. */
  readonly patch: string | 'none';
  /** The Jamf category of its packages. */
  readonly category: string;
  readonly policies: {
    readonly production: string;
    readonly install: string | 'none';
  };
  /** Who tests it, one ring after the other. */
  readonly rings: Rings;
  readonly windows: readonly PromotionWindow[];
  readonly freezes: readonly Freeze[];
  readonly gate: GateRule;
  readonly approval: 'review' | 'auto';
  readonly newer: 'finish' | 'restart';
  /** For how many days a ready version may stand unapproved before a newer one takes its place. */
  readonly patience: number;
  /** Self Service deadlines in days; Jamf refuses 0. */
  readonly deadline: { readonly test: number; readonly production: number };
  /** After how many days of waiting for a patch definition the admins are told each day. */
  readonly escalateAfter: number;
  readonly definitionVersion?: RegExp;
  /** Words that settings and freezes can be given for, in the order in which they count. */
  readonly tags: readonly string[];
  /** What the fleet is kept at, and why. */
  readonly pin?: Pin;
  /** Why nothing moves to test or production at present: one switch for all titles. */
  readonly halt?: string;
  /** How many older packages are kept in Jamf, and for how long. */
  readonly keep: Keep;
  /** Titles of one group are proposed together: one request for all of them that are ready. */
  readonly group?: string;
  /** Where the vendor says what is new; "{version}" in it stands for the version. */
  readonly releaseNotes?: string;
}

/** A package in test, and since when the clock runs. */
export interface Testing {
  readonly package: Package;
  /** The patch definition's version, as Jamf spells it; absent for a title without a patch title. */
  readonly definition?: Version;
  /** The first day of the test, in the configured time zone. */
  readonly since: Temporal.PlainDate;
  /** The first day in each ring that it has entered; absent for a title with a single ring. */
  readonly rings?: ReadonlyMap<string, Temporal.PlainDate>;
}

/** A package that production offers, or offered before. */
export interface Production {
  readonly package: Package;
  readonly definition?: Version;
  /** The first day of the test that it was approved upon; absent for an emergency. */
  readonly tested?: Temporal.PlainDate;
  /** Present when this was an emergency: who, and why. */
  readonly emergency?: { readonly by: string; readonly reason: string };
}

/** A package that isn't in test yet, and the first day on which it waited. */
export interface Waiting {
  readonly version: Version;
  readonly since: Temporal.PlainDate;
}

/** A package that was the newest once. */
export interface Older {
  readonly package: Package;
  /** The day on which a newer one was built. */
  readonly replaced: Temporal.PlainDate;
  /** Since when the fleet was offered it, if it was: only to such a package can one go back. */
  readonly offered?: Temporal.PlainDate;
}

/** What Jamf was last seen to offer the fleet, after PatchBot made it so. */
export interface Offered {
  readonly version: Version;
  readonly definition?: Version;
  readonly digest: Digest;
  readonly since: Temporal.PlainDate;
}

/**
 * Where a title stands: facts only, never phases (design, rule 1). What phase that is, is computed
 * from these, the config and the date.
 */
export interface TitleState {
  /** The newest package that AutoPkg built and Jamf has. */
  readonly package?: Package;
  readonly waiting?: Waiting;
  readonly testing?: Testing;
  /** What must not move: at most one hold a person on the whole title, and on each version. */
  readonly holds?: readonly Hold[];
  /** What the fleet *should* be offered: moved by a merged promotion, or by its revert. */
  readonly production?: Production;
  readonly previous?: Production;
  /**
   * What the fleet *is* offered, as the promote stage last saw it done. When it differs from
   * `production` on main, a person has decided something that Jamf has yet to follow.
   */
  readonly offered?: Offered;
  /** From where else than before packages may come, as a person has accepted in a pull request. */
  readonly accepted?: Source;
  /** Packages that Jamf has still, or had: the newest last. */
  readonly older?: readonly Older[];
}

/** What Jamf says of a title's patch policy. */
export interface PatchPolicyFacts {
  readonly enabled: boolean;
  readonly target?: Version;
  /**
   * The Self Service description. Absent means that Jamf did not say (a read right after a write
   * can leave it out), which is not the same as an empty one.
   */
  readonly description?: string;
  /** How the ring fares, counted by Jamf for the policy's present target. */
  readonly counts?: RingCounts;
}

/** What Jamf says of a title, as far as it was asked. */
export interface JamfFacts {
  /** Absent when it was not asked (nothing new) or there is no patch title. */
  readonly definitions?: readonly Definition[];
  /** The patch policies of the test rings, by the ring's name. */
  readonly rings?: ReadonlyMap<string, PatchPolicyFacts>;
  readonly production?: PatchPolicyFacts;
}

/** The moment a decision is made: the instant and the day, both in the configured time zone. */
export interface Moment {
  readonly now: Temporal.ZonedDateTime;
  readonly today: Temporal.PlainDate;
}

/** The moment of an instant in the configured time zone. */
export function moment(now: Temporal.ZonedDateTime): Moment {
  return { now, today: now.toPlainDate() };
}
