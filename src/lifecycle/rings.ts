import type { Temporal } from 'temporal-polyfill';
import { type IsDayOff, type Soak, type SoakProgress, soakProgress, soakText } from './soak.ts';
import type { Testing } from './title.ts';

/** A group of Macs that tests a version, and how long it does. */
export interface Ring {
  /** "test", "pilot", "early". */
  readonly name: string;
  readonly soak: Soak;
  /** The name of its patch policy in Jamf, whose scope a person has set. */
  readonly policy: string;
}

/** The rings of a title in their order; most titles have one, "test". */
export type Rings = readonly [Ring, ...Ring[]];

/** Where a version is among the rings of its title. */
export interface RingProgress {
  /** The widest ring that it has entered. */
  readonly ring: Ring;
  /** The soak in that ring. */
  readonly soak: SoakProgress;
  /** The ring that comes after it; absent in the last one. */
  readonly next?: Ring;
}

/**
 * Where the version in test is among the rings. What counts is which rings it has entered, by name: a
 * ring that was taken out of the configuration meanwhile counts no more, one that was put in has yet to
 * be entered.
 */
export function ringProgress(
  rings: Rings,
  testing: Testing,
  today: Temporal.PlainDate,
  isDayOff: IsDayOff,
): RingProgress {
  const entered = rings.findLastIndex(({ name }) => testing.rings?.has(name));
  const index = Math.max(entered, 0);
  const ring = rings[index] ?? rings[0];
  const since = testing.rings?.get(ring.name) ?? testing.since;
  const next = rings[index + 1];
  return {
    ring,
    soak: soakProgress(ring.soak, since, today, isDayOff),
    ...(next && { next }),
  };
}

/** The rings that a version in test has entered; the first always. */
export function enteredRings(rings: Rings, testing: Testing): readonly Ring[] {
  const [first, ...others] = rings;
  return [first, ...others.filter(({ name }) => testing.rings?.has(name))];
}

/** The first day on which a version that is in test since a day can have been through all rings. */
export function soakedThrough(
  rings: Rings,
  since: Temporal.PlainDate,
  isDayOff: IsDayOff,
): Temporal.PlainDate {
  return rings.reduce((day, { soak }) => soakProgress(soak, day, day, isDayOff).until, since);
}

/** How long a version is in test in all, as people write it: "7 days", "pilot 2 days, early 5 days". */
export function ringsText(rings: Rings): string {
  if (rings.length === 1) return soakText(rings[0].soak);
  return rings.map(({ name, soak }) => `${name} ${soakText(soak)}`).join(', ');
}
