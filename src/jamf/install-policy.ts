import { z } from 'zod';
import { type PackageId, packageId } from '../lifecycle/package.ts';
import { calls } from './calls.ts';
import { type Connection, nothing } from './connection.ts';
import { JamfError } from './error.ts';
import { id } from './field.ts';
import type { Policies } from './policies.ts';
import { lookUntil } from './retry.ts';
import { readXml, xml } from './xml.ts';

/**
 * An entry of a policy's package list; what else it has (`action`, `fut`, …) is sent back as it
 * came.
 */
const entry = z.looseObject({ id, name: z.string().optional() });
type Entry = z.infer<typeof entry>;

const listed = z
  .union([z.literal(''), z.looseObject({ package: z.union([entry, z.array(entry)]).optional() })])
  .optional()
  .transform((packages) => (packages ? [packages.package ?? []].flat() : []));

/** The classic schema `policy`, as far as it is needed. */
const document = z.object({
  policy: z.object({
    package_configuration: z
      .union([z.literal(''), z.looseObject({ packages: listed })])
      .optional()
      .transform((section) => (section ? section.packages : [])),
  }),
});

/**
 * Ensures that a policy installs this package, in place of the one it had for the same application;
 * everything else in the policy stays. Only the classic API knows policies.
 *
 * @throws JamfError when Jamf refuses it, does not show it in the end, or the policy installs
 *   several packages and none is clearly the one to replace.
 */
export async function ensureInstallPolicy(
  connection: Connection,
  policies: Policies,
  policyId: string,
  wanted: { readonly id: PackageId; readonly file: string },
): Promise<{ wrote: boolean }> {
  const name = await policies.nameOf(policyId);
  const tried = `let the policy "${name}" install ${wanted.file}`;
  const look = () => entriesOf(connection, policyId, tried);
  const before = await look();
  const after = replaced(before, wanted, tried, name);
  if (same(before, after)) return { wrote: false };

  await connection.ask(calls.changePolicy, {
    tried,
    id: policyId,
    body: xml({
      policy: {
        package_configuration: { packages: { size: after.length, package: after } },
      },
    }),
    read: nothing,
  });
  const { seen, asWanted } = await lookUntil(connection.wait, look, (now) => same(now, after));
  if (asWanted) return { wrote: true };
  throw new JamfError(tried, {
    answer: `Jamf Pro took the change, but the policy installs ${seen.map((one) => `"${one.name ?? one.id}"`).join(' and ') || 'nothing'}`,
    remedy:
      'Look at the packages of the policy in Jamf Pro, put them right there, and run it again.',
  });
}

/** A package that a policy installs. */
export interface InstalledPackage {
  readonly id: PackageId;
  readonly name: string;
}

/** The packages that a policy installs. */
export async function packagesOf(
  connection: Connection,
  policyId: string,
): Promise<readonly InstalledPackage[]> {
  const entries = await entriesOf(connection, policyId, `read the packages of policy ${policyId}`);
  return entries.map(({ id, name }) => ({ id: packageId(id), name: name ?? id }));
}

function entriesOf(connection: Connection, policyId: string, tried: string) {
  return connection.ask(calls.policy, {
    tried,
    id: policyId,
    read: (answer) => readXml(answer, document).policy.package_configuration,
  });
}

/** The package list with the wanted one in its place. */
function replaced(
  before: readonly Entry[],
  wanted: { readonly id: PackageId; readonly file: string },
  tried: string,
  policy: string,
): readonly Entry[] {
  if (before.some((one) => one.id === wanted.id)) return before;
  const [only] = before;
  if (!only) return [{ id: wanted.id, action: 'Install' }];
  const akin = before.filter((one) => stem(one.name ?? '') === stem(wanted.file));
  const old = before.length === 1 ? only : akin[0];
  if (!old || (before.length > 1 && akin.length !== 1))
    throw new JamfError(tried, {
      answer: `the policy "${policy}" installs ${before.length} packages, and it is not clear which one to replace`,
      remedy: 'Give the application a policy of its own in Jamf Pro, and run it again.',
    });
  // The name is Jamf's to fill in: one that differs from the id's would win over it.
  return before.map((one) => {
    if (one !== old) return one;
    const { name: _, ...rest } = one;
    return { ...rest, id: wanted.id };
  });
}

/** A file's name up to its version: "Firefox-127.0.pkg" and "Firefox-128.0.1.pkg" have the same. */
function stem(file: string): string {
  return file.toLowerCase().replace(/[-_ .]?v?\d.*$/, '');
}

function same(one: readonly Entry[], other: readonly Entry[]): boolean {
  return one.length === other.length && one.every(({ id }, at) => id === other[at]?.id);
}
