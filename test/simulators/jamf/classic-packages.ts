import { ClassicRefusal } from './errors.ts';
import { settle } from './inventory.ts';
import { named } from './named.ts';
import { usualRecord } from './package-record.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';
import {
  type JamfWorld,
  nextId,
  type Package,
  type PackageRecord,
  removePackage,
} from './world.ts';
import { type Tree, text } from './xml.ts';

const READ = 'Read Packages';

const nameOf = ({ record }: Package): string => record.packageName;

const found = (world: JamfWorld, call: Call): Package => named(world.packages, nameOf, call);

const list = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  xml: {
    packages: {
      size: view.packages.size,
      package: [...view.packages.values()].map((one) => ({ id: one.id, name: nameOf(one) })),
    },
  },
});

const NO_CATEGORY = 'No category assigned';

function one(_jamf: Simulation, call: Call): Answer {
  const shown = found(call.view, call);
  settle(call.view, shown);
  const { id, record } = shown;
  const field = (name: string) => record[name] ?? '';
  const xml: Tree = {
    package: {
      id,
      name: record.packageName,
      category: call.view.categories.get(String(record['categoryId']))?.name ?? NO_CATEGORY,
      filename: record.fileName,
      info: field('info'),
      notes: field('notes'),
      priority: field('priority'),
      reboot_required: field('rebootRequired'),
      fill_user_template: field('fillUserTemplate'),
      fill_existing_users: field('fillExistingUsers'),
      allow_uninstalled: false,
      os_requirements: field('osRequirements'),
      required_processor: 'None',
      hash_type: field('hashType'),
      hash_value: field('hashValue'),
      switch_with_package: 'Do Not Install',
      install_if_reported_available: false,
      reinstall_option: 'Do Not Reinstall',
      triggering_files: '',
      send_notification: false,
    },
  };
  return { status: 200, xml };
}

/** Where the classic API's elements are kept, as text. */
const KEPT: Readonly<Record<string, string>> = {
  name: 'packageName',
  filename: 'fileName',
  info: 'info',
  notes: 'notes',
  os_requirements: 'osRequirements',
  hash_type: 'hashType',
  hash_value: 'hashValue',
};

/** Only what is sent is changed. */
function write(world: JamfWorld, record: PackageRecord, sent: Tree): void {
  for (const [element, field] of Object.entries(KEPT)) {
    const value = text(sent[element]);
    if (value !== undefined) record[field] = value;
  }
  const priority = text(sent['priority']);
  if (priority !== undefined) record['priority'] = Number(priority);
  const reboot = text(sent['reboot_required']);
  if (reboot !== undefined) record['rebootRequired'] = reboot === 'true';
  const category = text(sent['category']);
  if (category !== undefined) record['categoryId'] = categoryId(world, category);
}

function categoryId(world: JamfWorld, name: string): string {
  if (name === '' || name === NO_CATEGORY) return '-1';
  const category = [...world.categories.values()].find((known) => known.name === name);
  if (!category) throw new ClassicRefusal(409, `Unable to match category ${name}`);
  return category.id;
}

function change(jamf: Simulation, call: Call): Answer {
  const id = found(call.view, call).id;
  const before = jamf.world.packages.get(id);
  if (!before) throw new ClassicRefusal(404);
  write(jamf.world, before.record, call.xml('package'));
  return { status: 201, xml: { package: { id } } };
}

/** Made at id 0, whatever id is asked for; a name is taken once. */
function create(jamf: Simulation, call: Call): Answer {
  const sent = call.xml('package');
  const name = text(sent['name']);
  if (!name || !text(sent['filename'])) throw new ClassicRefusal(409, 'Name and filename required');
  if ([...jamf.world.packages.values()].some((other) => nameOf(other) === name))
    throw new ClassicRefusal(409, 'Duplicate name');
  return { status: 201, xml: { package: { id: addPackage(jamf, sent).id } } };
}

/** A record with what Jamf Pro fills in. */
export function addPackage({ world }: Simulation, sent: Tree): Package {
  const record: PackageRecord = { packageName: '', fileName: '', ...usualRecord };
  write(world, record, sent);
  const made: Package = { id: nextId(world, 'package'), record, history: [] };
  world.packages.set(made.id, made);
  return made;
}

function remove(jamf: Simulation, call: Call): Answer {
  const { id } = found(call.view, call);
  removePackage(jamf.world, id);
  return { status: 200, xml: { package: { id } } };
}

const base = '/JSSResource/packages';

export const classicPackageRoutes: readonly Route[] = [
  route('GET', base, READ, list),
  route('GET', `${base}/id/{id}`, READ, one),
  route('GET', `${base}/name/{name}`, READ, one),
  route('PUT', `${base}/id/{id}`, 'Update Packages', change),
  route('PUT', `${base}/name/{name}`, 'Update Packages', change),
  route('POST', `${base}/id/{id}`, 'Create Packages', create),
  route('DELETE', `${base}/id/{id}`, 'Delete Packages', remove),
];
