import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { branchOf } from '../src/github/github.ts';
import type { Title } from '../src/lifecycle/title.ts';
import { version as versionOf } from '../src/lifecycle/version.ts';
import { readRecipes } from '../src/recipes/read.ts';
import { build } from '../src/stages/build.ts';
import { emergency } from '../src/stages/emergency.ts';
import { hold } from '../src/stages/hold.ts';
import type { Outcome } from '../src/stages/outcome.ts';
import { promote } from '../src/stages/promote.ts';
import { propose } from '../src/stages/propose.ts';
import type { Run } from '../src/stages/run.ts';
import { test } from '../src/stages/test.ts';
import { type Fleet, type RunOptions, startFleet } from '../test/simulators/fleet.ts';
import type { Narrator } from './narrator.ts';

const root = join(import.meta.dirname, '..');

/** What a user of the template starts from, and so does the story. */
const template = ['recipes', 'state', 'schemas'];

/** Nothing is fetched in the story: its AutoPkg is simulated, and has no repositories of recipes. */
const leftOut = 'recipes/repos.yaml';

/** A company with the shipped catalog: its vendors, its people, its rhythm of workflows. */
export class Company {
  readonly fleet: Fleet;
  readonly #titles: readonly Title[];
  readonly #narrator: Narrator;
  /** What each branch of a promotion request promotes. */
  readonly #branches = new Map<string, { title: string; version: string }>();

  private constructor(fleet: Fleet, titles: readonly Title[], narrator: Narrator) {
    this.fleet = fleet;
    this.#titles = titles;
    this.#narrator = narrator;
  }

  /** Brings it up on loopback; Jamf has each title's policies, as its admins made them once. */
  static async open(now: string, narrator: Narrator): Promise<Company> {
    const { [leftOut]: _, ...repository } = await filesOf(template);
    const fleet = await startFleet({ now, repository });
    const { titles, problems } = await readRecipes(root);
    const [first] = problems;
    if (first) throw new Error(`${first.file}: ${first.message}`);
    for (const category of new Set(titles.map((title) => title.category)))
      fleet.jamf.addCategory(category);
    for (const title of titles) {
      const { install } = title.policies;
      fleet.jamf.addTitle({
        name: title.patch === 'none' ? title.name : title.patch,
        policies: {
          test: title.patch === 'none' ? false : title.rings[0].policy,
          production: title.patch === 'none' ? false : title.policies.production,
          install: install === 'none' ? false : install,
        },
      });
    }
    return new Company(fleet, titles, narrator);
  }

  /** The vendor releases a version; the patch source knows it at once, or later. */
  async release(
    slug: string,
    version: string,
    { definition = 'at once' }: { definition?: 'at once' | 'later' } = {},
  ): Promise<void> {
    const title = this.title(slug);
    await this.fleet.autopkg.release(title.recipe, version);
    this.#branches.set(branchOf(slug, versionOf(version)), { title: slug, version });
    if (definition === 'at once') await this.define(slug, version);
  }

  /** The patch source has a definition of the version. */
  async define(slug: string, version: string): Promise<void> {
    const { patch } = this.title(slug);
    const releaseDate = this.fleet.now.slice(0, 19).replace('T', ' ');
    if (patch !== 'none') this.fleet.jamf.addDefinition(patch, { version, releaseDate });
  }

  async breakRecipe(slug: string): Promise<void> {
    await this.fleet.autopkg.fail(this.title(slug).recipe, 'not-found');
  }

  /** The hold workflow. */
  async hold(slug: string, version: string, reason: string, by: string): Promise<void> {
    const held = versionOf(version);
    await this.stage((run) => hold(run, { version: held, reason }), { titles: [slug], actor: by });
  }

  /** The emergency workflow: build, approve, promote, all at once. */
  async emergency(slug: string, reason: string, by: string): Promise<void> {
    const one = { titles: [slug], actor: by };
    await this.stage(build, one);
    await this.stage((run) => emergency(run, { reason, mode: 'direct' }), one);
    await this.stage(promote, one);
  }

  async clearDescription(slug: string): Promise<void> {
    this.fleet.jamf.clearDescription(this.title(slug).rings[0].policy);
  }

  /** GitHub's Revert button, and the merge of what it makes. */
  async revert(slug: string, version: string, by: string): Promise<void> {
    const { people } = this.fleet.github;
    const merged = this.#request(slug, version);
    await people.merge(await people.revert(merged, by), by);
    await this.stage(promote, { actor: by });
  }

  async mergeLate(slug: string, by: string): Promise<void> {
    const open = this.fleet.github.pulls.find(
      ({ state, head }) => state === 'open' && head.startsWith(`patchbot/${slug}/`),
    );
    if (!open) throw new Error(`no request for ${slug} is open`);
    await this.fleet.github.people.merge(open.number, by);
    await this.stage(promote, { actor: by });
  }

  /** The daily workflow: build, then test. */
  async daily(): Promise<void> {
    const { isQuiet } = await this.stage(build);
    await this.stage(test, { heartbeat: isQuiet });
  }

  async propose(): Promise<void> {
    await this.stage(propose);
  }

  async promote(by?: string): Promise<void> {
    await this.stage(promote, by ? { actor: by } : {});
  }

  title(slug: string): Title {
    const title = this.#titles.find((one) => one.slug === slug);
    if (!title) throw new Error(`the catalog has no title ${slug}`);
    return title;
  }

  /** The version that Jamf offers the fleet, by slug; titles without a patch policy are not in it. */
  offered(): ReadonlyMap<string, string | undefined> {
    const { patchPolicies } = this.fleet.jamf.world;
    const withPolicy = this.#titles.filter(({ patch }) => patch !== 'none');
    return new Map(
      withPolicy.map(({ slug, policies }) => {
        const found = [...patchPolicies.values()].find(({ name }) => name === policies.production);
        return [slug, found?.enabled ? found.targetVersion : undefined];
      }),
    );
  }

  /** What a promotion request promotes, or what its revert takes back. */
  promotedBy(branch: string): { title: string; version: string } {
    const found = this.#branches.get(branch.replace(/^revert-\d+-/, ''));
    if (!found) throw new Error(`the branch ${branch} promotes nothing that was released`);
    return found;
  }

  #request(slug: string, version: string): number {
    const branch = branchOf(slug, versionOf(version));
    const found = this.fleet.github.pulls.find(({ head }) => head === branch);
    if (!found) throw new Error(`there is no request for ${slug} ${version}`);
    return found.number;
  }

  private async stage(
    stage: (run: Run) => Promise<Outcome>,
    options: RunOptions = {},
  ): Promise<Outcome> {
    const outcome = await this.fleet.run(stage, options);
    this.#narrator.stage(outcome);
    return outcome;
  }
}

async function filesOf(folders: readonly string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const folder of folders)
    for (const entry of await readdir(join(root, folder), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files[path.slice(root.length + 1).replaceAll('\\', '/')] = await readFile(path, 'utf8');
    }
  return files;
}
