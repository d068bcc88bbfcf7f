import { recipeName } from './override.ts';
import { plainLine } from './plain-line.ts';
import type { Ended } from './process.ts';
import type { ReportedFailure, ReportReading } from './report.ts';

/** In which way a run failed. */
export type FailureKind =
  | 'trust missing'
  | 'trust changed'
  | 'recipe not found'
  | 'parent missing'
  | 'repository not in place'
  | 'download failed'
  | 'signature mismatch'
  | 'processor error'
  | 'unknown processor'
  | 'autopkg too old'
  | 'invalid recipe'
  | 'usage'
  | 'crashed'
  | 'no package'
  | 'disk full'
  | 'timeout'
  | 'busy'
  | 'cancelled';

/** What a failed run says: what went wrong, where, and the words of AutoPkg in one plain line. */
export interface Cause {
  readonly kind: FailureKind;
  /** The processor in which it happened. */
  readonly step?: string;
  readonly message: string;
  /** What the download's server answered. */
  readonly httpStatus?: number;
}

/**
 * Why a run failed, or undefined when it did not. The report comes first; where it says nothing (the
 * recipe wasn't found, AutoPkg crashed) the exit code and standard error do. Warnings about other
 * recipes' broken files, which every run prints, are no failures of this one.
 *
 * Exit codes (Code/autopkg): 0 all well; 70 a recipe failed; 255 nothing to do; 2 an unknown option; 1 anything
 * else.
 */
export function causeOf(recipe: string, ran: Ended, reading: ReportReading): Cause | undefined {
  if (ran.timedOut) return causeOfTimeout(ran);
  if (ran.exitCode === undefined)
    return { kind: 'cancelled', message: 'AutoPkg was ended by a signal before it was done' };
  if (/^KeyboardInterrupt/m.test(ran.stderr))
    return { kind: 'cancelled', message: 'AutoPkg was interrupted before it was done' };
  if (reading.ok) {
    const { failures } = reading.report;
    const failure = failures.find((one) => one.recipe === recipe) ?? failures[0];
    if (failure) return causeReported(failure);
  }
  if (saysDiskFull(ran.stderr)) return causeOfFullDisk(ran.stderr);
  if (ran.exitCode !== 0) return causePrinted(recipe, ran, reading);
  if (!reading.ok) return { kind: 'crashed', message: `${reading.problem}, though it ended well` };
  return undefined;
}

/** AutoPkg says the name of each processor as it begins. */
function causeOfTimeout({ stdout }: Ended): Cause {
  const step = stdout.split('\n').findLast((line) => /^[A-Za-z][\w.-]*(?:\/\w+)?$/.test(line));
  return {
    kind: 'timeout',
    ...(step !== undefined && { step }),
    message:
      'AutoPkg was not done when its time was over, and was ended with all that it had started',
  };
}

/** curl's error 23 is that it could not write what it got; the rest is what the system says. */
const diskFullWords = /No space left on device|Disk quota exceeded|\bENOSPC\b|curl: \(23\)/;

function saysDiskFull(text: string): boolean {
  return diskFullWords.test(text);
}

function causeOfFullDisk(text: string): Cause {
  const line = text.split('\n').find(saysDiskFull) ?? 'the disk is full';
  return { kind: 'disk full', message: plainLine(line) };
}

/** AutoPkg could not be run at all. */
export function causeOfError(error: unknown): Cause {
  const message = error instanceof Error ? error.message : String(error);
  return saysDiskFull(message)
    ? causeOfFullDisk(message)
    : { kind: 'usage', message: plainLine(`AutoPkg could not be run: ${message}`) };
}

function causeReported(failure: ReportedFailure): Cause {
  return (
    causeIn(failure.message) ?? { kind: 'processor error', message: plainLine(failure.message) }
  );
}

