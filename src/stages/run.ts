import type { Temporal } from 'temporal-polyfill';
import type { AutoPkgSettings } from '../autopkg/autopkg.ts';
import type { GitHub } from '../github/github.ts';
import type { Jamf } from '../jamf/jamf.ts';
import { type Moment, moment, type Slug, type Title } from '../lifecycle/title.ts';
import type { Channel } from '../notify/notify.ts';
import type { Recipes } from '../recipes/read.ts';
import { nearest } from '../text/nearest.ts';

/** All that a stage works with: what to do is in the recipes, with whom is in here. */
export interface Run {
  /** The folder of the repository's working copy. */
  readonly folder: string;
  readonly recipes: Recipes;
  readonly jamf: Jamf;
  /** Absent at a terminal without a token: then stages can only look, and state is read from the folder. */
  readonly github?: GitHub;
  readonly autopkg: AutoPkgSettings;
  /** Where the pinned recipe repositories are kept between runs; in the user's cache by default. */
  readonly checkoutsDir?: string;
  readonly channels: readonly Channel[];
  /** The time, in the configured time zone. */
  readonly now: () => Temporal.ZonedDateTime;
  /** Who started this run; a person's GitHub login or the name of the bot. */
  readonly actor: string;
  /** GitHub's own address, for links: https://github.com. */
  readonly serverUrl: string;
  /** The page of this run, to link to. */
  readonly url?: string;
  /** Change nothing; say what would be done and why. */
  readonly dryRun: boolean;
  /** Only these titles; absent means all. */
  readonly only?: readonly Slug[];
  /** Say so when there is nothing to say: silence means broken. */
  readonly heartbeat: boolean;
  /** Titles whose broken files an earlier stage of the same workflow has told already. */
  readonly told: readonly string[];
  readonly log: (line: string) => void;
  /** Gets lines that belong together, under a heading that they can be folded into. */
  readonly fold: (heading: string, lines: readonly string[]) => void;
}

/** The moment in which the run decides. */
export function momentOf(run: Run): Moment {
  return moment(run.now());
}

/**
 * The titles that the run is for, less those whose files are broken: what is wrong in them is among the
 * problems of the recipes, and told with those.
 *
 * @throws TitleUnknown when one is asked for that isn't there.
 */
export function titlesOf(run: Run): readonly Title[] {
  const { titles, problems } = run.recipes;
  if (!run.only) return titles;
  const there = new Set<string>([
    ...titles.map(({ slug }) => slug),
    ...problems.flatMap(({ title }) => title ?? []),
  ]);
  for (const slug of run.only) if (!there.has(slug)) throw new TitleUnknown(slug, [...there]);
  return titles.filter((title) => run.only?.includes(title.slug));
}

/** The same run, with the others of each title's group: a group is asked for as a whole, or not at all. */
export function withGroups(run: Run): Run {
  const { only } = run;
  if (!only) return run;
  const groups = new Set(titlesOf(run).flatMap(({ group }) => group ?? []));
  const mates = run.recipes.titles.filter(({ group }) => group !== undefined && groups.has(group));
  return sameRun(run, { only: [...new Set([...only, ...mates.map(({ slug }) => slug)])] });
}

/** The same run, but for some of it; Jamf is still connected to only when it is needed. */
export function sameRun(
  run: Run,
  but: {
    readonly only?: Run['only'] | undefined;
    readonly actor?: string;
    readonly dryRun?: boolean;
  },
): Run {
  return Object.assign(Object.create(run) as Run, but);
}

/** Somebody asked for a title that isn't in recipes/titles/. */
export class TitleUnknown extends Error {
  constructor(asked: string, known: readonly string[]) {
    const near = nearest(asked, known);
    super(
      `there is no title "${asked}" in recipes/titles/: ${
        near ? `did you mean "${near}"?` : `the titles are ${known.join(', ') || '(none)'}`
      }`,
    );
    this.name = 'TitleUnknown';
  }
}

/** The repository on GitHub. @throws NoRepository when the run has none: a stage that acts needs it. */
export function repositoryOf(run: Run): GitHub {
  if (!run.github) throw new NoRepository();
  return run.github;
}

/** A stage that changes something was started without a GitHub repository to record it in. */
export class NoRepository extends Error {
  constructor() {
    super(
      'this changes state, and state is kept on GitHub: set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN (at a terminal: export GITHUB_TOKEN="$(gh auth token)")',
    );
    this.name = 'NoRepository';
  }
}

/** Trailers for the commits of a run: who, and where to read on. */
export function trailersOf(run: Run): readonly string[] {
  return [`Requested-by: ${run.actor}`, ...(run.url ? [`Run: ${run.url}`] : [])];
}
