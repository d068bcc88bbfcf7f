import { z } from 'zod';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { id, text } from './field.ts';
import { allPages } from './paging.ts';

/** What a patch policy did on one Mac. */
export interface PatchLogEntry {
  readonly deviceId: string;
  readonly device: string;
  readonly status: 'pending' | 'completed' | 'failed' | 'unknown';
  /** As Jamf writes it: an instant in UTC. */
  readonly date?: string;
}

/** Schema `PatchPolicyLogV2`. */
const entry = z
  .object({ deviceId: id, deviceName: text, statusEnum: text, statusDate: text })
  .transform(({ deviceId, deviceName, statusEnum, statusDate }): PatchLogEntry => {
    const status = z.enum(['pending', 'completed', 'failed']).safeParse(statusEnum?.toLowerCase());
    return {
      deviceId,
      device: deviceName ?? deviceId,
      status: status.success ? status.data : 'unknown',
      ...(statusDate && { date: statusDate }),
    };
  });

/** The logs of a patch policy, Mac by Mac. */
export function patchPolicyLogs(
  connection: Connection,
  policyId: string,
): Promise<readonly PatchLogEntry[]> {
  return allPages(connection, calls.patchPolicyLogs, entry, {
    tried: `read the logs of the patch policy ${policyId}`,
    id: policyId,
  });
}
