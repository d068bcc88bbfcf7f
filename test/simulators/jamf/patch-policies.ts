import { ApiRefusal } from './errors.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import type { JamfWorld, PatchLog, PatchPolicy } from './world.ts';
import { text, tree } from './xml.ts';

const READ = 'Read Patch Policies';
const UPDATE = 'Update Patch Policies';

const found = (world: JamfWorld, id: string): PatchPolicy => {
  const policy = world.patchPolicies.get(id);
  if (!policy) throw new ApiRefusal(404, 'INVALID_ID', `No patch policy ${id}`, 'id');
  return policy;
};

/** The classic API says `prompt` for what this one calls `automatically` (schema, example). */
const deployment = ({ distributionMethod }: PatchPolicy): string =>
  distributionMethod === 'prompt' ? 'automatically' : 'selfservice';

/** The logs that the counters count: see the option `counters`. */
const counted = (jamf: Simulation, policy: PatchPolicy): readonly PatchLog[] =>
  jamf.options.counters === 'all-versions'
    ? policy.logs
    : policy.logs.filter(({ version }) => version === policy.targetVersion);

function line(jamf: Simulation, world: JamfWorld, policy: PatchPolicy) {
  const logs = counted(jamf, policy);
  const count = (status: PatchLog['status']) => logs.filter((log) => log.status === status).length;
  return {
    id: policy.id,
    policyName: policy.name,
    policyEnabled: policy.enabled,
    policyTargetVersion: policy.targetVersion,
    policyDeploymentMethod: deployment(policy),
    softwareTitle: world.titles.get(policy.titleId)?.displayName ?? '',
    softwareTitleConfigurationId: policy.titleId,
    pending: count('PENDING'),
    completed: count('COMPLETED'),
    deferred: policy.deferred,
    failed: count('FAILED'),
  };
}

type Line = ReturnType<typeof line>;

const LINE_FIELDS: Fields<Line> = {
  id: (policy) => policy.id,
  policyName: (policy) => policy.policyName,
  policyEnabled: (policy) => policy.policyEnabled,
  policyTargetVersion: (policy) => policy.policyTargetVersion,
  policyDeploymentMethod: (policy) => policy.policyDeploymentMethod,
  softwareTitle: (policy) => policy.softwareTitle,
  softwareTitleConfigurationId: (policy) => policy.softwareTitleConfigurationId,
  pending: (policy) => policy.pending,
  completed: (policy) => policy.completed,
  deferred: (policy) => policy.deferred,
  failed: (policy) => policy.failed,
};

function list(jamf: Simulation, call: Call): Answer {
  const all = [...call.view.patchPolicies.values()].map((policy) => line(jamf, call.view, policy));
  return { status: 200, json: paged(call, all, LINE_FIELDS, (policy) => policy) };
}

function detail(world: JamfWorld, policy: PatchPolicy) {
  const user = policy.userInteraction;
  const notifications = tree(user['notifications']);
  const reminders = tree(notifications['reminders']);
  const deadlines = tree(user['deadlines']);
  const grace = tree(user['grace_period']);
  return {
    id: policy.id,
    name: policy.name,
    enabled: policy.enabled,
    targetPatchVersion: policy.targetVersion,
    deploymentMethod: deployment(policy),
    softwareTitleId: world.titles.get(policy.titleId)?.softwareTitleId ?? '',
    softwareTitleConfigurationId: policy.titleId,
    killAppsDelayMinutes: Number(text(grace['grace_period_duration']) ?? 0),
    killAppsMessage: text(grace['message']) ?? '',
    downgrade: policy.allowDowngrade,
    patchUnknownVersion: policy.patchUnknown,
    notificationHeader: text(notifications['notification_subject']) ?? '',
    selfServiceEnforceDeadline: text(deadlines['deadline_enabled']) === 'true',
    selfServiceDeadline: Number(text(deadlines['deadline_period']) ?? 0),
    installButtonText: text(user['install_button_text']) ?? '',
    selfServiceDescription: text(user['self_service_description']) ?? '',
    iconId: text(tree(user['self_service_icon'])['id']) ?? '-1',
    reminderFrequency: Number(text(reminders['notification_reminder_frequency']) ?? 0),
    reminderEnabled: text(reminders['notification_reminders_enabled']) === 'true',
  };
}

type Detail = ReturnType<typeof detail>;

