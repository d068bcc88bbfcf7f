import type { Dispatcher } from 'undici';

/**
 * How often a call may be sent: a `read` and a `repeatable` write (it carries the whole wanted
 * value) may be sent again whenever the answer is lost; one that must go `once` only when it surely
 * was not done.
 */
export type Manner = 'read' | 'repeatable' | 'once';

/** A call to Jamf Pro, as Jamf's schemas name it. */
export interface Call {
  readonly method: Dispatcher.HttpMethod;
  /** As the published schemas spell it, with `{id}`. */
  readonly path: string;
  readonly manner: Manner;
  /** What the API role needs for it, as Jamf spells it (`x-required-privileges`). */
  readonly privileges: readonly string[];
  /** Whether it changes what Jamf offers or stores, so that a dry run must not send it. */
  readonly changes: boolean;
}

const readTitles = ['Read Patch Management Software Titles'];
const updateTitles = ['Update Patch Management Software Titles'];
const readPatchPolicies = ['Read Patch Policies'];
const readPoint = ['Read Cloud Distribution Point'];

const read = (path: string, privileges: readonly string[]): Call => ({
  method: 'GET',
  path,
  manner: 'read',
  privileges,
  changes: false,
});

/**
 * A POST that changes nothing which anybody would miss: it may be repeated, and sent in a dry run.
 */
const harmless = (path: string, privileges: readonly string[] = []): Call => ({
  method: 'POST',
  path,
  manner: 'repeatable',
  privileges,
  changes: false,
});

const write = (
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  privileges: readonly string[],
): Call => ({
  method,
  path,
  manner: method === 'POST' ? 'once' : 'repeatable',
  privileges,
  changes: true,
});

/** Every call that PatchBot makes to Jamf Pro; there is no other. */
export const calls = {
  clientToken: harmless('/api/v1/oauth/token'),
  clientTokenBefore: harmless('/api/oauth/token'),
  userToken: harmless('/api/v1/auth/token'),
  invalidateToken: harmless('/api/v1/auth/invalidate-token'),
  whoAmI: read('/api/v1/auth', []),
  version: read('/api/v1/jamf-pro-version', []),

  titles: read('/api/v3/patch-software-title-configurations', readTitles),
  title: read('/api/v3/patch-software-title-configurations/{id}', readTitles),
  definitions: read('/api/v3/patch-software-title-configurations/{id}/definitions', readTitles),
  changeTitle: write('PATCH', '/api/v3/patch-software-title-configurations/{id}', updateTitles),
  titlesBefore: read('/api/v2/patch-software-title-configurations', readTitles),
  titleBefore: read('/api/v2/patch-software-title-configurations/{id}', readTitles),
  definitionsBefore: read(
    '/api/v2/patch-software-title-configurations/{id}/definitions',
    readTitles,
  ),
  changeTitleBefore: write(
    'PATCH',
    '/api/v2/patch-software-title-configurations/{id}',
    updateTitles,
  ),

  patchPolicies: read('/api/v2/patch-policies', readPatchPolicies),
  patchPolicyDetails: read('/api/v2/patch-policies/policy-details', readPatchPolicies),
  patchPolicyLogs: read('/api/v2/patch-policies/{id}/logs', readPatchPolicies),
  patchPolicy: read('/JSSResource/patchpolicies/id/{id}', readPatchPolicies),
  changePatchPolicy: write('PUT', '/JSSResource/patchpolicies/id/{id}', ['Update Patch Policies']),

  policies: read('/JSSResource/policies', ['Read Policies']),
  policy: read('/JSSResource/policies/id/{id}', ['Read Policies']),
  changePolicy: write('PUT', '/JSSResource/policies/id/{id}', ['Update Policies']),

  categories: read('/api/v1/categories', ['Read Categories']),
  packages: read('/api/v1/packages', ['Read Packages']),
  package: read('/api/v1/packages/{id}', ['Read Packages']),
  createPackage: write('POST', '/api/v1/packages', ['Create Packages']),
  changePackage: write('PUT', '/api/v1/packages/{id}', ['Update Packages']),
  uploadPackage: write('POST', '/api/v1/packages/{id}/upload', [
    'Update Packages',
    'Read Packages',
  ]),
  deletePackage: write('DELETE', '/api/v1/packages/{id}', ['Delete Packages']),
  preStages: read('/api/v3/computer-prestages', ['Read Computer PreStage Enrollments']),
  distributionPoint: read('/api/v1/cloud-distribution-point', readPoint),
  refreshInventory: harmless('/api/v1/cloud-distribution-point/refresh-inventory', readPoint),
  refreshInventoryBefore: harmless('/api/v1/jcds/refresh-inventory', [
    'Read Jamf Cloud Distribution Service Files',
  ]),
} as const satisfies Readonly<Record<string, Call>>;

/** The path of a call with its parameters filled in and its query. */
export function pathOf(
  call: Call,
  id?: string,
  query: Readonly<Record<string, string | number>> = {},
): string {
  const path = id === undefined ? call.path : call.path.replace('{id}', encodeURIComponent(id));
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}
