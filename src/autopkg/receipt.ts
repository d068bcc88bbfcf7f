import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { type Version, version } from '../lifecycle/version.ts';
import { readPlist } from './plist.ts';

const values = z.record(z.string(), z.unknown());

/** A receipt: what each step of a run was given and gave back (AutoPkg's `AutoPackager.results`). */
export const receiptSchema = z.array(
  z.object({
    'Recipe input': values.optional(),
    Processor: z.string().optional(),
    Input: values.optional(),
    /** Holds only what is not empty, false or zero. */
    Output: values.optional(),
    RecipeError: z.string().optional(),
  }),
);

export type Receipt = z.output<typeof receiptSchema>;
type Step = Receipt[number];

/**
 * Reads a receipt.
 *
 * @throws Error when there is none, or when it is broken (AutoPkg was killed while writing it).
 */
export async function readReceipt(path: string): Promise<Receipt> {
  return receiptSchema.parse(await readPlist(path));
}

/** The package that a receipt names. */
export interface NamedPackage {
  readonly path: string;
  /** Absent when no step of the recipe gave one. */
  readonly version?: Version;
  /** Whether that run made the file, or found it there from before. */
  readonly made: boolean;
}

/**
 * The package that a run ended with. The last step that names one wins; a download that is a package
 * counts only when no step names one, and the run went to its end: a step that it stopped before may
 * have been the one that makes the package. A run that failed names none: what made it fail may have
 * been the check of that very package.
 */
export function packageIn(receipt: Receipt): NamedPackage | undefined {
  if (receipt.some((step) => step.RecipeError !== undefined)) return undefined;
  const found =
    last(receipt, packagePath) ??
    last(receipt, givenPath) ??
    (stoppedEarly(receipt) ? undefined : last(receipt, download));
  if (!found) return undefined;
  const built = versionIn(receipt, found.step);
  return {
    path: found.value,
    made: madeSomething(found.step),
    ...(built && { version: built }),
  };
}

/** Whether a step ended the run early (StopProcessingIf and its kin). */
export function stoppedEarly(receipt: Receipt): boolean {
  return receipt.some((step) => step.Output?.stop_processing_recipe === true);
}

/**
 * The package that a step made. Most say so as `pkg_path` (PkgCreator, PkgCopier); AppPkgCreator
 * doesn't declare that output, so its receipt has it in the summary alone; FlatPkgPacker has no
 * output at all, only what it was asked for.
 */
function packagePath(step: Step): string | undefined {
  const own = absolute(step.Output?.pkg_path);
  if (own) return own;
  for (const summary of summaries(step)) {
    const path = absolute(summary.data?.pkg_path);
    if (path) return path;
  }
  return step.Processor === 'FlatPkgPacker' ? absolute(step.Input?.destination_pkg) : undefined;
}

/** The package that a step was given (VariableSetter sets `pkg_path` without leaving an output). */
function givenPath(step: Step): string | undefined {
  return absolute(step.Input?.pkg_path);
}

function download(step: Step): string | undefined {
  const path = absolute(step.Output?.pathname);
  return path && /\.pkg$/i.test(path) ? path : undefined;
}

function madeSomething(step: Step): boolean {
  return (
    step.Output?.new_package_request === true ||
    step.Output?.download_changed === true ||
    summaries(step).length > 0
  );
}

/**
 * The version that the run ended with: of all steps that give one (Versioner, URLTextSearcher,
 * PlistReader, AppDmgVersioner and many more) the last; else the one that the package was asked to be
 * built with; else the one that the override sets.
 */
function versionIn(receipt: Receipt, packaging: Step): Version | undefined {
  const stated = last(receipt, (step) => versionOf(step.Output?.version ?? step.Input?.version));
  if (stated) return stated.value;
  const request = values.safeParse(packaging.Input?.pkg_request);
  const asked = request.success ? versionOf(request.data.version) : undefined;
  const told = summaries(packaging).map((summary) => versionOf(summary.data?.version));
  const set = last(receipt, (step) =>
    versionOf(step['Recipe input']?.version ?? step['Recipe input']?.VERSION),
  );
  return asked ?? told.find((one) => one !== undefined) ?? set?.value;
}

function versionOf(value: unknown): Version | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  try {
    return version(String(value));
  } catch {
    return undefined;
  }
}

const summarySchema = z.object({ data: values.optional() });

function summaries(step: Step): z.output<typeof summarySchema>[] {
  return Object.entries(step.Output ?? {}).flatMap(([key, value]) => {
    const summary = key.endsWith('_summary_result') ? summarySchema.safeParse(value) : undefined;
    return summary?.success ? [summary.data] : [];
  });
}

function absolute(value: unknown): string | undefined {
  return typeof value === 'string' && isAbsolute(value) ? value : undefined;
}

/** The last step that has what is looked for, and what it has. */
function last<Value>(
  receipt: Receipt,
  look: (step: Step) => Value | undefined,
): { step: Step; value: Value } | undefined {
  for (const step of receipt.toReversed()) {
    const value = look(step);
    if (value !== undefined) return { step, value };
  }
  return undefined;
}