/** Two of them are not called as the fields are (schema: `policy-details`, parameter `filter`). */
const DETAIL_FIELDS: Fields<Detail> = {
  id: (policy) => policy.id,
  name: (policy) => policy.name,
  enabled: (policy) => policy.enabled,
  targetPatchVersion: (policy) => policy.targetPatchVersion,
  deploymentMethod: (policy) => policy.deploymentMethod,
  softwareTitleId: (policy) => policy.softwareTitleId,
  softwareTitleConfigurationId: (policy) => policy.softwareTitleConfigurationId,
  killAppsDelayMinutes: (policy) => policy.killAppsDelayMinutes,
  killAppsMessage: (policy) => policy.killAppsMessage,
  isDowngrade: (policy) => policy.downgrade,
  isPatchUnknownVersion: (policy) => policy.patchUnknownVersion,
  notificationHeader: (policy) => policy.notificationHeader,
  selfServiceEnforceDeadline: (policy) => policy.selfServiceEnforceDeadline,
  selfServiceDeadline: (policy) => policy.selfServiceDeadline,
  installButtonText: (policy) => policy.installButtonText,
  selfServiceDescription: (policy) => policy.selfServiceDescription,
  iconId: (policy) => policy.iconId,
  reminderFrequency: (policy) => policy.reminderFrequency,
  reminderEnabled: (policy) => policy.reminderEnabled,
};

function details(_jamf: Simulation, call: Call): Answer {
  const all = [...call.view.patchPolicies.values()].map((policy) => detail(call.view, policy));
  return { status: 200, json: paged(call, all, DETAIL_FIELDS, (policy) => policy) };
}

const STATUS_CODES: Readonly<Record<PatchLog['status'], number>> = {
  PENDING: 1,
  COMPLETED: 2,
  FAILED: 3,
};

const LOG_FIELDS: Fields<PatchLog> = {
  deviceId: (log) => log.deviceId,
  deviceName: (log) => log.deviceName,
  statusCode: (log) => STATUS_CODES[log.status],
  statusDate: (log) => log.date,
  attemptNumber: (log) => log.attempts,
  ignoredForPatchPolicyId: () => '',
};

const logShown = (policy: PatchPolicy, log: PatchLog) => ({
  patchPolicyId: policy.id,
  deviceName: log.deviceName,
  deviceId: log.deviceId,
  statusCode: STATUS_CODES[log.status],
  statusDate: log.date,
  statusEnum: log.status,
  attemptNumber: log.attempts,
  ignoredForPatchPolicyId: '',
});

function logs(jamf: Simulation, call: Call): Answer {
  const policy = found(call.view, call.id);
  const show = (log: PatchLog) => logShown(policy, log);
  return {
    status: 200,
    json: paged(call, counted(jamf, policy), LOG_FIELDS, show, 'deviceName:asc'),
  };
}

function deviceLog(jamf: Simulation, call: Call): Answer {
  const policy = found(call.view, call.id);
  const log = counted(jamf, policy).find(({ deviceId }) => deviceId === call.params['deviceId']);
  if (!log) throw new ApiRefusal(404, 'INVALID_ID', 'No log of that device', 'deviceId');
  return { status: 200, json: logShown(policy, log) };
}

function retryCount(jamf: Simulation, call: Call): Answer {
  const policy = found(call.view, call.id);
  const failed = counted(jamf, policy).filter(({ status }) => status === 'FAILED');
  return { status: 200, json: { count: failed.length } };
}

function retry(jamf: Simulation, call: Call): Answer {
  const { deviceIds } = call.json();
  const wanted = Array.isArray(deviceIds) ? deviceIds : [];
  again(jamf, jamf.world.patchPolicies.get(call.id), (log) => wanted.includes(log.deviceId));
  return { status: 204 };
}

/** Says yes to an id that does not exist, as the real one has been seen to. */
function retryAll(jamf: Simulation, call: Call): Answer {
  again(jamf, jamf.world.patchPolicies.get(call.id), () => true);
  return { status: 202 };
}

function again(
  jamf: Simulation,
  policy: PatchPolicy | undefined,
  wanted: (log: PatchLog) => boolean,
): void {
  for (const log of policy ? counted(jamf, policy) : []) {
    if (log.status !== 'FAILED' || !wanted(log)) continue;
    log.status = 'PENDING';
    log.date = jamf.now.toISOString();
    log.attempts += 1;
  }
}

const base = '/api/v2/patch-policies';

export const patchPolicyRoutes: readonly Route[] = [
  route('GET', base, READ, list),
  route('GET', `${base}/policy-details`, READ, details),
  route('GET', `${base}/{id}/logs`, READ, logs),
  route('GET', `${base}/{id}/logs/eligible-retry-count`, READ, retryCount),
  route('GET', `${base}/{id}/logs/{deviceId}`, READ, deviceLog),
  route('POST', `${base}/{id}/logs/retry`, UPDATE, retry),
  route('POST', `${base}/{id}/logs/retry-all`, UPDATE, retryAll),
];
