import { definition, definitionOf } from './definition.ts';
import type { Package } from './package.ts';
import { proposedProduction } from './proposing.ts';
import type { Production, Title, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** What a change of a title's state would mean for production, were it merged. */
export type Approval =
  | { readonly approves: 'nothing' }
  /** What is in test. */
  | { readonly approves: 'tested'; readonly version: Version }
  /** The newest package, or the one in test, by somebody who says why. */
  | { readonly approves: 'emergency'; readonly version: Version; readonly by: string }
  /** What production was before: the rollback. */
  | { readonly approves: 'previous'; readonly version: Version }
  /** That nothing is offered any more: the very first promotion is taken back. */
  | { readonly approves: 'withdrawal'; readonly version: Version }
  /** Something that PatchBot would never propose. */
  | { readonly approves: 'something else'; readonly reason: string };

/**
 * Reads off two states of a title what merging the second would approve. Exactly what was tested is
 * what may be promoted (design, rule 3): the same version of another package is something else.
 */
export function approvalOf(
  title: Pick<Title, 'definitionVersion'>,
  before: TitleState,
  after: TitleState,
): Approval {
  const { production } = after;
  if (!production)
    return before.production
      ? { approves: 'withdrawal', version: before.production.package.version }
      : { approves: 'nothing' };
  if (before.production && sameProduction(production, before.production))
    return { approves: 'nothing' };

  const { version } = production.package;
  if (production.emergency) return emergencyApproval(title, before, production);
  if (before.testing && sameProduction(production, proposedProduction(before.testing)))
    return { approves: 'tested', version };
  if (before.previous && sameProduction(production, before.previous))
    return { approves: 'previous', version };
  return {
    approves: 'something else',
    reason: `production would be ${version.text} (${production.package.file}), which is neither the package in test${inWords(before.testing?.package)} nor what production was before${inWords(before.previous?.package)}`,
  };
}

function emergencyApproval(
  title: Pick<Title, 'definitionVersion'>,
  before: TitleState,
  production: Production,
): Approval {
  const { package: approved, definition: offeredBy, emergency } = production;
  const { version } = approved;
  const candidates = [before.package, before.testing?.package];
  if (!candidates.some((one) => one && samePackage(one, approved)))
    return {
      approves: 'something else',
      reason: `an emergency would promote ${version.text} (${approved.file}), which is neither the newest package${inWords(before.package)} nor the one in test${inWords(before.testing?.package)}`,
    };
  // Jamf Pro isn't asked here; whether the definition exists there, promoting finds out.
  const match =
    offeredBy === undefined ||
    definitionOf(version, [definition(offeredBy.text)], title.definitionVersion).found === 'one';
  return match
    ? { approves: 'emergency', version, by: emergency?.by ?? '' }
    : {
        approves: 'something else',
        reason: `the patch definition "${offeredBy.text}" is not one of version ${version.text}`,
      };
}

function inWords(known: Package | undefined): string {
  return known ? ` (${known.version.text}, ${known.file})` : ' (there is none)';
}

/** Whether two packages are one file, one record and one version. */
export function samePackage(a: Package, b: Package): boolean {
  return (
    sameVersion(a.version, b.version) &&
    a.digest === b.digest &&
    a.jamfId === b.jamfId &&
    a.file === b.file &&
    a.size === b.size
  );
}

function sameProduction(a: Production, b: Production): boolean {
  return (
    samePackage(a.package, b.package) &&
    a.definition?.text === b.definition?.text &&
    a.tested?.toString() === b.tested?.toString() &&
    a.emergency?.by === b.emergency?.by &&
    a.emergency?.reason === b.emergency?.reason
  );
}
