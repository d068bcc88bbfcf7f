import type { Simulation } from './simulation.ts';
import { type Definition, nextId, type PatchPolicy, type Title } from './world.ts';
import { merged } from './xml.ts';

/** A patch title as the admins of a company have set it up once. */
export interface SeedTitle {
  readonly name: string;
  readonly category?: string;
  readonly definitions?: readonly SeedDefinition[];
  /** Policies that follow the convention, are called otherwise, or are missing. */
  readonly policies?: {
    readonly test?: string | false;
    readonly production?: string | false;
    readonly install?: string | false;
  };
}

/** A definition; what is left out is as usual. */
export type SeedDefinition = Pick<Definition, 'version' | 'releaseDate'> & Partial<Definition>;

/** Adds a category. @returns its id. */
export function addCategory({ world }: Simulation, name: string): string {
  const there = [...world.categories.values()].find((one) => one.name === name);
  if (there) return there.id;
  const id = nextId(world, 'category');
  world.categories.set(id, { id, name, priority: 9 });
  return id;
}

/** Adds a title with its policies: two patch policies, each with a group, and an install policy. */
export function addTitle(jamf: Simulation, seed: SeedTitle): Title {
  const { world } = jamf;
  const id = nextId(world, 'title');
  const title: Title = {
    id,
    displayName: seed.name,
    categoryId: seed.category ? addCategory(jamf, seed.category) : '-1',
    siteId: '-1',
    uiNotifications: false,
    emailNotifications: false,
    softwareTitleId: String(1000 + Number(id)),
    nameId: Number(id).toString(16).toUpperCase().padStart(3, '0'),
    publisher: seed.name.split(' ')[0] ?? seed.name,
    definitions: [],
    links: [],
    installed: new Map(),
  };
  const { test, production, install } = seed.policies ?? {};
  const isPatched = test !== false || production !== false;
  if (isPatched) world.titles.set(id, title);
  for (const definition of seed.definitions ?? []) define(title, definition);
  if (test !== false) addPatchPolicy(jamf, title, test ?? `${seed.name} Test`, 'Testers');
  if (production !== false)
    addPatchPolicy(jamf, title, production ?? `${seed.name} Stable`, 'All Macs');
  if (install !== false) addInstallPolicy(jamf, install ?? `Install ${seed.name}`);
  return title;
}

/** The patch source has a definition: the newest, unless its release date says otherwise. */
export function define(title: Title, seed: SeedDefinition): void {
  const definition: Definition = {
    minimumOperatingSystem: '12.0',
    rebootRequired: false,
    standalone: true,
    killApps: [
      {
        appName: `${title.displayName}.app`,
        bundleId: `com.example.${title.nameId.toLowerCase()}`,
      },
    ],
    ...seed,
  };
  const older = title.definitions.findIndex(
    ({ releaseDate }) => releaseDate <= definition.releaseDate,
  );
  title.definitions.splice(older < 0 ? title.definitions.length : older, 0, definition);
}

/** Adds a patch policy as Jamf Pro makes it: disabled, pointed at nothing, with a scope. */
export function addPatchPolicy(
  { world }: Simulation,
  title: Title,
  name: string,
  group: string,
): PatchPolicy {
  const id = nextId(world, 'patchPolicy');
  const policy: PatchPolicy = {
    id,
    titleId: title.id,
    name,
    enabled: false,
    targetVersion: '',
    distributionMethod: 'selfservice',
    allowDowngrade: false,
    patchUnknown: true,
    scope: {
      all_computers: false,
      computers: '',
      computer_groups: { computer_group: [{ id: group === 'Testers' ? 1 : 2, name: group }] },
      buildings: '',
      departments: '',
      limitations: { network_segments: '', ibeacons: '' },
      exclusions: {
        computers: '',
        computer_groups: { computer_group: [{ id: 3, name: 'Never patch' }] },
        buildings: '',
        departments: '',
        network_segments: '',
        ibeacons: '',
      },
    },
    userInteraction: merged({}, usualInteraction),
    deferred: 0,
    logs: [],
    partialReads: 0,
  };
  world.patchPolicies.set(id, policy);
  return policy;
}

/** What Jamf Pro gives a new patch policy: "Update", 7 days, 15 minutes, 24 hours. */
const usualInteraction = {
  install_button_text: 'Update',
  self_service_description: '',
  self_service_icon: { id: 7, filename: 'icon.png', uri: 'https://example.com/icon/7' },
  notifications: {
    notification_enabled: true,
    notification_type: 'Self Service',
    notification_subject: 'Update available',
    notification_message: '',
    reminders: { notification_reminders_enabled: true, notification_reminder_frequency: 24 },
  },
  deadlines: { deadline_enabled: true, deadline_period: 7 },
  grace_period: {
    grace_period_duration: 15,
    notification_center_subject: 'Important',
    message: '$APP_NAMES will quit in $DELAY_MINUTES minutes',
  },
};

function addInstallPolicy({ world }: Simulation, name: string): void {
  const id = nextId(world, 'policy');
  world.policies.set(id, {
    id,
    sections: {
      general: {
        name,
        enabled: true,
        trigger: 'EVENT',
        trigger_other: name.toLowerCase().replaceAll(' ', '-'),
        frequency: 'Ongoing',
        category: { id: -1, name: 'No category assigned' },
      },
      scope: { all_computers: true, computers: '', computer_groups: '' },
      self_service: { use_for_self_service: true, install_button_text: 'Install' },
      scripts: { size: 0 },
      reboot: { message: '', minutes_until_reboot: 5 },
      maintenance: { recon: true },
    },
    packages: [],
  });
}
