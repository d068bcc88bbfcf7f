import { Temporal } from 'temporal-polyfill';
import type { Freeze } from '../lifecycle/freeze.ts';
import type { Slug, Title } from '../lifecycle/title.ts';
import type { PromotionWindow } from '../lifecycle/window.ts';
import type { SettingsFile, TitleFile } from './schema.ts';

/** What holds for all titles, every default filled in. */
export interface Settings {
  /** The IANA time zone in which days and hours are counted. */
  readonly timeZone: string;
  readonly connections: number;
  /** How many recipes run at once, at most; absent means as many as there are cores. */
  readonly builds?: number;
  /** After so many minutes the AutoPkg run of a title is ended. */
  readonly buildMinutes: number;
  readonly channels: {
    readonly admins: 'teams' | 'slack';
    readonly testers: 'teams' | 'slack';
    readonly everyone: 'teams' | 'slack';
  };
  /** GitHub logins, or teams as org/team. */
  readonly reviewers: readonly string[];
  readonly emergencyReviewers: readonly string[];
}

/** Monday to Thursday, all day: so that help is at hand when something breaks. */
const defaultWindows: readonly PromotionWindow[] = ([1, 2, 3, 4] as const).map((weekday) => ({
  weekday,
  from: Temporal.PlainTime.from('00:00'),
}));

/** Every default of a title, in one place. */
const titleDefaults = {
  soak: { days: 7, kind: 'days' },
  windows: defaultWindows,
  freezes: [] as readonly Freeze[],
  gate: { installs: 0 },
  approval: 'review',
  newer: 'finish',
  patience: 14,
  deadline: { test: 3, production: 7 },
  escalateAfter: 3,
  names: { test: '{title} Test', production: '{title} Stable', install: 'Install {title}' },
} as const;

/** The settings, with what patchbot.yaml leaves out. */
export function settingsOf(file: SettingsFile): Settings {
  return {
    timeZone: file['time-zone'],
    connections: file.limits?.connections ?? 5,
    ...(file.limits?.builds !== undefined && { builds: file.limits.builds }),
    buildMinutes: file.limits?.['build-minutes'] ?? 60,
    channels: {
      admins: file.channels?.admins ?? 'teams',
      testers: file.channels?.testers ?? 'teams',
      everyone: file.channels?.everyone ?? 'teams',
    },
    reviewers: file.reviewers ?? [],
    emergencyReviewers: file['emergency-reviewers'] ?? file.reviewers ?? [],
  };
}

/**
 * The title, with what its file leaves out taken from patchbot.yaml, and what that leaves out from the
 * defaults above. Freezes add up: a freeze for all is a freeze for each.
 */
export function titleOf(slug: Slug, name: string, file: TitleFile, all: SettingsFile): Title {
  const named = (template: string) => template.replaceAll('{title}', name);
  const gate = file.gate ?? all.gate ?? titleDefaults.gate;
  const pattern = file['definition-version'];
  return {
    slug,
    name,
    recipe: file.recipe,
    patch: file.patch,
    category: file.category,
    policies: {
      test: file.policies?.test ?? named(all.names?.test ?? titleDefaults.names.test),
      production:
        file.policies?.production ?? named(all.names?.production ?? titleDefaults.names.production),
      install: file.policies?.install ?? named(all.names?.install ?? titleDefaults.names.install),
    },
    soak: file.soak ?? all.soak ?? titleDefaults.soak,
    windows: file.windows?.flat() ?? all.windows?.flat() ?? titleDefaults.windows,
    freezes: [...(all.freezes ?? titleDefaults.freezes), ...(file.freezes ?? [])],
    gate: {
      installs: gate.installs,
      ...('failures' in gate && gate.failures !== undefined && { failures: gate.failures }),
    },
    approval: file.approval ?? all.approval ?? titleDefaults.approval,
    newer: file.newer ?? all.newer ?? titleDefaults.newer,
    patience: file.patience ?? all.patience ?? titleDefaults.patience,
    deadline: {
      test: file.deadline?.test ?? all.deadline?.test ?? titleDefaults.deadline.test,
      production:
        file.deadline?.production ?? all.deadline?.production ?? titleDefaults.deadline.production,
    },
    escalateAfter: file['escalate-after'] ?? all['escalate-after'] ?? titleDefaults.escalateAfter,
    ...(pattern !== undefined && { definitionVersion: new RegExp(pattern, 'u') }),
    ...(file.group !== undefined && { group: file.group }),
    ...(file['release-notes'] !== undefined && { releaseNotes: file['release-notes'] }),
  };
}
