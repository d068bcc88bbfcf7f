import type { calls } from '../../src/jamf/calls.ts';
import { digestOf } from '../../src/jamf/digest.ts';
import type { Jamf } from '../../src/jamf/jamf.ts';
import { type PackageId, packageId } from '../../src/lifecycle/package.ts';
import { version } from '../../src/lifecycle/version.ts';
import type { JamfOptions } from '../simulators/jamf/server.ts';
import type { Started } from './started.ts';

/** What leads to a call: each time something new, so that no earlier time has done it already. */
export interface Driver {
  readonly options?: JamfOptions;
  /** Jamf Pro is too old for packages, and has none. */
  readonly bare?: boolean;
  /** Connects as a user rather than as an API client. */
  readonly asUser?: boolean;
  act(jamf: Jamf, all: Started, time: number): Promise<unknown>;
}

const record = { category: 'Apps', info: '' };
const at20 = { version: '11.20.0' };
const at29 = { version: '11.29.0' };

async function upload(jamf: Jamf, all: Started, time: number) {
  const file = await all.file(`Firefox-127.${time}.pkg`, `content ${time}`);
  return jamf.ensurePackage(file, record);
}

/** The package that was not linked or installed the last time; both are there from the start. */
function other(time: number): PackageId {
  return packageId(String(1 + (time % 2)));
}

const link: Driver['act'] = (jamf, _all, time) =>
  jamf.ensureLinked('1', version('127.0'), other(time));

/** Jamf answers a change with nothing, so that the link has to be looked for. */
const linkUnseen: Driver['act'] = (jamf, all, time) => {
  all.simulator.faults.next({ kind: 'status-after', status: 204, method: 'PATCH', times: 9 });
  return link(jamf, all, time);
};

const refreshed: Driver['act'] = (jamf, all, time) => upload(jamf, all, time);

/** Somebody has put our digest into a record that has no file. */
async function echo(jamf: Jamf, all: Started, time: number) {
  const file = await all.file(`Echo-${time}.pkg`, `echo ${time}`);
  const id = String(10_000 + time);
  const [usual] = all.simulator.world.packages.values();
  all.simulator.world.packages.set(id, {
    id,
    history: [],
    record: {
      ...usual?.record,
      packageName: file.file,
      fileName: file.file,
      hashType: 'SHA3_512',
      hashValue: await digestOf(file.path),
      cloudTransferStatus: 'PENDING',
    },
  });
  return jamf.ensurePackage(file, record);
}

/** For every call that the client makes, what leads to it. */
export const drivers: { readonly [name in keyof typeof calls]: Driver } = {
  clientToken: { act: (jamf) => jamf.setup.version() },
  clientTokenBefore: {
    options: { version: '10.50.0' },
    bare: true,
    act: (jamf) => jamf.setup.version(),
  },
  userToken: { asUser: true, act: (jamf) => jamf.setup.version() },
  invalidateToken: {
    async act(jamf) {
      await jamf.setup.version();
      await jamf.close();
    },
  },
  whoAmI: { act: (jamf) => jamf.setup.privileges() },
  version: { act: (jamf) => jamf.setup.version() },
  titles: { act: (jamf) => jamf.patchTitles() },
  title: { act: linkUnseen },
  definitions: { act: (jamf) => jamf.definitions('1') },
  changeTitle: { act: link },
  titlesBefore: { options: at29, act: (jamf) => jamf.patchTitles() },
  titleBefore: { options: at29, act: linkUnseen },
  definitionsBefore: { options: at29, act: (jamf) => jamf.definitions('1') },
  changeTitleBefore: { options: at29, act: link },
  patchPolicies: { act: (jamf) => jamf.patchPolicies() },
  patchPolicyDetails: { act: (jamf) => jamf.patchPolicies() },
  patchPolicyLogs: { act: (jamf) => jamf.patchPolicyLogs('1') },
  patchPolicy: { act: (jamf) => jamf.setup.scopeOfPatchPolicy('1') },
  changePatchPolicy: {
    act: (jamf, _all, time) =>
      jamf.ensurePatchPolicy('1', { enabled: true, description: `Update ${time}` }),
  },
  policies: { act: (jamf) => jamf.policies() },
  policy: { act: (jamf) => jamf.packagesOfPolicy('1') },
  changePolicy: {
    act: (jamf, _all, time) =>
      jamf.ensureInstallPolicy('1', { id: other(time), file: 'Firefox-127.0.pkg' }),
  },
  categories: { act: (jamf) => jamf.setup.categories() },
  packages: { act: (jamf) => jamf.packagesById([packageId('1')]) },
  package: { act: (jamf) => jamf.packageById(packageId('1')) },
  createPackage: { act: upload },
  changePackage: { act: echo },
  uploadPackage: { act: upload },
  deletePackage: { act: (jamf) => jamf.cleanup.deletePackage(packageId('1')) },
  preStages: { act: (jamf) => jamf.cleanup.packageUse() },
  distributionPoint: { act: (jamf) => jamf.setup.distributionPoint() },
  refreshInventory: { act: refreshed },
  refreshInventoryBefore: { options: at20, act: refreshed },
};
