import type { Definition } from '../lifecycle/definition.ts';
import type { PackageId } from '../lifecycle/package.ts';
import type { Version } from '../lifecycle/version.ts';
import { grantedPrivileges, type JamfVersion, jamfVersion } from './about.ts';
import { Categories } from './categories.ts';
import { type JamfSettings as ConnectionSettings, openConnection } from './connection.ts';
import { definitionsOf } from './definitions.ts';
import { distributionPoint } from './distribution-point.ts';
import { type EnsuredPackage, ensurePackage } from './ensure-package.ts';
import { ensureInstallPolicy, type InstalledPackage, packagesOf } from './install-policy.ts';
import type { PackageFile } from './package-file.ts';
import type { WantedRecord } from './package-record.ts';
import { deletePackage, packageUse } from './package-use.ts';
import { packageById, packagesById, type StoredPackage } from './packages.ts';
import { PatchPolicies, type PatchPolicy } from './patch-policies.ts';
import { ensurePatchPolicy, type WantedPatchPolicy } from './patch-policy-change.ts';
import { type PatchLogEntry, patchPolicyLogs } from './patch-policy-logs.ts';
import { type Scope, scopeOf } from './patch-policy-scope.ts';
import { Policies, type Policy } from './policies.ts';
import { inLines, type Progress } from './progress.ts';
import { type PatchTitle, Titles } from './titles.ts';

export { isAtLeast, type JamfVersion } from './about.ts';
export type { EnsuredPackage } from './ensure-package.ts';
export { JamfError } from './error.ts';
export { type Greeting, greet } from './greet.ts';
export type { InstalledPackage } from './install-policy.ts';
export type { PackageFile } from './package-file.ts';
export type { StoredPackage } from './packages.ts';
export type { PatchPolicy } from './patch-policies.ts';
export type { WantedPatchPolicy } from './patch-policy-change.ts';
export type { PatchLogEntry } from './patch-policy-logs.ts';
export type { Scope } from './patch-policy-scope.ts';
export type { Policy } from './policies.ts';
export { leastPrivileges, needOf } from './privileges.ts';
export { asBar, inGroups, inLines, type Progress } from './progress.ts';
export type { PatchTitle } from './titles.ts';
export type { Credentials } from './token.ts';

/** Where Jamf Pro is, who asks, and how. */
export interface JamfSettings extends ConnectionSettings {
  /** How long uploads show how far they are; a line in the log now and then when absent. */
  readonly progress?: Progress;
}

/**
 * One Jamf Pro.
 *
 * | what for | call | API, and why classic where it is |
 * | --- | --- | --- |
 * | token | POST /api/v1/oauth/token, before 11.x /api/oauth/token; POST /api/v1/auth/token for a user | Jamf Pro |
 * | version, what the API role may do | GET /api/v1/jamf-pro-version, GET /api/v1/auth | Jamf Pro |
 * | token given back | POST /api/v1/auth/invalidate-token | Jamf Pro |
 * | titles with their links | GET /api/v3/patch-software-title-configurations, before 11.30 v2 | Jamf Pro |
 * | definitions | GET /api/v3/patch-software-title-configurations/{id}/definitions, before 11.30 v2 | Jamf Pro |
 * | link a package | PATCH (and GET) /api/v3/patch-software-title-configurations/{id}, before 11.30 v2 | Jamf Pro |
 * | patch policies, counters, logs | GET /api/v2/patch-policies, …/policy-details, …/{id}/logs | Jamf Pro |
 * | a patch policy's scope | GET /JSSResource/patchpolicies/id/{id} | classic: the Jamf Pro API does not show it |
 * | change a patch policy | PUT /JSSResource/patchpolicies/id/{id} | classic: the Jamf Pro API only reads them |
 * | policies, and an install policy's package | GET /JSSResource/policies, GET and PUT /JSSResource/policies/id/{id} | classic: the Jamf Pro API has no policies |
 * | who else uses a package; deleting one | GET /api/v3/computer-prestages, DELETE /api/v1/packages/{id} | Jamf Pro |
 * | categories | GET /api/v1/categories | Jamf Pro |
 * | packages | GET, POST /api/v1/packages, GET, PUT /api/v1/packages/{id} | Jamf Pro |
 * | upload | POST /api/v1/packages/{id}/upload | Jamf Pro, from 11.5 |
 * | whether it arrived | POST /api/v1/cloud-distribution-point/refresh-inventory, before 11.25 /api/v1/jcds/refresh-inventory; GET /api/v1/cloud-distribution-point | Jamf Pro |
 */
