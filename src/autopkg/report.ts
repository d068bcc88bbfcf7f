import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readPlist } from './plist.ts';

/** What `--report-plist` says of a run (AutoPkg's `run_recipes`, Code/autopkg). */
const reportSchema = z.object({
  failures: z.array(
    z.object({
      recipe: z.string(),
      recipe_id: z.string().optional(),
      /** Can have several lines, and end in a line break. */
      message: z.string(),
      traceback: z.string().optional(),
    }),
  ),
  /** By processor; the rows don't say which recipe they come from. */
  summary_results: z.record(z.string(), z.unknown()),
});

export type Report = z.output<typeof reportSchema>;
export type ReportedFailure = Report['failures'][number];

/** The report, or why there is none. */
export type ReportReading =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads the report of a run. AutoPkg writes an empty one when it starts and fills it when it ends, so
 * after a crash it is there, but says nothing.
 */
export async function readReport(path: string): Promise<ReportReading> {
  if (!existsSync(path)) return { ok: false, problem: 'AutoPkg left no report' };
  try {
    const checked = reportSchema.safeParse(await readPlist(path));
    if (checked.success) return { ok: true, report: checked.data };
    return { ok: false, problem: 'AutoPkg left an empty report' };
  } catch {
    return { ok: false, problem: 'AutoPkg left a broken report' };
  }
}
