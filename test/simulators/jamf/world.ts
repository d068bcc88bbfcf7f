import type { Tree } from './xml.ts';

/** What Jamf Pro knows: a plain object model that tests may look at and change. */
export interface JamfWorld {
  readonly categories: Map<string, Category>;
  readonly packages: Map<string, Package>;
  /** What lies on the distribution point, by file name. */
  readonly files: Map<string, StoredFile>;
  /** Patch software title configurations. */
  readonly titles: Map<string, Title>;
  readonly patchPolicies: Map<string, PatchPolicy>;
  readonly policies: Map<string, Policy>;
  /** Computer groups. */
  readonly groups: Map<string, Group>;
  readonly preStages: Map<string, PreStage>;
  /** The last id given, by kind. */
  readonly lastId: Record<Kind, number>;
}

export type Kind = 'category' | 'package' | 'title' | 'patchPolicy' | 'policy' | 'group' | 'note';

export interface Group {
  readonly id: string;
  name: string;
  isSmart: boolean;
}

export interface Category {
  readonly id: string;
  name: string;
  priority: number;
}

export interface Package {
  readonly id: string;
  /** As in the schema `Package`, without `id`. */
  record: PackageRecord;
  readonly history: Note[];
}

export type PackageRecord = Record<string, string | number | boolean | null> & {
  packageName: string;
  fileName: string;
};

export interface Note {
  readonly id: number;
  readonly username: string;
  readonly date: string;
  readonly note: string;
  readonly details: string | null;
}

export interface StoredFile {
  size: number;
  sha3512: string;
  /**
   * When Jamf Pro takes this file's digest into its inventory: `by-itself` at a look at the package,
   * `refresh` only after `refresh-inventory`, `known` has happened.
   */
  inventory: 'by-itself' | 'refresh' | 'known';
  /** How many more looks at the package still find it pending. */
  pendingLooks: number;
}

export interface Title {
  readonly id: string;
  displayName: string;
  categoryId: string;
  siteId: string;
  uiNotifications: boolean;
  emailNotifications: boolean;
  softwareTitleId: string;
  nameId: string;
  publisher: string;
  /** Newest first, as the patch source has them. */
  readonly definitions: Definition[];
  /** What the patch source will have later. */
  readonly coming: { readonly from: string; readonly definition: Definition }[];
  links: Link[];
  /** The version on each Mac that a patch policy installed it on, by device id. */
  readonly installed: Map<string, Installed>;
}

export interface Link {
  readonly packageId: string;
  readonly version: string;
}

export interface Installed {
  readonly deviceName: string;
  readonly version: string;
  readonly date: string;
}

export interface Definition {
  readonly version: string;
  /** 'YYYY-MM-DD HH:MM:SS', without a zone. */
  readonly releaseDate: string;
  readonly minimumOperatingSystem: string;
  readonly rebootRequired: boolean;
  readonly standalone: boolean;
  readonly killApps: readonly { readonly appName: string; readonly bundleId: string }[];
}

export interface PatchPolicy {
  readonly id: string;
  readonly titleId: string;
  name: string;
  enabled: boolean;
  /** Empty while it was never pointed at a version. */
  targetVersion: string;
  distributionMethod: 'selfservice' | 'prompt';
  allowDowngrade: boolean;
  patchUnknown: boolean;
  /** As the classic API has it. */
  scope: Tree;
  /** As the classic API has it. */
  userInteraction: Tree;
  deferred: number;
  /** One for a device and version. */
  readonly logs: PatchLog[];
  /** How many reads still show an incomplete `user_interaction`. */
  partialReads: number;
}

export interface PatchLog {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly version: string;
  status: 'PENDING' | 'COMPLETED' | 'FAILED';
  date: string;
  attempts: number;
}

export interface Policy {
  readonly id: string;
  /** All sections as the classic API has them, but for the packages. */
  sections: Record<string, Tree>;
  packages: PolicyPackage[];
}

/** A PreStage enrollment, and the packages that it installs. */
export interface PreStage {
  readonly id: string;
  readonly name: string;
  packages: string[];
}

export interface PolicyPackage {
  readonly id: string;
  readonly action: string;
  readonly fut: string;
  readonly feu: string;
  readonly updateAutorun: string;
}

export const emptyWorld = (): JamfWorld => ({
  categories: new Map(),
  packages: new Map(),
  files: new Map(),
  titles: new Map(),
  patchPolicies: new Map(),
  policies: new Map(),
  groups: new Map(),
  lastId: { category: 0, package: 0, title: 0, patchPolicy: 0, policy: 0, group: 0, note: 0 },
  preStages: new Map(),
});

export function nextId(world: JamfWorld, kind: Kind): string {
  world.lastId[kind] += 1;
  return String(world.lastId[kind]);
}

export const packageName = (world: JamfWorld, id: string): string =>
  world.packages.get(id)?.record.packageName ?? '';

/** Why a patch policy may not be pointed at a version of its title, if it may not. */
export function whyNotTarget(title: Title | undefined, version: string): string | undefined {
  if (!title?.definitions.some((definition) => definition.version === version))
    return `Unable to match target_version ${version} to a version of the patch software title`;
  if (!title.links.some((link) => link.version === version))
    return `No package is associated with version ${version} of the patch software title`;
  return undefined;
}

/** Deletes a package and the links and policy entries that point at it. */
export function removePackage(world: JamfWorld, id: string): void {
  const removed = world.packages.get(id);
  if (!removed) return;
  world.packages.delete(id);
  const { fileName } = removed.record;
  if (![...world.packages.values()].some(({ record }) => record.fileName === fileName))
    world.files.delete(fileName);
  for (const title of world.titles.values())
    title.links = title.links.filter(({ packageId }) => packageId !== id);
  for (const policy of world.policies.values())
    policy.packages = policy.packages.filter((entry) => entry.id !== id);
}
