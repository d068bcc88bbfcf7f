import { type Call, calls } from './calls.ts';

/** What asks Jamf Pro for something, each with an API role of its own if one likes. */
export type Asker =
  | 'build'
  | 'test'
  | 'propose'
  | 'promote'
  | 'emergency'
  | 'release'
  | 'reconcile'
  | 'status'
  | 'doctor'
  | 'cleanup';

const titles = [calls.titles, calls.patchPolicies, calls.patchPolicyDetails];
const token = [calls.clientToken, calls.userToken, calls.invalidateToken];

/**
 * The calls of each stage: what follows from them is the least that its API role needs. Calls for
 * servers before 11.25 and 11.30 are left out.
 */
const callsOf: Readonly<Record<Asker, readonly Call[]>> = {
  build: [
    ...token,
    calls.categories,
    calls.packages,
    calls.package,
    calls.createPackage,
    calls.changePackage,
    calls.uploadPackage,
    calls.distributionPoint,
    calls.refreshInventory,
  ],
  test: [
    ...token,
    ...titles,
    calls.title,
    calls.definitions,
    calls.changeTitle,
    calls.changePatchPolicy,
    calls.packages,
  ],
  propose: [...token, ...titles, calls.patchPolicyLogs],
  promote: [
    ...token,
    ...titles,
    calls.title,
    calls.definitions,
    calls.changeTitle,
    calls.changePatchPolicy,
    calls.packages,
    calls.policies,
    calls.policy,
    calls.changePolicy,
  ],
  emergency: [
    ...token,
    ...titles,
    calls.title,
    calls.definitions,
    calls.changeTitle,
    calls.packages,
  ],
  release: [...token, ...titles, calls.changePatchPolicy],
  reconcile: [
    ...token,
    ...titles,
    calls.title,
    calls.changeTitle,
    calls.changePatchPolicy,
    calls.packages,
    calls.policies,
    calls.policy,
    calls.changePolicy,
  ],
  status: [...token, ...titles, calls.definitions],
  doctor: [
    ...token,
    ...titles,
    calls.version,
    calls.whoAmI,
    calls.definitions,
    calls.patchPolicy,
    calls.categories,
    calls.policies,
    calls.policy,
    calls.distributionPoint,
  ],
  cleanup: [
    ...token,
    ...titles,
    calls.packages,
    calls.policies,
    calls.policy,
    calls.preStages,
    calls.changeTitle,
    calls.deletePackage,
  ],
};

export const askers = Object.keys(callsOf) as readonly Asker[];

/** All but cleanup, which has a role of its own: nobody else may delete anything. */
const daily = askers.filter((asker) => asker !== 'cleanup');

/** What each privilege is for, in words that follow "to". */
const purposes: Readonly<Record<string, string>> = {
  'Read Categories': 'file new packages under their category',
  'Read Packages': 'find packages, and see whether they are still what was tested',
  'Create Packages': 'make the record of a new package',
  'Update Packages': 'upload the file of a package',
  'Read Cloud Distribution Point': 'see whether an uploaded file has arrived',
  'Read Patch Management Software Titles': 'read the patch titles and their definitions',
  'Update Patch Management Software Titles': 'link packages to patch definitions',
  'Read Patch Policies': 'read the patch policies and how the test ring fares',
  'Update Patch Policies': 'point the patch policies at a version',
  'Read Policies': 'find the policies that install packages on new Macs',
  'Update Policies': 'give those policies the new package',
  'Read Computer PreStage Enrollments': 'see whether a PreStage still uses a package',
  'Delete Packages': 'delete packages that nothing uses any more',
};

/** The privileges that the calls of these stages need, in the order of the table. */
export function leastPrivileges(of: readonly Asker[] = daily): readonly string[] {
  const needed = new Set(of.flatMap((asker) => callsOf[asker].flatMap((call) => call.privileges)));
  const known = Object.keys(purposes).filter((privilege) => needed.has(privilege));
  return [...known, ...[...needed].filter((privilege) => !known.includes(privilege))];
}

/** Who needs a privilege, and what for. */
export function needOf(privilege: string): {
  readonly askers: readonly Asker[];
  readonly purpose: string | undefined;
} {
  return {
    askers: askers.filter((asker) =>
      callsOf[asker].some(({ privileges }) => privileges.includes(privilege)),
    ),
    purpose: purposes[privilege],
  };
}

/** The least privileges per stage as a page for people, in Markdown. */
export function privilegesPage(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const needed = leastPrivileges();
  const rows = leastPrivileges(askers);
  return [
    '# What PatchBot may do in Jamf Pro',
    '',
    'The least that the API role needs, as Jamf Pro spells it under Settings > System > API roles and',
    'clients. One role serves every stage but cleanup; a role for each stage, or one that only reads for',
    'pull requests from people, is as good. `patchbot doctor` says what is missing, and what is too much.',
    'Cleanup, for those who want it, has an API client of its own: nothing else may delete.',
    '',
    row(['Privilege', ...askers, 'What for']),
    row(['---', ...askers.map(() => ':-:'), '---']),
    ...rows.map((privilege) => {
      const need = needOf(privilege);
      const marks = askers.map((asker) => (need.askers.includes(asker) ? 'x' : ''));
      return row([privilege, ...marks, `to ${need.purpose}`]);
    }),
    '',
    'To copy, for all but cleanup:',
    '',
    '```',
    ...needed,
    '```',
    '',
    'Jamf Pro before 11.25 asks for "Read Jamf Cloud Distribution Service Files" besides, to see whether an',
    'upload has arrived. Nothing is ever created but packages, and nothing but packages is deleted: titles,',
    'patch policies, policies, groups and categories are made by people.',
    '',
    'Give the API client a long access token lifetime (30 minutes; the default is one): a token that ends',
    'while a large package is on its way costs the upload.',
    '',
  ].join('\n');
}
