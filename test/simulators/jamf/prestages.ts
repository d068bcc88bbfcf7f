import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import type { PreStage } from './world.ts';

const FIELDS: Fields<PreStage> = { id: ({ id }) => id, displayName: ({ name }) => name };

/** Schema `GetComputerPrestageV3`, as far as packages go. */
const shown = ({ id, name, packages }: PreStage) => ({
  id,
  displayName: name,
  mandatory: true,
  mdmRemovable: false,
  supportPhoneNumber: '',
  supportEmailAddress: '',
  department: '',
  defaultPrestage: false,
  enrollmentSiteId: '-1',
  keepExistingSiteMembership: false,
  keepExistingLocationInformation: false,
  requireAuthentication: false,
  authenticationPrompt: '',
  preventActivationLock: false,
  enableDeviceBasedActivationLock: false,
  deviceEnrollmentProgramInstanceId: '1',
  skipSetupItems: {},
  locationInformation: {
    username: '',
    realname: '',
    phone: '',
    email: '',
    room: '',
    position: '',
    departmentId: '-1',
    buildingId: '-1',
    id: '-1',
    versionLock: 0,
  },
  purchasingInformation: {
    id: '-1',
    leased: false,
    purchased: true,
    appleCareId: '',
    poNumber: '',
    vendor: '',
    purchasePrice: '',
    lifeExpectancy: 0,
    purchasingAccount: '',
    purchasingContact: '',
    leaseDate: '1970-01-01',
    poDate: '1970-01-01',
    warrantyDate: '1970-01-01',
    versionLock: 0,
  },
  anchorCertificates: [],
  enrollmentCustomizationId: '0',
  language: '',
  region: '',
  autoAdvanceSetup: false,
  installProfilesDuringSetup: false,
  prestageInstalledProfileIds: [],
  customPackageIds: packages,
  customPackageDistributionPointId: '-1',
  enableRecoveryLock: false,
  recoveryLockPasswordType: 'MANUAL',
  rotateRecoveryLockPassword: false,
  prestageMinimumOsTargetVersionType: 'NO_ENFORCEMENT',
  minimumOsSpecificVersion: '',
  profileUuid: '',
  siteId: '-1',
  versionLock: 0,
});

const list = (_jamf: Simulation, call: Call): Answer => ({
  status: 200,
  json: paged(call, call.view.preStages.values(), FIELDS, shown),
});

export const preStageRoutes: readonly Route[] = [
  route('GET', '/api/v3/computer-prestages', 'Read Computer PreStage Enrollments', list),
];
