import type { Temporal } from 'temporal-polyfill';
import type { Definition } from './definition.ts';
import type { Freeze } from './freeze.ts';
import type { Hold } from './hold.ts';
import type { Package } from './package.ts';
import type { Pin } from './pin.ts';
import type { Ring } from './rings.ts';
import type { SoakProgress } from './soak.ts';
import type { Production, Testing } from './title.ts';
import type { Version } from './version.ts';

/**
 * What to do next with a title, or what it waits for. Every step says why, in words that a person
 * on call understands without this code.
 */
export type Step = { readonly reason: string } & (
  | { readonly step: 'idle' }
  /** There is a new package, and Jamf hasn't been asked yet for its patch definition. */
  | { readonly step: 'look-up-definition'; readonly version: Version }
  | {
      readonly step: 'wait-for-definition';
      readonly version: Version;
      readonly since: Temporal.PlainDate;
      /** It has waited so long that the admins should be told each day. */
      readonly overdue: boolean;
    }
  | {
      readonly step: 'definition-ambiguous';
      readonly version: Version;
      readonly candidates: readonly Definition[];
    }
  | { readonly step: 'wait-its-turn'; readonly version: Version; readonly behind: Version }
  | {
      readonly step: 'start-test';
      readonly package: Package;
      /** Absent for a title without a patch title. */
      readonly definition?: Definition;
      /** The version whose place in test it takes, before that one reached production. */
      readonly instead?: Version;
    }
  /** Its soak in a ring is over, and there is a wider one. */
  | { readonly step: 'enter-ring'; readonly testing: Testing; readonly ring: Ring }
  | { readonly step: 'soak'; readonly version: Version; readonly progress: SoakProgress }
  | { readonly step: 'held'; readonly version: Version; readonly hold: Hold }
  /** A person stopped it in Jamf itself; the hold is not in the state yet. */
  | {
      readonly step: 'held-in-jamf';
      readonly version: Version;
      readonly sign: JamfHoldSign;
      /** The ring whose patch policy shows it. */
      readonly ring: string;
    }
  /** Everything stands still, by "halt" in patchbot.yaml. */
  | { readonly step: 'halted'; readonly version: Version }
  | { readonly step: 'pinned'; readonly version: Version; readonly pin: Pin }
  | { readonly step: 'gate-red'; readonly version: Version }
  | { readonly step: 'gate-unknown'; readonly version: Version }
  | { readonly step: 'frozen'; readonly version: Version; readonly freeze: Freeze }
  | { readonly step: 'propose'; readonly testing: Testing; readonly progress: SoakProgress }
  | {
      readonly step: 'wait-for-window';
      readonly version: Version;
      readonly opens?: Temporal.ZonedDateTime;
    }
  /** Enough other titles were promoted today. */
  | { readonly step: 'over-limit'; readonly version: Version; readonly limit: number }
  /** Main wants in production what no test is on record for: somebody wrote it there by hand. */
  | { readonly step: 'untested'; readonly version: Version }
  | { readonly step: 'promote'; readonly production: Production; readonly from?: Version }
  | { readonly step: 'roll-back'; readonly production: Production; readonly from: Version }
  /** The very first promotion was reverted: there is nothing older to go back to. */
  | { readonly step: 'withdraw'; readonly from: Version }
  /** Jamf no longer offers what PatchBot made it offer: somebody changed it there. */
  | { readonly step: 'drifted'; readonly version: Version }
);

/** How a person shows in Jamf that a version in test must not move (design, rule 7). */
export type JamfHoldSign = 'test policy disabled' | 'description cleared';

/** One of the steps, by its name. */
export type StepOf<Name extends Step['step']> = Extract<Step, { readonly step: Name }>;
