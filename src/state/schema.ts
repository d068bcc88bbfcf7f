import { z } from 'zod';
import type { Hold } from '../lifecycle/hold.ts';
import { type Digest, digest, type Package, packageId } from '../lifecycle/package.ts';
import type { Older, Production, TitleState } from '../lifecycle/title.ts';
import { type Version, version } from '../lifecycle/version.ts';
import { dateSchema } from '../yaml/date.ts';
import { acceptedSchema, madeFromSchema } from './made-from.ts';

/*
 * state/<title>.yaml: facts, never phases. Unknown keys are let be: they are somebody's. A section
 * without a value says nothing, as one that is missing.
 */

/** The only version of this format so far. */
export const stateFormat = 1;

const quoted = 'write the version in quotes ("127.0"), or YAML takes it for a number';

function refined<Output>(read: (text: string) => Output) {
  return (text: string, context: z.RefinementCtx): Output => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  };
}

const versionSchema = z
  .string({ error: quoted })
  .transform(refined<Version>(version))
  .describe('The version, in quotes');

const digestSchema = z
  .string({ error: 'write the SHA3-512 digest as text' })
  .transform(refined<Digest>(digest))
  .describe("The SHA3-512 digest of the package's file: its identity");

const packageKeys = {
  version: versionSchema,
  file: z
    .string()
    .regex(/^[^/\\\p{Cc}]+$/u, "write the package's file name without folders")
    .describe("The package's file name in Jamf Pro"),
  size: z.int().min(0).describe('In bytes'),
  'sha3-512': digestSchema,
  'jamf-id': z
    .union([z.string(), z.int().transform(String)])
    .transform(refined(packageId))
    .describe('The id of the package in Jamf Pro'),
  'made-from': madeFromSchema.optional(),
};

const definitionSchema = versionSchema
  .optional()
  .describe('The version of the patch definition, exactly as Jamf spells it');

const holdSchema = z.looseObject(
  {
    version: versionSchema.optional(),
    reason: z
      .string({ error: 'write the reason of the hold' })
      .min(1, 'write the reason of the hold'),
    by: z.string({ error: 'write who holds it' }).min(1, 'write who holds it'),
    since: dateSchema,
    until: dateSchema.optional(),
  },
  { error: 'write a hold with "reason", "by" and "since", or a list of such holds' },
);

const productionSchema = z.looseObject({
  ...packageKeys,
  definition: definitionSchema,
  tested: dateSchema
    .optional()
    .describe('The first day of the test that it was approved upon; absent for an emergency'),
  emergency: z
    .looseObject({ by: z.string(), reason: z.string() })
    .optional()
    .describe('Present when it was promoted in an emergency'),
});

export const stateSchema = z
  .looseObject({
    schema: z.literal(stateFormat, {
      error: `write "schema: ${stateFormat}": this PatchBot knows no other format of state`,
    }),
    package: z
      .looseObject(packageKeys)
      .nullish()
      .describe('The newest package that AutoPkg built and Jamf Pro has'),
    waiting: z
      .looseObject({ version: versionSchema, since: dateSchema })
      .nullish()
      .describe('The package that is not in test yet, and since when it waits'),
    testing: z
      .looseObject({
        ...packageKeys,
        definition: definitionSchema,
        since: dateSchema,
        rings: z
          .record(z.string(), dateSchema)
          .optional()
          .describe('The first day in each ring that it has entered, where there are several'),
      })
      .nullish()
      .describe('The package that went to the testers last, and the first day of its soak'),
    hold: z
      .union([holdSchema, z.array(holdSchema)], {
        error: 'write a hold with "reason", "by" and "since", or a list of such holds',
      })
      .nullish()
      .describe('What must not move: a version, or without one the whole title'),
    production: productionSchema.nullish().describe('What the fleet should be offered'),
    previous: productionSchema.nullish().describe('What the fleet was offered before'),
    offered: z
      .looseObject({
        version: versionSchema,
        definition: definitionSchema,
        'sha3-512': digestSchema,
        since: dateSchema,
      })
      .nullish()
      .describe('What Jamf Pro was last made to offer the fleet, and since when'),
    accepted: acceptedSchema.nullish(),
    older: z
      .array(
        z.looseObject({
          ...packageKeys,
          replaced: dateSchema.describe('The day on which a newer package was built'),
          offered: dateSchema.optional().describe('Since when the fleet was offered it'),
        }),
      )
      .nullish()
      .describe('Packages that were the newest once, and that Jamf Pro still has'),
  })
  .describe('Where a title stands: written by PatchBot, readable and mendable by people');

type StateFile = z.output<typeof stateSchema>;
type PackageFile = NonNullable<StateFile['package']>;
type HoldFile = z.output<typeof holdSchema>;
type ProductionFile = NonNullable<StateFile['production']>;

/** The facts in a state file. */
export function stateOf(file: StateFile): TitleState {
  const { testing, offered } = file;
  const holds = [file.hold ?? []].flat().map(holdOf);
  const older = (file.older ?? []).map(
    (one): Older => ({
      package: packageOf(one),
      replaced: one.replaced,
      ...(one.offered && { offered: one.offered }),
    }),
  );
  return {
    ...(file.package && { package: packageOf(file.package) }),
    ...(file.waiting && { waiting: { version: file.waiting.version, since: file.waiting.since } }),
    ...(testing && {
      testing: {
        package: packageOf(testing),
        ...(testing.definition && { definition: testing.definition }),
        since: testing.since,
        ...(testing.rings && { rings: new Map(Object.entries(testing.rings)) }),
      },
    }),
    ...(holds.length > 0 && { holds }),
    ...(file.production && { production: productionOf(file.production) }),
    ...(file.previous && { previous: productionOf(file.previous) }),
    ...(file.accepted && { accepted: file.accepted }),
    ...(offered && {
      offered: {
        version: offered.version,
        ...(offered.definition && { definition: offered.definition }),
        digest: offered['sha3-512'],
        since: offered.since,
      },
    }),
    ...(older.length > 0 && { older }),
  };
}

function packageOf(file: PackageFile): Package {
  return {
    version: file.version,
    file: file.file,
    size: file.size,
    digest: file['sha3-512'],
    jamfId: file['jamf-id'],
    ...(file['made-from'] && { madeFrom: file['made-from'] }),
  };
}

function holdOf(file: HoldFile): Hold {
  return {
    ...(file.version && { version: file.version }),
    reason: file.reason,
    by: file.by,
    since: file.since,
    ...(file.until && { until: file.until }),
  };
}

function productionOf(file: ProductionFile): Production {
  return {
    package: packageOf(file),
    ...(file.definition && { definition: file.definition }),
    ...(file.tested && { tested: file.tested }),
    ...(file.emergency && {
      emergency: { by: file.emergency.by, reason: file.emergency.reason },
    }),
  };
}
