import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { approve, recordOffered, recordPackage, startTest } from '../../src/lifecycle/changes.ts';
import { digest, type Package, packageId } from '../../src/lifecycle/package.ts';
import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import type { Version } from '../../src/lifecycle/version.ts';
import { status, type TitleStatus } from '../../src/stages/status.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState, statePath } from '../../src/state/read.ts';
import { problemText } from '../../src/yaml/checked.ts';
import { type Fleet, type FleetOptions, startFleet } from '../simulators/fleet.ts';

/** A title of the company, short. */
export interface CompanyTitle {
  readonly slug: string;
  readonly name: string;
  /** More lines of its title file. */
  readonly more?: string;
  /** What it says of "patch:", when that is not its name. */
  readonly patch?: 'none';
}

/** Three applications, enough for most tests. */
export const three: readonly CompanyTitle[] = [
  { slug: 'firefox', name: 'Mozilla Firefox' },
  { slug: 'slack', name: 'Slack' },
  { slug: 'zoom', name: 'Zoom' },
];

/** The recipe of a title, as its file names it. */
export function recipeOf(slug: string): string {
  return `${slug}.pkg`;
}

/** A Monday morning, 06:00 in Zurich. */
export const monday = '2026-09-07T04:00:00Z';

/** The instant so many days later. */
export function later(instant: string, days: number, hours = 0): string {
  return new Date(Date.parse(instant) + (days * 24 + hours) * 3_600_000).toISOString();
}

/** The files of a repository with these titles. */
export function repositoryWith(
  titles: readonly CompanyTitle[],
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    'recipes/patchbot.yaml':
      'time-zone: Europe/Zurich\nsoak: 7 days\nwindows: [Mon-Thu 08:00-16:00]\n',
    ...Object.fromEntries(
      titles.map(({ slug, name, patch = name, more: lines = '' }) => [
        `recipes/titles/${slug}.yaml`,
        `recipe: ${recipeOf(slug)}\npatch: ${patch}\ncategory: Apps\n${lines}`,
      ]),
    ),
    ...more,
  };
}

/** State files of titles that have had this version in production since the first of August. */
export function inProduction(
  titles: readonly CompanyTitle[],
  version: Version,
): Record<string, string> {
  const day = Temporal.PlainDate.from('2026-08-01');
  return Object.fromEntries(
    titles.map((title, index) => {
      const built: Package = {
        version,
        file: `${title.slug}-${version.text}.pkg`,
        size: 20_000,
        digest: digest(createHash('sha3-512').update(title.slug).digest('hex')),
        jamfId: packageId(String(index + 1)),
      };
      const production = { package: built, definition: version };
      const life = [
        recordPackage(built, day),
        startTest(built, { version }, day),
        approve(production),
        recordOffered(production, day),
      ];
      const state = life.reduce<TitleState>((before, change) => change(before), {});
      return [statePath(slug(title.slug)), editState(undefined, title.name, {}, state)];
    }),
  );
}

/** A fleet whose Jamf has these titles, their policies and one older definition each. */
export async function startCompany(
  titles: readonly CompanyTitle[],
  options: Partial<FleetOptions> & { readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Fleet> {
  const fleet = await startFleet({
    now: monday,
    repository: repositoryWith(titles, options.files),
    ...options,
  });
  fleet.jamf.addCategory('Apps');
  for (const { name, patch } of titles)
    fleet.jamf.addTitle({
      name,
      definitions: [{ version: '1.0', releaseDate: '2026-08-01 12:00:00' }],
      ...(patch === 'none' && { policies: { test: false, production: false } }),
    });
  return fleet;
}

/** The vendor releases a version, and the patch source knows it at once. */
export async function release(
  fleet: Fleet,
  { slug, name }: CompanyTitle,
  version: string,
  definition = version,
): Promise<void> {
  await fleet.autopkg.release(recipeOf(slug), version);
  fleet.jamf.addDefinition(name, {
    version: definition,
    releaseDate: fleet.now.slice(0, 19).replace('T', ' '),
  });
}

/** The number of the title's one open promotion request. */
export function openRequest(fleet: Fleet, slug: string): number {
  const open = fleet.github.pulls.filter(
    ({ state, head }) => state === 'open' && head.startsWith(`patchbot/${slug}/`),
  );
  const [only] = open;
  if (!only || open.length > 1) throw new Error(`${open.length} requests of ${slug} are open`);
  return only.number;
}

/** A title's facts as main has them. */
export async function stateOnMain(fleet: Fleet, title: string): Promise<TitleState> {
  const text = (await fleet.github.files())[`state/${title}.yaml`];
  const read = parseState(text, slug(title));
  if (!read.ok) throw new Error(read.problems.map(problemText).join('\n'));
  return read.state;
}

/** Where a title stands, as `patchbot status` tells it. */
export async function statusOf(fleet: Fleet, slug: string): Promise<TitleStatus> {
  const opened = await fleet.open({ dryRun: true });
  const { titles, outcome } = await status(opened.run).finally(() => opened.close());
  const found = titles.find((title) => title.slug === slug);
  if (!found) throw new Error(`no status of ${slug}: ${JSON.stringify(outcome.failures)}`);
  return found;
}

/** What counts of a patch policy, as Jamf has it. */
export function policyOf(fleet: Fleet, name: string) {
  const found = [...fleet.jamf.world.patchPolicies.values()].find((one) => one.name === name);
  if (!found) throw new Error(`Jamf has no patch policy "${name}"`);
  const { enabled, targetVersion, allowDowngrade, userInteraction } = found;
  const description = userInteraction['self_service_description'];
  return { enabled, targetVersion, allowDowngrade, description };
}
