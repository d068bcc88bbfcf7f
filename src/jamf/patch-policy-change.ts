import { sameVersion, type Version } from '../lifecycle/version.ts';
import { calls } from './calls.ts';
import { type Connection, nothing } from './connection.ts';
import { JamfError } from './error.ts';
import type { PatchPolicies, PatchPolicy } from './patch-policies.ts';
import { lookUntil } from './retry.ts';
import { xml } from './xml.ts';

/** What a patch policy should be; what is left out stays as it is. */
export interface WantedPatchPolicy {
  readonly enabled: boolean;
  readonly target?: Version;
  readonly allowDowngrade?: boolean;
  readonly description?: string;
  /** In days, at least 1: Jamf refuses 0. */
  readonly deadline?: number;
}

/**
 * Ensures that a patch policy is as wanted: nothing is sent when it is already, and only what
 * differs when it isn't. Then it is read until it shows, except where it was only disabled: nothing
 * later relies on that.
 *
 * Only the classic API can write a patch policy. Its PUT merges section by section, but a `<scope>`
 * would replace the whole scope, and what a GET gives is never the whole record: so neither is ever
 * sent.
 *
 * @throws JamfError when Jamf refuses it, or does not show it in the end.
 */
export async function ensurePatchPolicy(
  connection: Connection,
  policies: PatchPolicies,
  policyId: string,
  wanted: WantedPatchPolicy,
): Promise<{ wrote: boolean }> {
  const before = await policies.known(policyId);
  const changes = differences(before, wanted);
  if (Object.keys(changes).length === 0) return { wrote: false };

  const tried = `${described(changes)} the patch policy "${before.name}"`;
  await put(connection, before, changes, tried);
  if (onlyDisabled(changes)) {
    await policies.keep({ ...before, enabled: false });
    return { wrote: true };
  }
  const { seen, asWanted } = await lookUntil(
    connection.wait,
    () => policies.look(policyId),
    (policy) => Object.keys(differences(policy, changes)).length === 0,
  );
  if (!asWanted)
    throw new JamfError(tried, {
      answer: `Jamf Pro took the change, but shows ${shown(differences(seen, changes), seen)}`,
      remedy: 'Look at the policy in Jamf Pro, put it right there, and run it again.',
    });
  for (const what of changedBesides(before, seen, changes))
    connection.log(
      `Jamf Pro: the patch policy "${before.name}" has another ${what} than before PatchBot changed it: look at it in Jamf Pro`,
    );
  await policies.keep({ ...seen, ...(before.counts && { counts: before.counts }) });
  return { wrote: true };
}

type Changes = Partial<WantedPatchPolicy>;

/** What is wanted and isn't so. */
function differences(has: PatchPolicy, wanted: Changes): Changes {
  const { enabled, target, allowDowngrade, description, deadline } = wanted;
  // A policy that installs by itself need not show what Self Service would.
  const shows = has.selfService || has.description !== undefined;
  return {
    ...(enabled !== undefined && enabled !== has.enabled && { enabled }),
    ...(target && !sameVersion(target, has.target) && { target }),
    ...(allowDowngrade !== undefined &&
      allowDowngrade !== has.allowDowngrade && { allowDowngrade }),
    ...(description !== undefined && shows && description !== has.description && { description }),
    ...(deadline !== undefined && has.selfService && deadline !== has.deadline && { deadline }),
  };
}

async function put(
  connection: Connection,
  { id, name, target }: PatchPolicy,
  changes: Changes,
  tried: string,
): Promise<void> {
  const send = (general: { name?: string; target_version?: string } = {}) =>
    connection.ask(calls.changePatchPolicy, {
      tried,
      id,
      body: xml(documentOf(changes, general)),
      read: nothing,
    });
  try {
    await send();
  } catch (error) {
    // The schema calls both required, servers have been seen to do without: sent only where they
    // insist.
    const refused = error instanceof JamfError && [400, 409].includes(error.status ?? 0);
    const insists = refused && /name|target.?version|required/i.test(error.answer ?? '');
    if (!insists || changes.target || !target) throw error;
    await send({ name, target_version: target.text });
  }
}

function documentOf(changes: Changes, required: { name?: string; target_version?: string }) {
  const { enabled, target, allowDowngrade, description, deadline } = changes;
  const general = {
    ...required,
    ...(enabled !== undefined && { enabled }),
    ...(target && { target_version: target.text }),
    ...(allowDowngrade !== undefined && { allow_downgrade: allowDowngrade }),
  };
  const interaction = {
    ...(description !== undefined && { self_service_description: description }),
    ...(deadline !== undefined && {
      deadlines: { deadline_enabled: true, deadline_period: deadline },
    }),
  };
  return {
    patch_policy: {
      ...(Object.keys(general).length > 0 && { general }),
      ...(Object.keys(interaction).length > 0 && { user_interaction: interaction }),
    },
  };
}

function onlyDisabled(changes: Changes): boolean {
  return changes.enabled === false && Object.keys(changes).length === 1;
}

function described({ target, enabled }: Changes): string {
  if (target) return `set to ${target.text}`;
  if (enabled === false) return 'disable';
  return enabled ? 'enable' : 'change';
}

function shown(differing: Changes, seen: PatchPolicy): string {
  const words = Object.keys(differing).map((what) => {
    const value = seen[what as keyof Changes];
    const text = typeof value === 'object' ? value.text : value;
    return text === undefined ? `no ${what}` : `${what} ${JSON.stringify(text)}`;
  });
  return words.join(' and ');
}

/** What nobody meant to change, and is another all the same. */
function changedBesides(before: PatchPolicy, after: PatchPolicy, changes: Changes): string[] {
  const all = ['enabled', 'allowDowngrade', 'description', 'deadline', 'name'] as const;
  return all.filter((what) => !(what in changes) && before[what] !== after[what]);
}
