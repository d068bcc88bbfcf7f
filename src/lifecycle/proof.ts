import type { Temporal } from 'temporal-polyfill';
import { dayOff } from './freeze.ts';
import { ringProgress, soakedThrough } from './rings.ts';
import type { SoakProgress } from './soak.ts';
import type { Offered, Production, Title, TitleState } from './title.ts';
import { sameVersion } from './version.ts';

/**
 * What speaks for offering a package to the fleet: it was offered before, it has soaked in full, or it
 * still soaks. `none`: no test of this very package is on record, so somebody wrote it into production by
 * hand.
 */
export type Proof =
  | { readonly proof: 'offered before' }
  | { readonly proof: 'soaked'; readonly since: Temporal.PlainDate }
  | { readonly proof: 'soaking'; readonly progress: SoakProgress }
  | { readonly proof: 'none' };

/** Looks for the test of exactly this package: the digest counts, not the version (design, rule 3). */
export function proofOf(
  title: Title,
  production: Production,
  state: TitleState,
  today: Temporal.PlainDate,
): Proof {
  const { digest, version } = production.package;
  if (wasOffered(production, state)) return { proof: 'offered before' };
  const { testing } = state;
  const isOff = dayOff(title.freezes);
  if (testing?.package.digest === digest) {
    const { soak, next } = ringProgress(title.rings, testing, today, isOff);
    return soak.over && !next
      ? { proof: 'soaked', since: soak.until }
      : { proof: 'soaking', progress: soak };
  }
  // The same version with another digest was tested: that is another package.
  if (testing?.package.version.text === version.text || !production.tested)
    return { proof: 'none' };
  const until = soakedThrough(title.rings, production.tested, isOff);
  const over = until.toString() <= today.toString();
  const last = title.rings.at(-1) ?? title.rings[0];
  return over
    ? { proof: 'soaked', since: until }
    : { proof: 'soaking', progress: { over, until, done: 0, of: last.soak } };
}

/** Whether the fleet was offered exactly this package before, so that one can go back to it. */
export function wasOffered(production: Production, { older }: TitleState): boolean {
  return Boolean(
    older?.some((one) => one.offered && one.package.digest === production.package.digest),
  );
}

/** Whether Jamf was already made to offer exactly this package. */
export function isOffered(production: Production, offered: Offered | undefined): boolean {
  return (
    offered !== undefined &&
    sameVersion(production.package.version, offered.version) &&
    production.package.digest === offered.digest
  );
}
