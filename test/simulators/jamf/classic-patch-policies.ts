import { ClassicRefusal } from './errors.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import { isForNobody, scopeIn } from './scope.ts';
import { newPatchPolicy } from './seed-titles.ts';
import type { Simulation } from './simulation.ts';
import { type JamfWorld, type PatchPolicy, whyNotTarget } from './world.ts';
import { merged, type Tree, text, tree } from './xml.ts';

const READ = 'Read Patch Policies';
const UPDATE = 'Update Patch Policies';

const found = (world: JamfWorld, id: string): PatchPolicy => {
  const policy = world.patchPolicies.get(id);
  if (!policy) throw new ClassicRefusal(404);
  return policy;
};

/** What the definition of the target says, whatever a client has sent. */
function derived(world: JamfWorld, policy: PatchPolicy): Tree {
  const definitions = world.titles.get(policy.titleId)?.definitions ?? [];
  const target = definitions.find(({ version }) => version === policy.targetVersion);
  return {
    release_date: target ? Date.parse(`${target.releaseDate.replace(' ', 'T')}Z`) : 0,
    incremental_update: false,
    reboot: target?.rebootRequired ?? false,
    minimum_os: target?.minimumOperatingSystem ?? '',
    kill_apps: {
      kill_app: (target?.killApps ?? []).map(({ appName, bundleId }) => ({
        kill_app_name: appName,
        kill_app_bundle_id: bundleId,
      })),
    },
  };
}

/** A read right after a write can lack all of `user_interaction` but the grace period. */
function userInteraction(policy: PatchPolicy): Tree {
  if (policy.partialReads > 0) {
    policy.partialReads -= 1;
    return { grace_period: policy.userInteraction['grace_period'] };
  }
  // Neither is ever given back.
  const {
    notification_type: _,
    notification_message: __,
    ...notifications
  } = tree(policy.userInteraction['notifications']);
  return { ...policy.userInteraction, notifications };
}

function shown(world: JamfWorld, policy: PatchPolicy): Record<string, Tree> {
  const general = {
    id: policy.id,
    name: policy.name,
    enabled: policy.enabled,
    target_version: policy.targetVersion,
    ...derived(world, policy),
    distribution_method: policy.distributionMethod,
    allow_downgrade: policy.allowDowngrade,
    patch_unknown: policy.patchUnknown,
  };
  return { general, scope: policy.scope, user_interaction: userInteraction(policy) };
}

function one(jamf: Simulation, { view, id }: Call): Answer {
  const policy = found(view, id);
  const title = jamf.options.showsTitleOfPatchPolicy && {
    software_title_configuration_id: policy.titleId,
  };
  return { status: 200, xml: { patch_policy: { ...shown(view, policy), ...title } } };
}

/** `General&Scope` and the like. */
function subset(_jamf: Simulation, { view, id, params }: Call): Answer {
  const wanted = decodeURIComponent(params['subset'] ?? '')
    .split('&')
    .map((name) => name.toLowerCase());
  const sections = Object.entries(shown(view, found(view, id))).filter(([name]) =>
    wanted.includes(name.replaceAll('_', '')),
  );
  return { status: 200, xml: { patch_policy: Object.fromEntries(sections) } };
}

function change(jamf: Simulation, call: Call): Answer {
  found(call.view, call.id);
  const policy = found(jamf.world, call.id);
  write(jamf, policy, call.xml('patch_policy'));
  policy.partialReads = jamf.partialReads;
  return jamf.options.classicPutAnswers === 'id'
    ? { status: 201, xml: { patch_policy: { id: policy.id } } }
    : { status: 201 };
}

/** Merges by section, but for the scope: whatever of it a client leaves out is cleared. */
function write(jamf: Simulation, policy: PatchPolicy, body: Tree): void {
  const general = tree(body['general']);
  const scope = 'scope' in body ? scopeIn(jamf.world, tree(body['scope'])) : policy.scope;
  const flag = (name: string, old: boolean) => {
    const value = text(general[name]);
    return value === undefined ? old : value === 'true';
  };
  const target = text(general['target_version']) ?? policy.targetVersion;
  if (target !== policy.targetVersion) {
    const why = whyNotTarget(jamf.world.titles.get(policy.titleId), target);
    if (why) throw new ClassicRefusal(409, why);
  }
  const enabled = flag('enabled', policy.enabled);
  if (enabled && isForNobody(scope))
    throw new ClassicRefusal(409, 'A patch policy must have a scope to be enabled');
  const user = merged(policy.userInteraction, tree(body['user_interaction']));
  if (Number(text(tree(user['deadlines'])['deadline_period']) ?? 7) < 1)
    throw new ClassicRefusal(409, 'deadline_period must be at least 1');
  if (text(general['name']) === '') throw new ClassicRefusal(409, 'name is required');

  policy.name = text(general['name']) ?? policy.name;
  policy.enabled = enabled;
  policy.targetVersion = target;
  // A method that it does not know becomes "prompt", without a word.
  const method = text(general['distribution_method']);
  if (method !== undefined)
    policy.distributionMethod = method === 'selfservice' ? 'selfservice' : 'prompt';
  policy.allowDowngrade = flag('allow_downgrade', policy.allowDowngrade);
  policy.patchUnknown = flag('patch_unknown', policy.patchUnknown);
  policy.scope = scope;
  policy.userInteraction = user;
}

function create(jamf: Simulation, call: Call): Answer {
  if (!jamf.world.titles.has(call.id)) throw new ClassicRefusal(404);
  const body = call.xml('patch_policy');
  const name = text(tree(body['general'])['name']) ?? '';
  const policy = newPatchPolicy(jamf, call.id, name);
  try {
    write(jamf, policy, body);
  } catch (error) {
    jamf.world.patchPolicies.delete(policy.id);
    throw error;
  }
  return { status: 201, xml: { patch_policy: { id: policy.id } } };
}

function remove(jamf: Simulation, call: Call): Answer {
  const { id } = found(call.view, call.id);
  jamf.world.patchPolicies.delete(id);
  return { status: 200, xml: { patch_policy: { id } } };
}

const listed = (policies: readonly PatchPolicy[]): Tree => ({
  patch_policies: {
    size: policies.length,
    patch_policy: policies.map(({ id, name }) => ({ id, name })),
  },
});

const list = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  xml: listed([...view.patchPolicies.values()]),
});

const ofTitle = (_jamf: Simulation, { view, id }: Call): Answer => ({
  status: 200,
  xml: listed([...view.patchPolicies.values()].filter(({ titleId }) => titleId === id)),
});

const base = '/JSSResource/patchpolicies';
const deprecated = { deprecated: { since: [11, 0], date: '2025-02-01' } } as const;

export const classicPatchPolicyRoutes: readonly Route[] = [
  route('GET', base, READ, list, deprecated),
  route('GET', `${base}/softwaretitleconfig/id/{id}`, READ, ofTitle, deprecated),
  route('GET', `${base}/id/{id}`, READ, one),
  route('GET', `${base}/id/{id}/subset/{subset}`, READ, subset),
  route('PUT', `${base}/id/{id}`, UPDATE, change),
  route('POST', `${base}/softwaretitleconfig/id/{id}`, 'Create Patch Policies', create),
  route('DELETE', `${base}/id/{id}`, 'Delete Patch Policies', remove),
];
