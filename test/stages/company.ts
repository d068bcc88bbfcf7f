import { type Fleet, type FleetOptions, startFleet } from '../simulators/fleet.ts';

/** A title of the company, short. */
export interface CompanyTitle {
  readonly slug: string;
  readonly name: string;
  /** More lines of its title file. */
  readonly more?: string;
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
      titles.map(({ slug, name, more: lines = '' }) => [
        `recipes/titles/${slug}.yaml`,
        `recipe: ${recipeOf(slug)}\npatch: ${name}\ncategory: Apps\n${lines}`,
      ]),
    ),
    ...more,
  };
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
  for (const { name } of titles)
    fleet.jamf.addTitle({
      name,
      definitions: [{ version: '1.0', releaseDate: '2026-08-01 12:00:00' }],
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
