import { holdOn } from './hold.ts';
import type { Package, PackageId } from './package.ts';
import { enteredRings, type Ring } from './rings.ts';
import { unfinishedTest } from './testing.ts';
import type { Moment, PatchPolicyFacts, Title, TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** All that Jamf has of a title, as far as PatchBot has a say in it. */
export interface JamfSight {
  /** Which package each patch definition is linked to. */
  readonly links: readonly { readonly version: Version; readonly packageId: PackageId }[];
  /** The patch policies of the test rings, by the ring's name. */
  readonly rings?: ReadonlyMap<string, PatchPolicyFacts>;
  readonly production?: PatchPolicyFacts;
  /** The packages that the state speaks of, as far as Jamf has them. */
  readonly packages: ReadonlyMap<
    PackageId,
    { readonly file: string; readonly digest?: Package['digest'] }
  >;
  /** The packages of the install policy; absent when the title has none. */
  readonly install?: readonly PackageId[];
}

/** What must be done in Jamf for a difference to go. */
export type Repair =
  /** Offer again what production offered. */
  | 'offer production'
  /** Offer again what is in test. */
  | 'offer test'
  | 'disable test'
  /** Nothing that PatchBot could do by itself: a person must look at it. */
  | 'none';

/** One difference between what main says and what Jamf has. */
export interface Difference {
  /** "patch policy "Firefox Stable"", "package Firefox-127.0.pkg". */
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly repair: Repair;
}

/**
 * What in Jamf is not as PatchBot left it: somebody changed a policy or deleted a package. What is
 * approved but not offered yet (a closed window) is no difference, nor is a hold that a person placed
 * in Jamf: those have their own stages.
 */
export function differences(
  title: Title,
  state: TitleState,
  jamf: JamfSight,
  moment: Moment,
): readonly Difference[] {
  return [
    ...packageDifferences(state, jamf),
    ...(title.patch === 'none'
      ? []
      : [
          ...productionDifferences(title, state, jamf),
          ...testDifferences(title, state, jamf, moment),
        ]),
    ...installDifferences(title, state, jamf),
  ];
}

function packageDifferences(state: TitleState, jamf: JamfSight): Difference[] {
  const named = [
    state.package,
    state.testing?.package,
    state.production?.package,
    state.previous?.package,
  ].filter((one) => one !== undefined);
  const once = new Map(named.map((one) => [one.jamfId, one]));
  return [...once.values()].flatMap((wanted): Difference[] => {
    const what = `package ${wanted.file}`;
    const there = jamf.packages.get(wanted.jamfId);
    if (!there)
      return [{ what, wanted: `id ${wanted.jamfId}`, found: 'no such package', repair: 'none' }];
    if (there.file !== wanted.file)
      return [{ what, wanted: wanted.file, found: `another file, ${there.file}`, repair: 'none' }];
    if (there.digest !== undefined && there.digest !== wanted.digest)
      return [
        {
          what,
          wanted: `SHA3-512 ${wanted.digest.slice(0, 12)}…`,
          found: `other content, ${there.digest.slice(0, 12)}…`,
          repair: 'none',
        },
      ];
    return [];
  });
}

function productionDifferences(title: Title, state: TitleState, jamf: JamfSight): Difference[] {
  const { offered, production } = state;
  const what = `patch policy "${title.policies.production}"`;
  if (!offered || !jamf.production) return [];
  // What a merge has moved on main since is the promote stage's work, not a difference.
  if (!sameVersion(offered.version, production?.package.version)) return [];
  const wanted = offered.definition ?? offered.version;
  const found: Difference[] = [];
  const link = linkDifference(wanted, production?.package, jamf);
  if (link) found.push({ ...link, repair: 'offer production' });
  if (!jamf.production.enabled)
    found.push({ what, wanted: 'enabled', found: 'disabled', repair: 'offer production' });
  if (!sameVersion(jamf.production.target, wanted))
    found.push({
      what,
      wanted: `targets ${wanted.text}`,
      found: `targets ${jamf.production.target?.text ?? 'no version'}`,
      repair: 'offer production',
    });
  return found;
}

function testDifferences(
  title: Title,
  state: TitleState,
  jamf: JamfSight,
  moment: Moment,
): Difference[] {
  const testing = unfinishedTest(state);
  if (!testing?.definition)
    return title.rings.flatMap((ring) => doneDifference(ring, state, jamf) ?? []);
  const wanted = testing.definition;
  const held = holdOn(testing.package.version, state.holds, moment.today) !== undefined;
  const found: Difference[] = [];
  const link = linkDifference(wanted, testing.package, jamf);
  if (link) found.push({ ...link, repair: 'offer test' });
  for (const { name, policy } of enteredRings(title.rings, testing)) {
    const there = jamf.rings?.get(name);
    if (!there || sameVersion(there.target, wanted)) continue;
    found.push({
      what: `patch policy "${policy}"`,
      wanted: `targets ${wanted.text}`,
      found: `targets ${there.target?.text ?? 'no version'}`,
      // Who holds a version may have pointed the testers at another one on purpose.
      repair: held ? 'none' : 'offer test',
    });
  }
  return found;
}

/** A ring is still offered the version in test, though that is in production by now. */
function doneDifference(
  { name, policy }: Ring,
  { testing, offered }: TitleState,
  jamf: JamfSight,
): Difference | undefined {
  const there = jamf.rings?.get(name);
  if (!there?.enabled || !sameVersion(there.target, testing?.definition)) return undefined;
  if (!sameVersion(testing?.package.version, offered?.version)) return undefined;
  return {
    what: `patch policy "${policy}"`,
    wanted: 'disabled: its version is in production',
    found: 'enabled',
    repair: 'disable test',
  };
}

function linkDifference(
  definition: Version,
  wanted: Package | undefined,
  jamf: JamfSight,
): Omit<Difference, 'repair'> | undefined {
  if (!wanted) return undefined;
  const link = jamf.links.find(({ version }) => sameVersion(version, definition));
  if (link?.packageId === wanted.jamfId) return undefined;
  return {
    what: `package of patch definition ${definition.text}`,
    wanted: `${wanted.file} (id ${wanted.jamfId})`,
    found: link ? `package id ${link.packageId}` : 'none',
  };
}

function installDifferences(title: Title, state: TitleState, jamf: JamfSight): Difference[] {
  const { offered, production } = state;
  if (!jamf.install || !production || !offered) return [];
  if (!sameVersion(offered.version, production.package.version)) return [];
  const wanted = production.package;
  // The policy may install other things besides: those are somebody else's.
  if (jamf.install.includes(wanted.jamfId)) return [];
  return [
    {
      what: `policy "${title.policies.install}"`,
      wanted: `installs ${wanted.file} (id ${wanted.jamfId})`,
      found:
        jamf.install.length === 0
          ? 'installs no package'
          : `installs package id ${jamf.install.join(', ')}`,
      repair: 'offer production',
    },
  ];
}
