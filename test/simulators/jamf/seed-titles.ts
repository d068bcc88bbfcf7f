import { define, type SeedDefinition } from './definitions.ts';
import { scopeIn } from './scope.ts';
import { addPolicy } from './seed-policies.ts';
import type { Simulation } from './simulation.ts';
import { nextId, type PatchPolicy, type Title } from './world.ts';
import { merged, tree } from './xml.ts';

/** A patch title as the admins of a company have set it up once. */
export interface SeedTitle {
  readonly name: string;
  readonly category?: string;
  readonly definitions?: readonly SeedDefinition[];
  /** Policies that follow the convention, are called otherwise, or are missing. */
  readonly policies?: {
    /** One for each test ring. */
    readonly test?: string | readonly string[] | false;
    readonly production?: string | false;
    readonly install?: string | false;
  };
}

/** Adds a category. @returns its id. */
export function addCategory({ world }: Simulation, name: string): string {
  const there = [...world.categories.values()].find((one) => one.name === name);
  if (there) return there.id;
  const id = nextId(world, 'category');
  world.categories.set(id, { id, name, priority: 9 });
  return id;
}

/** Adds a smart group. @returns its id. */
export function addGroup({ world }: Simulation, name: string): string {
  const there = [...world.groups.values()].find((one) => one.name === name);
  if (there) return there.id;
  const id = nextId(world, 'group');
  world.groups.set(id, { id, name, isSmart: true });
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
    coming: [],
    links: [],
    installed: new Map(),
  };
  const { test, production, install } = seed.policies ?? {};
  const isPatched = test !== false || production !== false;
  if (isPatched) world.titles.set(id, title);
  for (const definition of seed.definitions ?? []) define(title, definition);
  for (const name of test === false ? [] : [test ?? `${seed.name} Test`].flat())
    addPatchPolicy(jamf, title, name, 'Testers');
  if (production !== false)
    addPatchPolicy(jamf, title, production ?? `${seed.name} Stable`, 'All Macs');
  if (install !== false) addPolicy(jamf, install ?? `Install ${seed.name}`);
  return title;
}

/** Adds a patch policy as Jamf Pro makes it: disabled, pointed at nothing, for a group. */
function addPatchPolicy(jamf: Simulation, title: Title, name: string, group: string): void {
  const policy = newPatchPolicy(jamf, title.id, name);
  const groups = (one: string) => ({
    computer_group: [{ id: Number(addGroup(jamf, one)), name: one }],
  });
  policy.scope = {
    ...policy.scope,
    computer_groups: groups(group),
    exclusions: { ...tree(policy.scope['exclusions']), computer_groups: groups('Never patch') },
  };
}

/** Adds a patch policy for nobody, with what Jamf Pro fills in. */
export function newPatchPolicy({ world }: Simulation, titleId: string, name: string): PatchPolicy {
  const id = nextId(world, 'patchPolicy');
  const policy: PatchPolicy = {
    id,
    titleId,
    name,
    enabled: false,
    targetVersion: '',
    distributionMethod: 'selfservice',
    allowDowngrade: false,
    patchUnknown: true,
    scope: scopeIn(world, {}),
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
