import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Definition } from '../../src/lifecycle/definition.ts';
import { digest, type Package, packageId } from '../../src/lifecycle/package.ts';
import type { Rings } from '../../src/lifecycle/rings.ts';
import type { Soak } from '../../src/lifecycle/soak.ts';
import {
  type JamfFacts,
  type Moment,
  moment,
  type PatchPolicyFacts,
  slug,
  type Testing,
  type Title,
} from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import type { PromotionWindow, Weekday } from '../../src/lifecycle/window.ts';

/** The time zone of the examples: it has daylight saving, on 2026-03-29 and 2026-10-25. */
export const zone = 'Europe/Zurich';

/** A day: "2026-11-23", a Monday. */
export const day = (text: string) => Temporal.PlainDate.from(text);

/** A moment on the wall clock of the examples' time zone: "2026-11-23 09:00". */
export function at(text: string): Moment {
  const [date, time = '09:00'] = text.split(' ');
  return moment(Temporal.ZonedDateTime.from(`${date}T${time}[${zone}]`));
}

/** Windows of the same hours on several weekdays; Monday is 1. */
export function windows(weekdays: readonly Weekday[], from = '00:00', to?: string) {
  return weekdays.map(
    (weekday): PromotionWindow => ({
      weekday,
      from: Temporal.PlainTime.from(from),
      ...(to !== undefined && { to: Temporal.PlainTime.from(to) }),
    }),
  );
}

/** The one ring of the usual title, with its soak. */
export function oneRing(soak: Soak): Rings {
  return [{ name: 'test', soak, policy: 'Firefox Test' }];
}

/** What Jamf says when the patch policy of that one ring is so. */
export function ringOf(policy: PatchPolicyFacts): JamfFacts {
  return { rings: new Map([['test', policy]]) };
}

/** Firefox, with what a test wants to be different. */
export function firefox(different: Partial<Title> = {}): Title {
  return {
    slug: slug('firefox'),
    name: 'Firefox',
    recipe: 'Firefox.pkg',
    patch: 'Mozilla Firefox',
    category: 'Browsers',
    policies: { production: 'Firefox Stable', install: 'Install Firefox' },
    rings: oneRing({ days: 7, kind: 'days' }),
    windows: windows([1, 2, 3, 4], '08:00', '16:00'),
    freezes: [],
    gate: { installs: 0 },
    approval: 'review',
    newer: 'finish',
    patience: 14,
    deadline: { test: 3, production: 7 },
    escalateAfter: 3,
    tags: [],
    keep: { versions: 3, days: 30 },
    ...different,
  };
}

/** The package of a version: the same for the same text, another for another `build`. */
export function built(text: string, build = 1): Package {
  const hash = createHash('sha3-512').update(`${text} ${build}`).digest('hex');
  return {
    version: version(text),
    file: `Firefox-${text}.pkg`,
    size: 1000,
    digest: digest(hash),
    jamfId: packageId(hash.slice(0, 6)),
  };
}

/** A version in test since a day. */
export function inTest(text: string, since: string): Testing {
  return { package: built(text), definition: version(text), since: day(since) };
}

/** Patch definitions, newest first, released a day apart. */
export function definitions(...texts: string[]): Definition[] {
  return texts.map((text, index) => ({
    version: version(text),
    releaseDate: `${day('2026-11-20').subtract({ days: index })} 12:00:00`,
    absoluteOrderId: index,
  }));
}