export interface Jamf {
  /** All patch titles: one call; read once a run and kept, with the links that this run makes. */
  patchTitles(): Promise<readonly PatchTitle[]>;
  /** All patch policies: two calls; kept likewise. */
  patchPolicies(): Promise<readonly PatchPolicy[]>;
  /**
   * A fresh look at one policy, some seconds after the last one at the earliest: a hold is one that
   * is seen twice. Its counters are left out.
   */
  patchPolicy(id: string): Promise<PatchPolicy>;
  patchPolicyLogs(id: string): Promise<readonly PatchLogEntry[]>;
  /** A title's definitions, the newest first as far as that is known. */
  definitions(titleId: string): Promise<readonly Definition[]>;
  /** The packages with these ids, hundreds in a call; what is not there is left out. */
  packagesById(ids: readonly PackageId[]): Promise<ReadonlyMap<PackageId, StoredPackage>>;
  packageById(id: PackageId): Promise<StoredPackage | undefined>;
  /** Ensures that Jamf has exactly this file, known by its digest; waits until Macs can get it. */
  ensurePackage(file: PackageFile, record: WantedRecord): Promise<EnsuredPackage>;
  /** Ensures that a title's definition has this package, and that the others keep theirs. */
  ensureLinked(
    titleId: string,
    definition: Version,
    packageId: PackageId,
  ): Promise<{ wrote: boolean }>;
  /** Ensures a patch policy; nothing but what is wanted changes. */
  ensurePatchPolicy(id: string, wanted: WantedPatchPolicy): Promise<{ wrote: boolean }>;
  /** All policies: one call; kept. */
  policies(): Promise<readonly Policy[]>;
  /** The packages that a policy installs. */
  packagesOfPolicy(id: string): Promise<readonly InstalledPackage[]>;
  /** Ensures that a policy installs this package. */
  ensureInstallPolicy(
    policyId: string,
    wanted: { readonly id: PackageId; readonly file: string },
  ): Promise<{ wrote: boolean }>;
  /** What the cleanup stage needs, and an API role of its own may do. */
  readonly cleanup: {
    /** What names each package, in words: policies and PreStages; patch titles are in `patchTitles`. */
    packageUse(): Promise<ReadonlyMap<PackageId, readonly string[]>>;
    /** Ensures that no definition of a title has this package. */
    ensureUnlinked(titleId: string, id: PackageId): Promise<{ wrote: boolean }>;
    deletePackage(id: PackageId): Promise<void>;
  };
  /** What `doctor` looks at, and no stage needs. */
  readonly setup: {
    version(): Promise<JamfVersion>;
    /** What the API role may do; `undefined` where Jamf doesn't tell. */
    privileges(): Promise<ReadonlySet<string> | undefined>;
    /** The names of all categories. */
    categories(): Promise<readonly string[]>;
    /** The kind of Jamf's cloud storage: JAMF_CLOUD, AMAZON_S3, …, or NONE. */
    distributionPoint(): Promise<string | undefined>;
    scopeOfPatchPolicy(id: string): Promise<Scope>;
  };
  /** Gives the token back and ends the connections; never throws. */
  close(): Promise<void>;
}

/**
 * Connects to a Jamf Pro; nothing is sent before the first call. Every call can throw a JamfError.
 *
 * @throws Error when the address is none that a secret may be sent to.
 */
export function connect(settings: JamfSettings): Jamf {
  const connection = openConnection(settings);
  const titles = new Titles(connection);
  const patchPolicies = new PatchPolicies(connection);
  const policies = new Policies(connection);
  const storage = {
    connection,
    categories: new Categories(connection),
    progress: settings.progress ?? inLines(settings.log),
  };
  return {
    patchTitles: () => titles.all(),
    patchPolicies: () => patchPolicies.all(),
    patchPolicy: (id) => patchPolicies.lookAgain(id),
    patchPolicyLogs: (id) => patchPolicyLogs(connection, id),
    definitions: (titleId) => definitionsOf(connection, titles, titleId),
    packagesById: (ids) => packagesById(connection, ids),
    packageById: (id) => packageById(connection, id),
    ensurePackage: (file, record) => ensurePackage(storage, file, record),
    ensureLinked: (titleId, definition, packageId) =>
      titles.ensureLinked(titleId, definition, packageId),
    ensurePatchPolicy: (id, wanted) => ensurePatchPolicy(connection, patchPolicies, id, wanted),
    policies: () => policies.all(),
    packagesOfPolicy: (id) => packagesOf(connection, id),
    ensureInstallPolicy: (id, wanted) => ensureInstallPolicy(connection, policies, id, wanted),
    cleanup: {
      packageUse: () => packageUse(connection, policies),
      ensureUnlinked: (titleId, id) => titles.ensureUnlinked(titleId, id),
      deletePackage: (id) => deletePackage(connection, id),
    },
    setup: {
      version: () => jamfVersion(connection),
      privileges: () => grantedPrivileges(connection),
      categories: () => storage.categories.names(),
      distributionPoint: () => distributionPoint(connection),
      scopeOfPatchPolicy: (id) => scopeOf(connection, id),
    },
    close: () => connection.close(),
  };
}
