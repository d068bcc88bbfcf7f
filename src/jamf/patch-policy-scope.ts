import { z } from 'zod';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { readXml } from './xml.ts';

/** Whom a patch policy is for. */
export type Scope = 'nobody' | 'some' | 'all';

const targets = ['computers', 'computer_groups', 'buildings', 'departments'] as const;

/**
 * The classic schema `patch_policy`, as far as it is needed: only the scope can't be read
 * elsewhere.
 */
const document = z.object({
  patch_policy: z.object({
    scope: z.union([z.literal('').transform(() => ({})), z.record(z.string(), z.unknown())]),
  }),
});

/** Whom a patch policy is for: no Macs, some of them, or all. Only the classic API tells. */
export function scopeOf(connection: Connection, policyId: string): Promise<Scope> {
  return connection.ask(calls.patchPolicy, {
    tried: `read the scope of the patch policy ${policyId}`,
    id: policyId,
    read: (answer) => {
      const scope: Readonly<Record<string, unknown>> = readXml(answer, document).patch_policy.scope;
      if (scope['all_computers'] === 'true') return 'all';
      // An element without children is an empty text.
      return targets.some((name) => typeof scope[name] === 'object') ? 'some' : 'nobody';
    },
  });
}
