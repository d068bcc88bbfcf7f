import type { JamfWorld } from './world.ts';

/**
 * All that lasts, in a form that two histories with the same end have in common: without what
 * depends on how often somebody looked.
 */
export function snapshotOf(world: JamfWorld): unknown {
  return {
    packages: [...world.packages.values()].map(({ id, record }) => ({
      id,
      packageName: record.packageName,
      fileName: record.fileName,
      categoryId: record['categoryId'],
      info: record['info'],
    })),
    files: [...world.files]
      .map(([name, { size, sha3512 }]) => ({ name, size, sha3512 }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    titles: [...world.titles.values()].map(({ id, displayName, links, definitions }) => ({
      id,
      displayName,
      links,
      definitions: definitions.map(({ version }) => version),
    })),
    patchPolicies: [...world.patchPolicies.values()].map(
      ({ partialReads: _, logs, ...policy }) => ({ ...policy, logs: logs.length }),
    ),
    policies: [...world.policies.values()].map(({ id, sections, packages }) => ({
      id,
      sections,
      packages,
    })),
  };
}
