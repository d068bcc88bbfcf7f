import { ClassicRefusal } from './errors.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';
import { type JamfWorld, type Policy, type PolicyPackage, packageName } from './world.ts';
import { all, merged, type Tree, text, tree } from './xml.ts';

const READ = 'Read Policies';
const UPDATE = 'Update Policies';

const nameOf = (policy: Policy): string => text(policy.sections['general']?.['name']) ?? '';

/** A policy by id or by name. */
function found(world: JamfWorld, call: Call): Policy {
  const { name } = call.params;
  const policy =
    name === undefined
      ? world.policies.get(call.id)
      : [...world.policies.values()].find((one) => nameOf(one) === decodeURIComponent(name));
  if (!policy) throw new ClassicRefusal(404);
  return policy;
}

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

/** Sections merge; the list of packages, where it is sent, is replaced. */
function change(jamf: Simulation, call: Call): Answer {
  found(call.view, call);
  const policy = found(jamf.world, call);
  const body = call.xml('policy');
  const { package_configuration: configuration, ...sections } = body;
  const packages = tree(tree(configuration)['packages']);
  const entries =
    'package' in packages
      ? all(packages['package']).map((entry) => entryIn(jamf.world, entry))
      : text(packages['size']) === '0'
        ? []
        : policy.packages;
  for (const [name, section] of Object.entries(sections))
    policy.sections[name] = merged(policy.sections[name] ?? {}, tree(section));
  policy.packages = entries;
  return { status: 201, xml: { policy: { id: policy.id } } };
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
];
