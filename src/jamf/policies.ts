import { z } from 'zod';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { id, text } from './field.ts';
import { Kept } from './kept.ts';
import { readXml } from './xml.ts';

/** A policy of Jamf Pro (no patch policy): what installs a package on new Macs. */
export interface Policy {
  readonly id: string;
  readonly name: string;
}

const named = z.object({ id, name: text });

/** The classic list: no element at all, one, or many of a name. */
const list = z.object({
  policies: z
    .union([
      z.literal('').transform(() => ({ policy: [] })),
      z.object({ policy: z.unknown().optional() }),
    ])
    .transform(({ policy }) => [policy ?? []].flat()),
});

/** The list of policies, read in one call and kept. */
export class Policies {
  readonly #all: Kept<readonly Policy[]>;

  constructor(connection: Connection) {
    this.#all = new Kept(() =>
      connection.ask(calls.policies, {
        tried: 'read the policies',
        read: (answer) =>
          readXml(answer, list).policies.map((policy) => {
            const { id, name } = named.parse(policy);
            return { id, name: name ?? id };
          }),
      }),
    );
  }

  all(): Promise<readonly Policy[]> {
    return this.#all.get();
  }

  async nameOf(policyId: string): Promise<string> {
    return (await this.all()).find(({ id }) => id === policyId)?.name ?? policyId;
  }
}
