import type { Company } from './company.ts';

/** Something that happens in the world on a day; what PatchBot makes of it follows by itself. */
export interface Scene {
  /** The day: 2026-09-07. */
  readonly day: string;
  /** `night`: before the daily run; `noon`: after the day's approvals; `evening`: when the window is closed. */
  readonly at: 'night' | 'noon' | 'evening';
  /** For the reader; without it the scene speaks for itself in what PatchBot does. */
  readonly told?: string;
  readonly happens: (company: Company) => Promise<void>;
}

/** Four weeks, Monday to Friday. */
export const firstDay = '2026-09-07';
export const lastDay = '2026-10-02';

/** The version of each title that is out when the story begins. */
export const firstVersions: Readonly<Record<string, string>> = {
  '1password': '8.12.20',
  bbedit: '15.5.6',
  'docker-desktop': '4.60.0',
  'github-desktop': '3.5.12',
  'google-chrome': '150.0.7412.61',
  'jamf-cli': '1.3.0',
  'microsoft-edge': '150.0.4012.55',
  'microsoft-excel': '16.113.26090714',
  'microsoft-teams': '26225.2004.4011.5301',
  'microsoft-word': '16.113.26090714',
  'mozilla-firefox': '152.0',
  postman: '12.4.1',
  slack: '4.52.104',
  vlc: '3.0.24',
  zoom: '7.2.1 (71044)',
};

const release = (day: string, slug: string, version: string): Scene => ({
  day,
  at: 'night',
  happens: (company) => company.release(slug, version),
});

/** What goes right and wrong in a month, all versions made up. */
export const scenes: readonly Scene[] = [
  {
    day: '2026-09-09',
    at: 'noon',
    told: 'Testers hear nothing in Zoom after their Mac was asleep: carl starts the hold workflow.',
    happens: (company) =>
      company.hold('zoom', '7.2.1 (71044)', 'no sound after the Mac was asleep', 'carl'),
  },
  release('2026-09-10', 'postman', '12.5.0'),
  release('2026-09-14', 'google-chrome', '150.0.7412.85'),
  release('2026-09-14', 'mozilla-firefox', '152.0.1'),
  release('2026-09-14', 'zoom', '7.2.3 (71190)'),
  {
    day: '2026-09-14',
    at: 'night',
    told: 'Slack 4.53.77 is out, but the patch source has not heard of it yet.',
    happens: (company) => company.release('slack', '4.53.77', { definition: 'later' }),
  },
  release('2026-09-15', 'microsoft-edge', '150.0.4012.71'),
  {
    day: '2026-09-16',
    at: 'night',
    told: 'Docker has moved its downloads: the recipe gets a 404 from now on.',
    happens: (company) => company.breakRecipe('docker-desktop'),
  },
  {
    day: '2026-09-17',
    at: 'night',
    told: 'The patch source knows Slack 4.53.77 at last.',
    happens: (company) => company.define('slack', '4.53.77'),
  },
  release('2026-09-17', 'github-desktop', '3.5.13'),
  release('2026-09-18', 'microsoft-word', '16.114.26091812'),
  {
    day: '2026-09-18',
    at: 'evening',
    told: 'Friday afternoon: a hole in Chrome is being used. Google releases 150.0.7412.99, and anna starts the emergency workflow.',
    happens: async (company) => {
      await company.release('google-chrome', '150.0.7412.99');
      await company.emergency('google-chrome', 'CVE-2026-11873 is being used', 'anna');
    },
  },
  release('2026-09-21', 'microsoft-excel', '16.114.26091812'),
  release('2026-09-21', 'jamf-cli', '1.4.0'),
  release('2026-09-22', 'google-chrome', '151.0.7450.40'),
  {
    day: '2026-09-22',
    at: 'night',
    told: 'In Jamf Pro, dora clears the description of the policy "Microsoft Word Test": macros crash.',
    happens: async (company) => company.clearDescription('microsoft-word'),
  },
  {
    day: '2026-09-22',
    at: 'noon',
    told: 'Firefox 152.0.1 breaks the intranet: bea presses Revert on its merged request, and merges that.',
    happens: (company) => company.revert('mozilla-firefox', '152.0.1', 'bea'),
  },
  {
    day: '2026-09-24',
    at: 'evening',
    told: 'Thursday evening, the window is closed: anna merges the request for GitHub Desktop all the same.',
    happens: (company) => company.mergeLate('github-desktop', 'anna'),
  },
  release('2026-09-28', '1password', '8.12.22'),
];

/** A request that a person says no to by closing it. */
export const declined: Readonly<Record<string, { readonly by: string; readonly why: string }>> = {
  'postman 12.5.0': { by: 'bea', why: 'the new version wants everybody to sign in' },
};

/** Requests that nobody approves on the day: somebody does in a scene. */
export const leftForLater: readonly string[] = ['github-desktop 3.5.13'];
