import type { Temporal } from 'temporal-polyfill';
import type { Plan, PlannedTitle } from '../github/github.ts';
import { nextStep } from '../lifecycle/next-step.ts';
import { moment, type Slug, type Title } from '../lifecycle/title.ts';
import type { Recipes } from '../recipes/read.ts';
import { inWords, otherWords } from '../recipes/words.ts';
import { readStates } from '../state/read.ts';
import { problemText } from '../yaml/checked.ts';
import type { Merged } from './merged.ts';

/** What one side says of a title, and what it makes of it. */
interface Side {
  readonly title: Title;
  readonly said: ReadonlyMap<string, string>;
  readonly next: string;
}

/** What the next runs would do differently with the request merged. Jamf Pro is not asked. */
export async function planOf(merged: Merged, now: Temporal.Instant): Promise<Plan> {
  const before = await sidesOf(merged.before, merged.beforeFolder, now);
  const after = await sidesOf(merged.after, merged.afterFolder, now);
  if (!merged.after)
    return {
      titles: [],
      unchanged: before.size,
      unreadable: merged.newProblems.map(problemText).join('; '),
    };
  const titles: PlannedTitle[] = [];
  const slugs = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  for (const slug of slugs) {
    const planned = differs(slug, before.get(slug), after.get(slug));
    if (planned) titles.push(planned);
  }
  return { titles, unchanged: slugs.length - titles.length };
}

function differs(
  slug: Slug,
  before: Side | undefined,
  after: Side | undefined,
): PlannedTitle | undefined {
  const changed = before && after ? otherWords(before.said, after.said) : [];
  if (before && after && changed.length === 0 && before.next === after.next) return undefined;
  return {
    slug,
    name: (after ?? before)?.title.name ?? slug,
    ...(before && { before: before.next }),
    ...(after && { after: after.next }),
    changed,
  };
}

async function sidesOf(
  recipes: Recipes | undefined,
  folder: string,
  now: Temporal.Instant,
): Promise<ReadonlyMap<Slug, Side>> {
  const sides = new Map<Slug, Side>();
  if (!recipes) return sides;
  const { timeZone } = recipes.settings;
  const at = moment(now.toZonedDateTimeISO(timeZone));
  const states = await readStates(
    folder,
    recipes.titles.map(({ slug }) => slug),
  );
  for (const title of recipes.titles) {
    const read = states.get(title.slug);
    const next = read?.ok
      ? nextStep(title, read.state, {}, at).reason
      : `its state cannot be read: ${read?.problems.map(problemText).join('; ')}`;
    sides.set(title.slug, { title, said: inWords(title, timeZone), next });
  }
  return sides;
}
