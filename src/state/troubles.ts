import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseChecked } from '../yaml/checked.ts';
import { dateSchema } from '../yaml/date.ts';

/**
 * Where troubles are remembered, so that each is told once a day, and since when it lasts (design, rule
 * 12). No title can be named so.
 */
export const troublesPath = 'state/_troubles.yaml';

/** Something that went wrong, and has not been seen to go well since. */
export interface Trouble {
  /** The stage that met it first. */
  readonly stage: string;
  readonly title: string;
  /** Eight digits of the message, numbers in it left out of account: those change from day to day. */
  readonly error: string;
  readonly since: Temporal.PlainDate;
  /** The day on which it was told last. */
  readonly told: Temporal.PlainDate;
}

/** Something that goes wrong now. */
export interface Met {
  readonly title: string;
  readonly message: string;
}

/** What is to be remembered from now on, and which of the troubles are to be told. */
export interface Judged<Now extends Met> {
  readonly troubles: readonly Trouble[];
  /** With the day since when, for those that are not new. */
  readonly tell: readonly { readonly met: Now; readonly since?: Temporal.PlainDate }[];
}

/**
 * Compares what goes wrong now with what went wrong before. A trouble that was told today is not told
 * again, by whatever stage; one that the stage meets no more is over.
 *
 * @param covers whether the stage has looked at the title in this run.
 */
export function judge<Now extends Met>(
  known: readonly Trouble[],
  stage: string,
  now: readonly Now[],
  covers: (title: string) => boolean,
  today: Temporal.PlainDate,
): Judged<Now> {
  const isMet = ({ title, error }: Trouble) =>
    now.some((met) => met.title === title && errorOf(met) === error);
  const troubles = known.filter((one) => one.stage !== stage || !covers(one.title) || isMet(one));
  const tell: { met: Now; since?: Temporal.PlainDate }[] = [];
  for (const met of now) {
    const error = errorOf(met);
    const at = troubles.findIndex((one) => one.title === met.title && one.error === error);
    const before = troubles[at];
    if (!before) {
      troubles.push({ stage, title: met.title, error, since: today, told: today });
      tell.push({ met });
    } else if (Temporal.PlainDate.compare(before.told, today) !== 0) {
      troubles[at] = { ...before, told: today };
      tell.push({ met, since: before.since });
    }
  }
  return { troubles, tell };
}

function errorOf({ message }: Met): string {
  const lasting = message.replace(/\d+/g, '0');
  return createHash('sha256').update(lasting).digest('hex').slice(0, 8);
}

const schema = z.array(
  z.looseObject({
    title: z.string(),
    stage: z.string(),
    error: z.string(),
    since: dateSchema,
    told: dateSchema,
  }),
);

/** Reads what was remembered; a file that somebody has broken is as good as none. */
export function readTroubles(text: string | undefined): readonly Trouble[] {
  if (text === undefined) return [];
  const read = parseChecked(text, troublesPath, schema);
  return read.ok ? read.value : [];
}

/** The file's text; null when there is nothing to remember, and so no file. */
export function troublesText(troubles: readonly Trouble[]): string | null {
  if (troubles.length === 0) return null;
  const list = troubles
    .map(({ title, stage, error, since, told }) => ({
      title,
      stage,
      error,
      since: since.toString(),
      told: told.toString(),
    }))
    .toSorted((a, b) => `${a.title} ${a.stage}`.localeCompare(`${b.title} ${b.stage}`));
  return `# What goes wrong, since when, and when it was told last: so that it is told once a day. PatchBot
# writes this file; whoever deletes it makes it forget.
${stringify(list, { lineWidth: 0 })}`;
}
