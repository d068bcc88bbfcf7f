import { eitherOf, type MadeFrom, nobody, type Source, sourceOf } from './made-from.ts';
import type { Package } from './package.ts';
import type { TitleState } from './title.ts';

/**
 * Whether a package's chain of custody holds: it comes from where the packages before it came from, or from
 * where a person has accepted that it comes. `first`: there is nothing to compare it with.
 */
export type Custody =
  | { readonly custody: 'holds' }
  | { readonly custody: 'first' }
  | { readonly custody: 'broken'; readonly reason: string };

/** Judges a package that was just made, before it goes anywhere. */
export function judgeBuilt(state: TitleState, madeFrom: MadeFrom): Custody {
  return judge(madeFrom, known(state), state.accepted);
}

/**
 * Judges a package that is about to be offered to the fleet, from the facts on main: what it was made
 * from must still be written there as it was recorded, must be what Jamf has, and must come from where
 * the fleet's packages have come from.
 */
export function judgeApproved(state: TitleState, approved: Package): Custody {
  const { madeFrom } = approved;
  const recorded = [state.package, state.testing?.package].find(
    (one) => one?.digest === approved.digest,
  );
  if (!madeFrom) {
    if (!known(state)) return { custody: 'first' };
    return broken('it is not known what it was made from, though that is known of the others');
  }
  if (recorded && JSON.stringify(recorded.madeFrom) !== JSON.stringify(madeFrom))
    return broken('what it was made from is written otherwise under "production:"');
  if (madeFrom.storedDigest && madeFrom.storedDigest !== approved.digest)
    return broken('Jamf Pro has stored another file than the one that was uploaded');
  return judge(madeFrom, offeredBefore(state, approved), state.accepted);
}

/** What the newest package was made from. */
function known(state: TitleState): MadeFrom | undefined {
  return [state.package, state.testing?.package, state.production?.package].find(
    (one) => one?.madeFrom,
  )?.madeFrom;
}

/** What the package was made from that the fleet had before this one. */
function offeredBefore(state: TitleState, approved: Package): MadeFrom | undefined {
  const { previous, production } = state;
  return [previous?.package, production?.package].find(
    (one) => one?.madeFrom && one.digest !== approved.digest,
  )?.madeFrom;
}

function judge(
  madeFrom: MadeFrom,
  before: MadeFrom | undefined,
  accepted: Source | undefined,
): Custody {
  if (!before) return { custody: 'first' };
  const is = sourceOf(madeFrom);
  const was = sourceOf(before);
  const allowed = eitherOf(accepted, was);
  const reasons: string[] = [];
  const origins = is.origins.filter((origin) => !allowed.origins.includes(origin));
  if (origins.length > 0)
    reasons.push(`it was downloaded from ${list(origins)}, before from ${list(was.origins)}`);
  const signers = is.signers.filter((signer) => !allowed.signers.includes(signer));
  const wasUnsigned = was.signers.every((signer) => signer === nobody);
  if (signers.length > 0 && !wasUnsigned)
    reasons.push(`it is signed by ${list(signers)}, before by ${list(was.signers)}`);
  return reasons.length === 0 ? { custody: 'holds' } : broken(reasons.join('; '));
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'nowhere' : texts.join(' and ');
}

function broken(reason: string): Custody {
  return { custody: 'broken', reason };
}
