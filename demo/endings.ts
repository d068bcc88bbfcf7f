import type { TitleStatus } from '../src/stages/status.ts';

/** Where a title must be when the story ends. */
interface Ending {
  readonly production: string;
  readonly testing: string;
  readonly held?: RegExp;
}

/** How the story must end: what was tested and approved is offered, and what was stopped is not. */
const endings: Readonly<Record<string, Ending>> = {
  '1password': { production: '8.12.20', testing: '8.12.22' },
  bbedit: { production: '15.5.6', testing: '15.5.6' },
  'docker-desktop': { production: '4.60.0', testing: '4.60.0' },
  'github-desktop': { production: '3.5.13', testing: '3.5.13' },
  'google-chrome': { production: '151.0.7450.40', testing: '151.0.7450.40' },
  'jamf-cli': { production: '1.4.0', testing: '1.4.0' },
  'microsoft-edge': { production: '150.0.4012.71', testing: '150.0.4012.71' },
  'microsoft-excel': { production: '16.114.26091812', testing: '16.114.26091812' },
  'microsoft-teams': { production: '26225.2004.4011.5301', testing: '26225.2004.4011.5301' },
  'microsoft-word': {
    production: '16.113.26090714',
    testing: '16.114.26091812',
    held: /description was cleared/,
  },
  'mozilla-firefox': { production: '152.0', testing: '152.0.1', held: /rolled back to 152\.0/ },
  postman: { production: '12.4.1', testing: '12.5.0', held: /declined in #\d+/ },
  slack: { production: '4.53.77', testing: '4.53.77' },
  vlc: { production: '3.0.24', testing: '3.0.24' },
  zoom: { production: '7.2.3 (71190)', testing: '7.2.3 (71190)' },
};

/** What is not as it must be, in sentences: nothing, when the story ended well. */
export function wrongEndings(
  titles: readonly TitleStatus[],
  offered: ReadonlyMap<string, string | undefined>,
): string[] {
  const wrong: string[] = [];
  for (const [slug, ending] of Object.entries(endings)) {
    const found = titles.find((title) => title.slug === slug);
    const say = (what: string, is: string | undefined, must: string) =>
      is === must || wrong.push(`${slug}: ${what} is ${is ?? 'nothing'}, and must be ${must}`);
    say('production', found?.production, ending.production);
    say('testing', found?.testing, ending.testing);
    // What is on main is intent; what Jamf offers is what counts.
    if (offered.has(slug)) say('what Jamf offers', offered.get(slug), ending.production);
    if (!(ending.held ?? /^$/).test(found?.hold ?? ''))
      wrong.push(
        `${slug}: hold is "${found?.hold ?? ''}", and must match ${ending.held ?? 'none'}`,
      );
  }
  for (const { slug } of titles)
    if (!(slug in endings)) wrong.push(`${slug}: the story says nothing about it`);
  return wrong;
}
