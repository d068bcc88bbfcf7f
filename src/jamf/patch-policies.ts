import { z } from 'zod';
import type { PatchPolicyFacts } from '../lifecycle/title.ts';
import { type Version, version } from '../lifecycle/version.ts';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { JamfError } from './error.ts';
import { flag, id, number, text } from './field.ts';
import { Kept } from './kept.ts';
import { allPages } from './paging.ts';

/** A patch policy: of its facts, `description` is absent where Jamf has none to tell. */
export interface PatchPolicy extends PatchPolicyFacts {
  readonly id: string;
  readonly name: string;
  /** The configuration id of its patch title. */
  readonly title: string;
  readonly allowDowngrade?: boolean;
  /** In days; absent when it is not enforced. */
  readonly deadline?: number;
  /** Whether it waits in Self Service, rather than installing by itself. */
  readonly selfService: boolean;
}

/** Schema `PatchPolicyDetail`, as far as it is needed. */
const detail = z.object({
  id,
  name: text,
  enabled: flag,
  targetPatchVersion: text,
  deploymentMethod: text,
  softwareTitleConfigurationId: id.nullish().transform((value) => value ?? ''),
  downgrade: flag,
  selfServiceEnforceDeadline: flag,
  selfServiceDeadline: number,
  selfServiceDescription: text,
});

/** Schema `PatchPolicyListView`, as far as it is needed. */
const line = z.object({ id, completed: number, failed: number, pending: number });

/**
 * How far two looks at a policy must be apart, in milliseconds, before what is missing in both
 * counts: a read right after somebody's write can leave things out.
 */
const apart = 5_000;

/** The fleet's patch policies, read in two calls and kept. */
export class PatchPolicies {
  readonly #connection: Connection;
  readonly #all: Kept<Map<string, PatchPolicy>>;
  readonly #seen = new Map<string, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#all = new Kept(() => this.#read());
  }

  async all(): Promise<readonly PatchPolicy[]> {
    return [...(await this.#all.get()).values()];
  }

  /** As kept. @throws JamfError when there is no such policy. */
  async known(policyId: string): Promise<PatchPolicy> {
    const policy = (await this.#all.get()).get(policyId);
    if (policy) return policy;
    throw notThere(policyId);
  }

  async keep(policy: PatchPolicy): Promise<void> {
    (await this.#all.get()).set(policy.id, policy);
  }

  /**
   * A look at one policy, now; without its counters. @throws JamfError when there is no such
   * policy.
   */
  async look(policyId: string): Promise<PatchPolicy> {
    const found = await allPages(this.#connection, calls.patchPolicyDetails, detail, {
      tried: `read the patch policy ${policyId}`,
      query: { 'page-size': 1, filter: `id==${policyId}` },
    });
    const one = found.find((policy) => policy.id === policyId);
    if (!one) throw notThere(policyId);
    this.#seen.set(policyId, performance.now());
    return policyOf(one);
  }

  /** A second look, some time after the last one. */
  async lookAgain(policyId: string): Promise<PatchPolicy> {
    const since = performance.now() - (this.#seen.get(policyId) ?? Number.NEGATIVE_INFINITY);
    if (since < apart) await this.#connection.wait(Math.ceil(apart - since));
    return this.look(policyId);
  }

  async #read(): Promise<Map<string, PatchPolicy>> {
    const tried = 'read the patch policies';
    const [details, lines] = await Promise.all([
      allPages(this.#connection, calls.patchPolicyDetails, detail, { tried }),
      allPages(this.#connection, calls.patchPolicies, line, { tried }),
    ]);
    const now = performance.now();
    const counts = new Map(
      lines.map(({ id, completed = 0, failed = 0, pending = 0 }) => [
        id,
        { completed, failed, pending },
      ]),
    );
    return new Map(
      details.map((one) => {
        this.#seen.set(one.id, now);
        const counted = counts.get(one.id);
        return [one.id, { ...policyOf(one), ...(counted && { counts: counted }) }];
      }),
    );
  }
}

function policyOf(of: z.infer<typeof detail>): PatchPolicy {
  const selfService = !of.deploymentMethod || /self.?service/i.test(of.deploymentMethod);
  const target = targetOf(of.targetPatchVersion);
  const description = of.selfServiceDescription;
  // A policy that installs by itself may have no description to show: an empty one says nothing
  // then.
  const saysDescription = description !== undefined && (description !== '' || selfService);
  return {
    id: of.id,
    name: of.name ?? of.id,
    title: of.softwareTitleConfigurationId,
    enabled: of.enabled ?? false,
    selfService,
    ...(target && { target }),
    ...(saysDescription && { description }),
    ...(of.downgrade !== undefined && { allowDowngrade: of.downgrade }),
    ...(of.selfServiceEnforceDeadline &&
      of.selfServiceDeadline !== undefined && { deadline: of.selfServiceDeadline }),
  };
}

/** A policy that was never pointed at a version has an empty one. */
function targetOf(spelled: string | undefined): Version | undefined {
  try {
    return spelled === undefined ? undefined : version(spelled);
  } catch {
    return undefined;
  }
}

function notThere(policyId: string): JamfError {
  return new JamfError(`find the patch policy ${policyId}`, {
    answer: 'it is not among the patch policies',
    remedy: 'Somebody has removed it: look under Computers > Patch Management.',
  });
}
