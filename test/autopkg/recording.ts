import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlist } from '../../src/autopkg/plist.ts';
import type { Ended } from '../../src/autopkg/process.ts';
import { type Receipt, receiptSchema } from '../../src/autopkg/receipt.ts';
import { type ReportReading, readReport } from '../../src/autopkg/report.ts';

/** The recordings of real AutoPkg: a folder for each run, see fixtures/README.md. */
export const recordings = join(import.meta.dirname, 'fixtures');

/** What a recorded run left behind. */
export interface Recording {
  readonly ran: Ended;
  readonly report: ReportReading;
}

/** Reads a recording as if its run had just ended. */
export async function recording(name: string): Promise<Recording> {
  const folder = join(recordings, name);
  const text = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    ran: {
      exitCode: Number(await text('exit-code.txt')),
      stdout: await text('stdout.txt'),
      stderr: await text('stderr.txt'),
      timedOut: false,
    },
    report: await readReport(join(folder, 'report.plist')),
  };
}

/** What each recipe of a recorded run did, as its receipt has it, by the name of the recipe. */
export async function receiptsOf(name: string): Promise<ReadonlyMap<string, Receipt>> {
  const results = await readPlist(join(recordings, name, 'autopkg_results.plist'));
  const receipts = receiptSchema.array().parse(results);
  return new Map(
    receipts.map((receipt) => [String(receipt[0]?.['Recipe input']?.['NAME']), receipt]),
  );
}
