import type { TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** What to do with the package that AutoPkg has on disk. */
export type BuildStep = { readonly reason: string } & (
  | { readonly step: 'keep' }
  /** The package isn't in the state yet: ensure that Jamf has it, and record it. */
  | { readonly step: 'upload' }
  /** The recipe went back to an older version: something for a person to look at. */
  | { readonly step: 'went-back'; readonly version: Version }
);

/**
 * Whether the package that AutoPkg built (now, or in an earlier run that was cut short) is news.
 *
 * Builds are not reproducible: the same version built again has another digest. The package that is
 * in Jamf stays, for it is the one that is tested and approved (design, rule 14).
 */
export function decideBuild(state: TitleState, built: Version, isNew: boolean): BuildStep {
  const text = built.text;
  const newest = state.package?.version;
  // A package that was lost in Jamf comes back by deleting it from the state: whatever AutoPkg has then
  // is uploaded, also a version that stands further down in the file.
  if (!newest && (state.testing || state.production))
    return {
      step: 'upload',
      reason: `${text} is to be in Jamf Pro again: the state has no package`,
    };
  if (sameVersion(built, newest)) return { step: 'keep', reason: `${text} is in Jamf Pro already` };
  const known = [
    state.testing?.package.version,
    state.production?.package.version,
    state.previous?.package.version,
    state.offered?.version,
    ...(state.older ?? []).map((older) => older.package.version),
  ].some((version) => sameVersion(version, built));
  if (known)
    return isNew
      ? {
          step: 'went-back',
          version: built,
          reason: `the recipe built ${text} again, though ${newest?.text} is newer: has the vendor taken that back? If so, hold it`,
        }
      : { step: 'keep', reason: `${text} was in Jamf Pro before` };
  return {
    step: 'upload',
    reason: isNew ? `${text} is new` : `${text} was built by an earlier run, but not recorded`,
  };
}
