import { Temporal } from 'temporal-polyfill';
import type { Freeze } from '../lifecycle/freeze.ts';
import type { GateRule } from '../lifecycle/gate.ts';
import type { Ring, Rings } from '../lifecycle/rings.ts';
import type { Soak } from '../lifecycle/soak.ts';
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
  /** How many titles may be promoted in a day; absent for any number. */
  readonly promotions?: number;
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
  ring: 'test',
  windows: defaultWindows,
  gate: { installs: 0 },
  approval: 'review',
  newer: 'finish',
  patience: 14,
  deadline: { test: 3, production: 7 },
  escalateAfter: 3,
  keep: { versions: 3, days: 30 },
  names: { test: '{title} {Ring}', production: '{title} Stable', install: 'Install {title}' },
} as const;

/** The settings, with what patchbot.yaml leaves out. */
export function settingsOf(file: SettingsFile): Settings {
  return {
    timeZone: file['time-zone'],
    connections: file.limits?.connections ?? 5,
    ...(file.limits?.builds !== undefined && { builds: file.limits.builds }),
    buildMinutes: file.limits?.['build-minutes'] ?? 60,
    ...(file.limits?.promotions !== undefined && { promotions: file.limits.promotions }),
    channels: {
      admins: file.channels?.admins ?? 'teams',
      testers: file.channels?.testers ?? 'teams',
      everyone: file.channels?.everyone ?? 'teams',
    },
    reviewers: file.reviewers ?? [],
    emergencyReviewers: file['emergency-reviewers'] ?? file.reviewers ?? [],
  };
}

/** What holds for titles with a tag, as patchbot.yaml says. */
type TagSection = NonNullable<SettingsFile['tags']>[string];

/** A place where something can be said of a title: the nearest that says it counts. */
type Level = TitleFile | TagSection | SettingsFile;

/** Where to look for what is said of a title: its own file, its tags in their order, patchbot.yaml. */
export function levelsOf(file: TitleFile, all: SettingsFile): readonly Level[] {
  const tags = (file.tags ?? []).flatMap((tag) => all.tags?.[tag] ?? []);
  return [file, ...tags, all];
}

/**
 * The title, with what its file leaves out taken from its tags, what those leave out from patchbot.yaml,
 * and what that leaves out from the defaults above. Freezes add up: a freeze for all is one for each.
 */
export function titleOf(slug: Slug, name: string, file: TitleFile, all: SettingsFile): Title {
  const levels = levelsOf(file, all);
  const said = <Value>(look: (level: Level) => Value | undefined): Value | undefined =>
    levels.map(look).find((value) => value !== undefined);
  // By a function, for a name may have "$&" in it.
  const named = (template: string) => template.replaceAll('{title}', () => name);
  const { names } = titleDefaults;
  const pattern = file['definition-version'];
  return {
    slug,
    name,
    recipe: file.recipe,
    patch: file.patch,
    category: file.category,
    policies: {
      production: file.policies?.production ?? named(all.names?.production ?? names.production),
      install: file.policies?.install ?? named(all.names?.install ?? names.install),
    },
    rings: ringsOf(file, levels, named(all.names?.test ?? names.test)),
    windows: said((level) => level.windows)?.flat() ?? titleDefaults.windows,
    freezes: freezesOf(slug, file, all),
    gate: gateOf(said((level) => level.gate) ?? titleDefaults.gate),
    approval: said((level) => level.approval) ?? titleDefaults.approval,
    newer: said((level) => level.newer) ?? titleDefaults.newer,
    patience: said((level) => level.patience) ?? titleDefaults.patience,
    deadline: {
      test: said(({ deadline }) => deadline?.test) ?? titleDefaults.deadline.test,
      production: said(({ deadline }) => deadline?.production) ?? titleDefaults.deadline.production,
    },
    escalateAfter: said((level) => level['escalate-after']) ?? titleDefaults.escalateAfter,
    keep: {
      versions: said(({ keep }) => keep?.versions) ?? titleDefaults.keep.versions,
      days: said(({ keep }) => keep?.days) ?? titleDefaults.keep.days,
    },
    tags: file.tags ?? [],
    ...(all.halt !== undefined && { halt: all.halt }),
    ...(file.pin && { pin: { to: file.pin, reason: file['pin-reason'] ?? '' } }),
    ...(pattern !== undefined && { definitionVersion: new RegExp(pattern, 'u') }),
    ...(file.group !== undefined && { group: file.group }),
    ...(file['release-notes'] !== undefined && { releaseNotes: file['release-notes'] }),
  };
}

/**
 * The rings of the nearest place that speaks of rings or of a soak; a soak alone is that of the one ring
 * "test".
 */
function ringsOf(file: TitleFile, levels: readonly Level[], template: string): Rings {
  const level = levels.find(({ soak, rings }) => soak !== undefined || rings !== undefined);
  const single = { name: titleDefaults.ring, soak: level?.soak ?? titleDefaults.soak };
  const [first = single, ...others] = level?.rings ?? [];
  const isOnly = others.length === 0;
  const ring = ({ name, soak }: { readonly name: string; readonly soak: Soak }): Ring => ({
    name,
    soak,
    policy:
      file.policies?.rings?.[name] ??
      (isOnly ? file.policies?.test : undefined) ??
      template
        .replaceAll('{ring}', () => name)
        .replaceAll('{Ring}', () => name.charAt(0).toUpperCase() + name.slice(1)),
  });
  return [ring(first), ...others.map(ring)];
}

function freezesOf(slug: Slug, file: TitleFile, all: SettingsFile): readonly Freeze[] {
  const tags = file.tags ?? [];
  const common = (all.freezes ?? []).filter(
    (freeze) =>
      (!freeze.tags && !freeze.titles) ||
      freeze.tags?.some((tag) => tags.includes(tag)) ||
      freeze.titles?.includes(slug),
  );
  const ofTags = tags.flatMap((tag) => all.tags?.[tag]?.freezes ?? []);
  return [...common, ...ofTags, ...(file.freezes ?? [])].map(({ from, to, reason }) => ({
    from,
    to,
    reason,
  }));
}

function gateOf(gate: NonNullable<Level['gate']>): GateRule {
  const rate = gate['failure-rate'];
  return {
    installs: gate.installs,
    ...(gate.failures !== undefined && { failures: gate.failures }),
    ...(rate !== undefined && { failureRate: rate }),
  };
}
