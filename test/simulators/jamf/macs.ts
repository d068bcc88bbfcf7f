import type { Simulation } from './simulation.ts';
import type { PatchPolicy } from './world.ts';

/** How many Macs got a policy's version, how many failed, how many have still to try. */
export interface MacsOutcome {
  readonly completed?: number;
  readonly failed?: number;
  readonly pending?: number;
}

/** Macs check in and get whatever an enabled patch policy offers them. */
export function macsCheckIn(jamf: Simulation, macs: number): void {
  for (const policy of jamf.world.patchPolicies.values())
    if (policy.enabled && policy.targetVersion !== '')
      macsInstall(jamf, policy, { completed: macs });
}

/**
 * Macs check in and do what a patch policy offers: its logs grow, and the title's patch report. The
 * same Macs are used again for each version, as in a real test ring.
 */
export function macsInstall(
  jamf: Simulation,
  policy: PatchPolicy,
  { completed = 0, failed = 0, pending = 0 }: MacsOutcome,
): void {
  const version = policy.targetVersion;
  const date = jamf.now.toISOString();
  const statuses = [
    ...Array.from({ length: completed }, () => 'COMPLETED' as const),
    ...Array.from({ length: failed }, () => 'FAILED' as const),
    ...Array.from({ length: pending }, () => 'PENDING' as const),
  ];
  const title = jamf.world.titles.get(policy.titleId);
  for (const [index, status] of statuses.entries()) {
    const deviceId = `${Number(policy.id) * 1000 + index}`;
    const deviceName = `Mac ${deviceId}`;
    const before = policy.logs.findIndex(
      (log) => log.deviceId === deviceId && log.version === version,
    );
    const attempts = before < 0 ? 1 : (policy.logs[before]?.attempts ?? 0) + 1;
    const log = { deviceId, deviceName, version, status, date, attempts };
    if (before < 0) policy.logs.push(log);
    else policy.logs[before] = log;
    if (status === 'COMPLETED') title?.installed.set(deviceId, { deviceName, version, date });
  }
}
