import { Temporal } from 'temporal-polyfill';
import type { Package, PackageId } from './package.ts';
import type { Older, Title, TitleState } from './title.ts';

/** What is to become of an older package, and why. */
export interface Cleanup {
  readonly package: Package;
  /** `delete` from Jamf; `forget` in the state alone, as Jamf no longer has it. */
  readonly fate: 'keep' | 'delete' | 'forget';
  readonly reason: string;
}

/** What Jamf says of its packages, asked before anything is deleted. */
export interface PackageUse {
  /** Packages that Jamf still has: id to digest, or to `undefined` where Jamf does not say one. */
  readonly there: ReadonlyMap<PackageId, Package['digest'] | undefined>;
  /**
   * What in Jamf names a package, in words: policies, patch titles, PreStages. A package that is not in
   * here is named by nothing; so it must be complete, or nothing may be deleted.
   */
  readonly usedBy: ReadonlyMap<PackageId, readonly string[]>;
}

/**
 * Which of the packages that PatchBot uploaded and has replaced since may be deleted from Jamf. Never
 * one that the state still speaks of (the newest, in test, in production, what production was before:
 * a rollback needs it), never one that Jamf uses anywhere, and none before so many newer ones and so many
 * days as the title's `keep` says.
 */
export function decideCleanup(
  title: Title,
  state: TitleState,
  use: PackageUse,
  today: Temporal.PlainDate,
): readonly Cleanup[] {
  const older = (state.older ?? []).toSorted((a, b) =>
    Temporal.PlainDate.compare(b.replaced, a.replaced),
  );
  return older.map((one, index) => ({
    package: one.package,
    ...fateOf(title, state, use, today, one, index),
  }));
}

function fateOf(
  title: Title,
  state: TitleState,
  use: PackageUse,
  today: Temporal.PlainDate,
  { package: its, replaced }: Older,
  newerOnes: number,
): Pick<Cleanup, 'fate' | 'reason'> {
  const keep = (reason: string) => ({ fate: 'keep', reason }) as const;
  const named = namedAs(its, state);
  if (named) return keep(`it is ${named}`);
  if (!use.there.has(its.jamfId)) return { fate: 'forget', reason: 'Jamf Pro no longer has it' };
  const users = use.usedBy.get(its.jamfId) ?? [];
  if (users.length > 0) return keep(`Jamf Pro uses it in ${users.join(', ')}`);
  const digest = use.there.get(its.jamfId);
  if (digest !== its.digest)
    return keep('its file in Jamf Pro is not the one that was uploaded, or Jamf Pro does not say');
  const { versions, days } = title.keep;
  if (newerOnes < versions) return keep(`it is among the ${versions} that are kept`);
  const until = replaced.add({ days });
  if (Temporal.PlainDate.compare(today, until) < 0) return keep(`it is kept until ${until}`);
  return { fate: 'delete', reason: `it was replaced on ${replaced}, and nothing needs it` };
}

/** As what the state speaks of a package, by its record or its content: either makes it indispensable. */
function namedAs(its: Package, state: TitleState): string | undefined {
  const is = (other: Package | undefined) =>
    other !== undefined && (other.jamfId === its.jamfId || other.digest === its.digest);
  if (is(state.package)) return 'the newest';
  if (is(state.testing?.package)) return 'in test';
  if (is(state.production?.package)) return 'in production';
  if (is(state.previous?.package)) return 'what production was before';
  return state.offered?.digest === its.digest ? 'what the fleet is offered' : undefined;
}
