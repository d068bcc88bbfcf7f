import { ClassicRefusal } from './errors.ts';
import { named } from './named.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';
import { type JamfWorld, nextId, type Policy, type PolicyPackage, packageName } from './world.ts';
import { all, merged, type Tree, text, tree } from './xml.ts';

const READ = 'Read Policies';
const UPDATE = 'Update Policies';

const nameOf = (policy: Policy): string => text(policy.sections['general']?.['name']) ?? '';

const found = (world: JamfWorld, call: Call): Policy => named(world.policies, nameOf, call);

const list = (_jamf: Simulation, { view }: Call): Answer => {
  const policies = [...view.policies.values()];
  return {
    status: 200,
    xml: {
      policies: {
        size: policies.length,
        policy: policies.map((policy) => ({ id: policy.id, name: nameOf(policy) })),
      },
    },
  };
};

function one(_jamf: Simulation, call: Call): Answer {
  const policy = found(call.view, call);
  const { general, ...others } = policy.sections;
  const packages = policy.packages.map((entry) => ({
    id: entry.id,
    name: packageName(call.view, entry.id),
    action: entry.action,
    fut: entry.fut,
    feu: entry.feu,
    update_autorun: entry.updateAutorun,
  }));
  const xml: Tree = {
    policy: {
      general: { id: policy.id, ...general },
      ...others,
      package_configuration: {
        packages: { size: packages.length, package: packages },
        distribution_point: 'default',
      },
    },
  };
  return { status: 200, xml };
}

function change(jamf: Simulation, call: Call): Answer {
  const { id } = found(call.view, call);
  const policy = jamf.world.policies.get(id);
  if (!policy) throw new ClassicRefusal(404);
  write(jamf.world, policy, call.xml('policy'));
  return { status: 201, xml: { policy: { id } } };
}

/** Sections merge; the list of packages, where it is sent, is replaced. */
function write(world: JamfWorld, policy: Policy, body: Tree): void {
  const { package_configuration: configuration, ...sections } = body;
  const packages = tree(tree(configuration)['packages']);
  const entries =
    'package' in packages
      ? all(packages['package']).map((entry) => entryIn(world, entry))
      : text(packages['size']) === '0'
        ? []
        : policy.packages;
  for (const [name, section] of Object.entries(sections)) {
    const { id: _, ...leaves } = tree(section);
    policy.sections[name] = merged(policy.sections[name] ?? {}, leaves);
  }
  policy.packages = entries;
}

/** Made at id 0, whatever id is asked for. */
function create(jamf: Simulation, call: Call): Answer {
  const body = call.xml('policy');
  const name = text(tree(body['general'])['name']) ?? '';
  if (name === '') throw new ClassicRefusal(409, 'Name is required');
  const clashes = [...jamf.world.policies.values()].some((policy) => nameOf(policy) === name);
  if (clashes) throw new ClassicRefusal(409, 'Duplicate name');
  const policy: Policy = { id: '', sections: { general: { enabled: true } }, packages: [] };
  write(jamf.world, policy, body);
  const id = nextId(jamf.world, 'policy');
  jamf.world.policies.set(id, { ...policy, id });
  return { status: 201, xml: { policy: { id } } };
}

/** An entry names its package by id, or by name; a name wins, when both are there. */
function entryIn(world: JamfWorld, entry: Tree): PolicyPackage {
  const name = text(entry['name']);
  const byName = name
    ? [...world.packages.values()].find(({ record }) => record.packageName === name)?.id
    : undefined;
  const id = byName ?? text(entry['id']) ?? '';
  if (!world.packages.has(id))
    throw new ClassicRefusal(409, `Problem with package in policy: no package ${id || name}`);
  return {
    id,
    action: text(entry['action']) ?? 'Install',
    fut: text(entry['fut']) ?? 'false',
    feu: text(entry['feu']) ?? 'false',
    updateAutorun: text(entry['update_autorun']) ?? 'false',
  };
}

const base = '/JSSResource/policies';

export const classicPolicyRoutes: readonly Route[] = [
  route('GET', base, READ, list),
  route('GET', `${base}/id/{id}`, READ, one),
  route('PUT', `${base}/id/{id}`, UPDATE, change),
  route('GET', `${base}/name/{name}`, READ, one),
  route('PUT', `${base}/name/{name}`, UPDATE, change),
  route('POST', `${base}/id/{id}`, 'Create Policies', create),
];