/** The messages of AutoPkg's own checks, before any step of the recipe runs. */
const checks: readonly [RegExp, FailureKind][] = [
  [/^(?:No trust information present|Trust information in non-override recipe)/, 'trust missing'],
  [/^Recipe from external repo: embedded trust info will be ignored/, 'trust missing'],
  [/contents differ from expected|^Unexpected (?:processor|parent recipe) found/, 'trust changed'],
  [
    /^Expected (?:processor|parent recipe) .* can't be found|^Expected parent recipe list/,
    'trust changed',
  ],
  [/^Recipe \(or a parent recipe\) requires at least autopkg version/, 'autopkg too old'],
  [/^Unknown processor '/, 'unknown processor'],
  [/^Unable to import '.*', likely due to syntax or Python error/, 'unknown processor'],
  [/^\S+ requires missing argument /, 'invalid recipe'],
];

/** What one of AutoPkg's messages says; undefined when it is none of those. */
function causeIn(message: string): Cause | undefined {
  const inStep = /^Error in (.+?): Processor: (.+?): Error: ([\s\S]*)$/.exec(message.trim());
  if (inStep) return causeInStep(inStep[2] ?? '', inStep[3] ?? '');
  for (const [pattern, kind] of checks)
    if (pattern.test(message)) return { kind, message: plainLine(message) };
  return undefined;
}

/** What curl, and Python's own downloads, say when a download fails. */
const downloadWords =
  /curl: \(\d+\)|curl failure|HTTP Error \d{3}|urlopen error|URLError|status code \d{3}|getaddrinfo/i;

const signatureWords =
  /(?:code )?signature (?:check|verification) failed|mismatch in authority names|expected authority/i;

function causeInStep(step: string, said: string): Cause {
  // AutoPkg goes on with how to switch the check off: no advice to give to somebody in a hurry.
  const message = plainLine(
    said.replace(/Note that all verifications? can be disabled[\s\S]*$/i, ''),
  );
  if (saysDiskFull(said)) return { kind: 'disk full', step, message };
  if (signatureWords.test(said)) return { kind: 'signature mismatch', step, message };
  if (!downloadWords.test(said)) return { kind: 'processor error', step, message };
  const status = /(?:returned error: |HTTP Error |status code )(\d{3})\b/i.exec(said)?.[1];
  return {
    kind: 'download failed',
    step,
    message,
    ...(status !== undefined && { httpStatus: Number(status) }),
  };
}

/** What standard error says of a run whose report says nothing. */
function causePrinted(recipe: string, ran: Ended, reading: ReportReading): Cause {
  const { stdout, stderr } = ran;
  const line = (pattern: RegExp) => plainLine(pattern.exec(stderr)?.[0] ?? '');
  const broken = brokenFiles(stderr);
  const mine = broken.find((file) => recipeName(file.path) === recipeName(recipe));

  if (/^Could not find parent recipe for /m.test(stderr))
    return {
      kind: 'parent missing',
      message: plainLine(
        line(/^Could not find parent recipe for .*$/m) +
          (broken.length > 0
            ? ` (these recipe files can't be read: ${broken.map((file) => file.path).join(', ')})`
            : ''),
      ),
    };
  if (/missing EndOfCheckPhase|is missing an Identifier/.test(stderr))
    return { kind: 'invalid recipe', message: line(/^.*(?:EndOfCheckPhase|an Identifier).*$/m) };
  if (/^No valid recipe found for /m.test(stderr) || /^Didn't find a recipe for /m.test(stdout))
    return mine
      ? { kind: 'invalid recipe', message: plainLine(`${mine.path}: ${mine.problem}`) }
      : { kind: 'recipe not found', message: `AutoPkg knows no recipe ${plainLine(recipe)}` };
  if (/^Invalid variable|A recipe override already exists|error: no such option/m.test(stderr))
    return {
      kind: 'usage',
      message: line(/^.*(?:Invalid variable|already exists|no such option).*$/m),
    };
  if (/^Traceback /m.test(stderr)) return causeOfCrash(stderr);
  if (/^Usage: /m.test(stderr))
    return { kind: 'usage', message: 'AutoPkg was given nothing to run' };
  const lastSaid = stderr.trim().split('\n').at(-1) ?? '';
  return {
    kind: 'crashed',
    message: plainLine(
      `AutoPkg ended with exit code ${ran.exitCode}${reading.ok ? '' : `; ${reading.problem}`}${lastSaid ? `; its last words: ${lastSaid}` : ''}`,
    ),
  };
}

/**
 * AutoPkg itself fell over: the last line of the traceback says how. It does so too when it wants to tell
 * of a failure of a recipe that has no `Identifier`; then the failure is what matters.
 */
function causeOfCrash(stderr: string): Cause {
  const exception = stderr
    .trimEnd()
    .split('\n')
    .findLast((line) => /^\w[\w.]*(?::|$)/.test(line));
  const underneath = /^autopkglib\.AutoPackagerError: ([\s\S]*?)\n\s*\n/m.exec(stderr)?.[1];
  const cause = underneath === undefined ? undefined : causeIn(underneath);
  if (cause)
    return {
      ...cause,
      message: plainLine(`${cause.message} (and AutoPkg crashed while telling: ${exception})`),
    };
  return { kind: 'crashed', message: plainLine(`AutoPkg crashed: ${exception ?? 'no reason'}`) };
}

/** The recipe files that AutoPkg met and could not read. */
function brokenFiles(stderr: string): { path: string; problem: string }[] {
  const files = new Map<string, string>();
  for (const match of stderr.matchAll(/^WARNING: (?:plist|yaml) error for (.+?): (.*)$/gm))
    files.set(match[1] ?? '', match[2] ?? '');
  return [...files].map(([path, problem]) => ({ path, problem }));
}
