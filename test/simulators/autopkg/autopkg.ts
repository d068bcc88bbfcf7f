/**
 * The executable `autopkg` of a simulated world: takes the command line of the real one, writes the
 * same files and says the same words. Real AutoPkg: Code/autopkg, `run_recipes`.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plistText } from '../../../src/autopkg/plist-writer.ts';
import { crash, notLoaded, refusal } from './failing.ts';
import type { Recipe } from './recipe.ts';
import { sleep, stepsOf } from './steps.ts';

const world = join(import.meta.dirname, '..');
const usage = 'Usage: autopkg run [options] [recipe ...]\nRun one or more recipes.\n';

type Values = { readonly [key: string]: unknown };
type Told = ReturnType<typeof told>;

function told(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quiet: { type: 'boolean', short: 'q' },
      verbose: { type: 'boolean', short: 'v', multiple: true },
      key: { type: 'string', short: 'k', multiple: true },
      'report-plist': { type: 'string' },
      prefs: { type: 'string' },
      check: { type: 'boolean', short: 'c' },
      pkg: { type: 'string', short: 'p' },
      'override-dir': { type: 'string', multiple: true },
      'search-dir': { type: 'string', short: 'd', multiple: true },
    },
  });
  const keys = (values.key ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at < 0) throw new Exit(1, `Invalid variable [key=value]: ${text}\n${usage}`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return {
    recipes: positionals,
    quiet: values.quiet ?? false,
    verbose: values.verbose?.length ?? 0,
    keys: Object.fromEntries(keys) as { readonly [key: string]: string },
    report: values['report-plist'],
    check: values.check ?? false,
    ...(values.pkg !== undefined && { pkg: values.pkg }),
  };
}

/** An end before its time. */
class Exit extends Error {
  readonly code: number;
  constructor(code: number, said: string) {
    super(said);
    this.code = code;
  }
}

interface Reported {
  readonly failures: Values[];
  readonly summaries: Map<string, { text: string; rows: Values[] }>;
}

/** Runs the recipes one after the other. @returns the exit code. */
function run(args: readonly string[]): number {
  const options = told(args);
  if (options.recipes.length === 0) throw new Exit(255, usage);
  const cacheDir = options.keys['CACHE_DIR'] ?? join(homedir(), 'Library', 'AutoPkg', 'Cache');
  mkdirSync(cacheDir, { recursive: true });
  if (options.report) writeFileSync(options.report, plistText({}));

  const reported: Reported = { failures: [], summaries: new Map() };
  const results: unknown[] = [];
  let failures = 0;
  for (const recipe of options.recipes) {
    const result = runRecipe(recipe, options, cacheDir, reported);
    if (!result?.well) failures += 1;
    if (result) results.push(result.steps);
    writeFileSync(join(cacheDir, 'autopkg_results.plist'), plistText(results));
  }
  tellSummary(reported, options);
  return failures > 0 ? 70 : 0;
}

