import { Temporal } from 'temporal-polyfill';
import type { Step, StepOf } from './step.ts';
import type { TitleState } from './title.ts';

/** A title with the step that was decided for it. */
export interface Decided {
  readonly title: { readonly slug: string };
  readonly state: TitleState;
  readonly step: Step;
}

/**
 * Lets only so many titles be promoted in a day, so that not everything moves at once when a freeze or a
 * halt ends. Who has waited longest comes first; the others are told that they wait, and go on the next
 * day. Emergencies and steps back are not counted and not stopped.
 *
 * @param fleet where all titles stand: those that were promoted earlier today count.
 * @param limit absent for any number.
 */
export function limitPromotions<Item extends Decided>(
  decided: readonly Item[],
  fleet: readonly TitleState[],
  limit: number | undefined,
  today: Temporal.PlainDate,
): readonly Item[] {
  if (limit === undefined) return decided;
  const before = fleet.filter((state) => wasPromotedOn(today, state)).length;
  const usual = decided.filter(({ step }) => isUsual(step)).toSorted(byWait);
  const left = new Set(usual.slice(0, Math.max(0, limit - before)));
  return decided.map((item) => {
    const { step } = item;
    if (!isUsual(step) || left.has(item)) return item;
    const { version } = step.production.package;
    return {
      ...item,
      step: {
        step: 'over-limit',
        version,
        limit,
        reason: `approved; ${limit} titles a day are promoted ("limits: promotions"), so it waits for tomorrow`,
      },
    };
  });
}

function isUsual(step: Step): step is StepOf<'promote'> {
  return step.step === 'promote' && !step.production.emergency;
}

function wasPromotedOn(day: Temporal.PlainDate, { offered, production }: TitleState): boolean {
  if (!offered?.since.equals(day)) return false;
  return !(production?.emergency && production.package.digest === offered.digest);
}

/** The longest in test first; their short names decide between two of the same day. */
function byWait(a: Decided, b: Decided): number {
  const since = ({ step }: Decided) =>
    (isUsual(step) && step.production.tested) || Temporal.PlainDate.from('9999-12-31');
  return (
    Temporal.PlainDate.compare(since(a), since(b)) || a.title.slug.localeCompare(b.title.slug, 'en')
  );
}
