import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type AutoPkgSettings,
  type BuildResult,
  build,
  type Job,
} from '../../src/autopkg/autopkg.ts';
import { plistText } from '../../src/autopkg/plist-writer.ts';
import { startVendor, type Vendor } from './vendor.ts';

const run = promisify(execFile);

/** A step of a recipe. */
export type Step = readonly [processor: string, args?: Readonly<Record<string, unknown>>];

/** Recipes of our own making for the real AutoPkg, and a vendor that they download from. */
export interface Workshop {
  readonly vendor: Vendor;
  readonly dir: string;
  readonly recipes: string;
  readonly settings: AutoPkgSettings;
  readonly log: string[];
  /** Writes a recipe "<name>.pkg" with these steps, or changes the one that is there. */
  recipe(
    name: string,
    steps: readonly Step[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** Writes an override of each recipe, without trust info. */
  override(...names: string[]): Promise<void>;
  /** Has AutoPkg write the trust info into the overrides. */
  trust(...names: string[]): Promise<void>;
  /** Does both: what a title needs. */
  title(
    name: string,
    steps: readonly Step[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  build(
    name: string,
    more?: Partial<Job>,
    settings?: Partial<AutoPkgSettings>,
  ): Promise<BuildResult>;
  close(): Promise<void>;
}

/** @param autopkg the real AutoPkg. */
export async function startWorkshop(autopkg: string): Promise<Workshop> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-workshop-'));
  const recipes = join(dir, 'recipes');
  const overridesDir = join(dir, 'overrides');
  await mkdir(recipes);
  await mkdir(overridesDir);
  for (const [name, source] of Object.entries(processors))
    await writeFile(join(recipes, `${name}.py`), source);
  const vendor = await startVendor();
  const log: string[] = [];
  const settings: AutoPkgSettings = {
    command: autopkg,
    overridesDir,
    cacheDir: join(dir, 'cache'),
    searchDirs: [recipes],
  };
  const workshop: Workshop = {
    vendor,
    dir,
    recipes,
    settings,
    log,
    async recipe(name, steps, more = {}) {
      await writeFile(
        join(recipes, `${name}.pkg.recipe`),
        plistText({
          Identifier: `com.example.pkg.${name}`,
          Input: { NAME: name },
          Process: steps.map(([Processor, Arguments]) => ({
            Processor,
            ...(Arguments && { Arguments }),
          })),
          ...more,
        }),
      );
    },
    async override(...names) {
      for (const name of names)
        await writeFile(
          join(overridesDir, `${name}.pkg.recipe`),
          plistText({
            Identifier: `local.pkg.${name}`,
            Input: {},
            ParentRecipe: `com.example.pkg.${name}`,
          }),
        );
    },
    async trust(...names) {
      const dirs = ['--override-dir', overridesDir, '--search-dir', recipes];
      const overrides = names.map((name) => `${name}.pkg`);
      await run(autopkg, ['update-trust-info', ...dirs, ...overrides], { cwd: dir });
    },
    async title(name, steps, more) {
      await workshop.recipe(name, steps, more);
      await workshop.override(name);
      await workshop.trust(name);
    },
    build(name, more, changed) {
      const job = { title: name.toLowerCase(), recipe: `${name}.pkg`, minutes: 5, ...more };
      return build(job, { ...settings, ...changed }, (line) => log.push(line));
    },
    async close() {
      await vendor.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return workshop;
}

/** The steps of an ordinary recipe: download, stop if that is unchanged, make a package. */
export function ordinary(vendor: Vendor, path: string, version: string): readonly Step[] {
  return [
    ['URLDownloader', { url: `${vendor.url}${path}`, filename: '%NAME%.pkg' }],
    ['EndOfCheckPhase'],
    ['SetVersion', { version }],
    ['StopIfUnchanged'],
    [
      'PkgCopier',
      { source_pkg: '%pathname%', pkg_path: '%RECIPE_CACHE_DIR%/%NAME%-%version%.pkg' },
    ],
  ];
}

/** Processors beside the recipes. StopProcessingIf, PkgCreator and their kin need macOS. */
const processors = {
  SetVersion: processor(
    'SetVersion',
    `    input_variables = {"version": {"required": True, "description": "The version."}}
    output_variables = {"version": {"description": "The version."}}

    def main(self):
        self.output(f"version {self.env['version']}")
`,
  ),
  StopIfUnchanged: processor(
    'StopIfUnchanged',
    `    input_variables = {}
    output_variables = {"stop_processing_recipe": {"description": "Whether to stop."}}

    def main(self):
        self.env["stop_processing_recipe"] = not self.env.get("download_changed")
`,
  ),
  Raiser: processor(
    'Raiser',
    `    input_variables = {
        "how": {"required": True, "description": "Which exception."},
        "words": {"required": False, "description": "What it says.", "default": ""},
    }
    output_variables = {}

    def main(self):
        if self.env["how"] == "ProcessorError":
            raise ProcessorError(self.env["words"])
        raise KeyError(self.env["words"])
`,
  ),
  OddSummary: processor(
    'OddSummary',
    `    input_variables = {}
    output_variables = {"odd_summary_result": {"description": "What AutoPkg can't print."}}

    def main(self):
        self.env["odd_summary_result"] = {"summary_text": "Numbers:", "data": {"count": 3}}
`,
  ),
  Sleeper: processor(
    'Sleeper',
    `    input_variables = {"seconds": {"required": True, "description": "How long."}}
    output_variables = {}

    def main(self):
        import subprocess
        subprocess.run(["sh", "-c", f"sleep {self.env['seconds']} & wait"], check=True)
`,
  ),
} as const;

function processor(name: string, body: string): string {
  return `from autopkglib import Processor, ProcessorError

__all__ = ["${name}"]


class ${name}(Processor):
    description = "For tests."
${body}`;
}