/** @returns what happened, or undefined when there is no such recipe. */
function runRecipe(
  name: string,
  options: Told,
  cacheDir: string,
  reported: Reported,
): { readonly well: boolean; readonly steps: Values[] } | undefined {
  const started = Date.now();
  appendFileSync(join(world, 'runs.jsonl'), `${JSON.stringify({ recipe: name, started })}\n`);
  const recipe = recipeNamed(name);
  const { failing } = recipe;
  const missing = notLoaded(name, failing);
  if (missing) {
    for (const line of missing) console.error(line);
    return undefined;
  }
  console.log(`Processing ${name}...`);
  const stem = name.replace(/\.[^.]*$/, '');
  const identifier = `local.pkg.${stem}`;
  const cache = join(cacheDir, identifier);
  const say = (text: string) => {
    if (options.verbose > 0) console.log(text);
  };
  const steps: Values[] = [];
  const fail = (message: string, said: string) => {
    console.error(said);
    reported.failures.push({
      message,
      recipe: name,
      recipe_id: identifier,
      traceback: `Traceback (most recent call last):\nautopkglib.AutoPackagerError: ${message}\n`,
    });
    steps.push({ RecipeError: message.trimEnd() });
  };

  const required = Boolean(options.keys['FAIL_RECIPES_WITHOUT_TRUST_INFO']);
  if (failing === 'missing-trust' && !required)
    console.error(
      `WARNING: ${name} is missing trust info and FAIL_RECIPES_WITHOUT_TRUST_INFO is not set. Proceeding...`,
    );
  const refused = refusal(name, identifier, failing, required);
  if (refused) {
    fail(refused.message, refused.said);
    leaveReceipt(tmpdir(), stem, steps, say);
    return { well: false, steps };
  }

  const input = { ...options.keys, NAME: stem, CACHE_DIR: cacheDir, RECIPE_CACHE_DIR: cache };
  steps.push({ 'Recipe input': { AUTOPKG_VERSION: '2.9.1', verbose: options.verbose, ...input } });
  mkdirSync(cache, { recursive: true });
  if (failing === 'hang') for (;;) sleep(1000);
  if (failing === 'crash') throw new Exit(1, crash);
  let well = true;
  for (const step of stepsOf(stem, recipe, cache, say, options.pkg))
    if ('failed' in step) {
      well = false;
      const message = `Error in ${identifier}: Processor: ${step.step}: Error: ${step.failed}`;
      fail(message, `${step.failed}\nFailed.`);
    } else {
      steps.push({ ...step });
      collect(step.Output, reported);
      if (options.check && step.Processor === 'EndOfCheckPhase') break;
    }
  leaveReceipt(cache, stem, steps, say);
  return { well, steps };
}

function recipeNamed(name: string): Recipe {
  const file = join(world, 'recipes', `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * A receipt is named after the second in which the run ended. Real runs take seconds and never meet;
 * here a run that would overwrite the receipt of the one before takes the next free second.
 */
function leaveReceipt(
  folder: string,
  name: string,
  steps: readonly Values[],
  say: (text: string) => void,
): void {
  const receipts = join(folder, 'receipts');
  mkdirSync(receipts, { recursive: true });
  for (let at = Date.now(); ; at += 1000) {
    const path = join(receipts, `${name}-receipt-${stamp(new Date(at))}.plist`);
    if (existsSync(path)) continue;
    writeFileSync(path, plistText(steps));
    say(`Receipt written to ${path}`);
    return;
  }
}

/** Local time, as `time.strftime("%Y%m%d-%H%M%S")` has it. */
function stamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

function collect(output: Values, { summaries }: Reported): void {
  for (const [key, value] of Object.entries(output)) {
    if (!key.endsWith('_summary_result')) continue;
    const { summary_text, data } = value as { summary_text: string; data: Values };
    const summary = summaries.get(key) ?? { text: summary_text, rows: [] };
    summary.rows.push(data);
    summaries.set(key, summary);
  }
}

function tellSummary({ failures, summaries }: Reported, options: Told): void {
  if (failures.length > 0) {
    console.log('\nThe following recipes failed:');
    for (const { recipe, message } of failures) {
      console.log(`    ${recipe}`);
      for (const line of String(message).trimEnd().split('\n')) console.log(`        ${line}`);
    }
  }
  for (const { text, rows } of summaries.values()) {
    console.log(`\n${text}`);
    for (const row of rows) console.log(`    ${Object.values(row).join('  ')}  `);
  }
  if (summaries.size === 0) console.log('\nNothing downloaded, packaged or imported.');
  if (!options.report) return;
  const results = [...summaries].map(([key, { text, rows }]) => [
    key,
    { summary_text: text, header: Object.keys(rows[0] ?? {}), data_rows: rows },
  ]);
  writeFileSync(
    options.report,
    plistText({ failures, summary_results: Object.fromEntries(results) }),
  );
  console.log(`\nReport plist saved to ${options.report}.`);
}

function main([verb, ...args]: readonly string[]): number {
  if (verb === 'version') {
    console.log('2.9.1');
    return 0;
  }
  if (verb !== 'run')
    throw new Exit(1, 'Usage: autopkg <verb> <options>, where <verb> is one of the following:');
  try {
    return run(args);
  } catch (error) {
    const unknown = error instanceof Error && /Unknown option '(\S+)'/.exec(error.message);
    if (unknown) throw new Exit(2, `${usage}\nautopkg: error: no such option: ${unknown[1]}`);
    throw error;
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
