import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Pin } from '../lifecycle/pin.ts';
import { longestSoak } from '../lifecycle/soak.ts';
import { version } from '../lifecycle/version.ts';
import type { PromotionWindow, Weekday } from '../lifecycle/window.ts';
import { dateSchema } from '../yaml/date.ts';

/*
 * How the values in recipes/ are written: soaks, windows, freezes, rings, pins.
 */

/** A line of text from a person: something, not too long, no control characters. */
export const line = (what: string) =>
  z
    .string({ error: `write ${what} as text` })
    .trim()
    .min(1, `write ${what}: it must not be empty`)
    .max(200, `${what} must not be longer than 200 characters`)
    .regex(/^[^\p{Cc}]*$/u, `${what} must be one line, without control characters`);

/**
 * A number, or a text of the given form. The form is checked by us and not by the union's own parts, as
 * zod would then say which pattern was missed instead of what to write.
 */
const numberOrText = (form: RegExp, write: string) =>
  z
    .union([z.number(), z.string()], { error: write })
    .refine((value) => form.test(String(value)), write)
    .meta({ pattern: form.source })
    .transform(String);

const soakForm = /^\s*\d{1,3}(\s+(working\s+)?days?)?\s*$/;

/** "7 days", "5 working days", "0" or a bare number of days. */
export const soakSchema = numberOrText(
  soakForm,
  'write a soak such as "7 days", "5 working days" or 0',
)
  .transform((text) => ({
    days: Number.parseInt(text, 10),
    kind: /working/.test(text) ? ('working days' as const) : ('days' as const),
  }))
  .refine((soak) => soak.days <= longestSoak, `a soak must not be longer than ${longestSoak} days`)
  .describe('How long a version stays in test: "7 days", "5 working days", 0');

/** A number of days between two bounds: 3, "3 days". */
export const daysSchema = (what: string, least: number, most: number) =>
  numberOrText(
    /^\s*\d{1,3}(\s+days?)?\s*$/,
    `write ${what} as a number of days, such as ${Math.max(least, 3)}`,
  )
    .transform((text) => Number.parseInt(text, 10))
    .refine(
      (days) => days >= least && days <= most,
      `${what} must be between ${least} and ${most} days`,
    );

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const windowPattern =
  /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:\s*-\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?(?:\s+([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00))?\s*$/;

/** "Mon-Thu", "Fri 09:00-12:00": one window for each weekday named. */
export const windowSchema = z
  .string({ error: 'write a window such as "Mon-Thu 08:00-16:00"' })
  .regex(
    windowPattern,
    'write a window such as "Mon-Thu 08:00-16:00", "Fri 09:00-12:00" or "Mon-Thu"',
  )
  .transform((text, context): PromotionWindow[] => {
    const [, first = 'Mon', last = first, fromHour, fromMinute, toHour, toMinute] =
      windowPattern.exec(text) ?? [];
    const from = Temporal.PlainTime.from(`${fromHour ?? '00'}:${fromMinute ?? '00'}`);
    const to = toHour ? Temporal.PlainTime.from(`${toHour}:${toMinute}`) : undefined;
    if (to && Temporal.PlainTime.compare(from, to) >= 0) {
      context.addIssue({
        code: 'custom',
        message: `the window "${text.trim()}" ends before it starts: write the earlier hour first, and two windows for a night`,
      });
      return z.NEVER;
    }
    const days: Weekday[] = [];
    for (let index = weekdayNumber(first); ; index = index === 7 ? 1 : ((index + 1) as Weekday)) {
      days.push(index);
      if (index === weekdayNumber(last)) break;
    }
    return days.map((weekday) => ({ weekday, from, ...(to && { to }) }));
  })
  .describe('When a promotion may reach the fleet: "Mon-Thu", "Fri 09:00-12:00"');

function weekdayNumber(name: string): Weekday {
  return (weekdays.findIndex((one) => name.startsWith(one)) + 1) as Weekday;
}

const freezeKeys = {
  from: dateSchema.describe('The first frozen day'),
  to: dateSchema.describe('The last frozen day'),
  reason: line('the reason of the freeze'),
};

const endsBeforeItStarts = {
  message: 'the freeze ends before it starts: write the earlier day as "from"',
};

/** A freeze of those in whose section or file it stands. */
export const freezeSchema = z
  .strictObject(freezeKeys)
  .refine(({ from, to }) => Temporal.PlainDate.compare(from, to) <= 0, endsBeforeItStarts);

/** A word for titles that are treated alike: "browsers". */
export const tagSchema = z
  .string({ error: 'write a tag as text' })
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'write a tag in lower-case letters and digits, with single dashes between them',
  )
  .max(40, 'a tag must not have more than 40 characters');

/** A freeze in patchbot.yaml: of all titles, or of those with one of the tags or names. */
export const commonFreezeSchema = z
  .strictObject({
    ...freezeKeys,
    tags: z
      .array(tagSchema)
      .min(1, 'name a tag')
      .optional()
      .describe('Only titles with such a tag'),
    titles: z
      .array(line('the short name of a title'))
      .min(1, 'name a title')
      .optional()
      .describe("Only these titles, by their files' names"),
  })
  .refine(({ from, to }) => Temporal.PlainDate.compare(from, to) <= 0, endsBeforeItStarts);

const ringForm = /^\s*([a-z][a-z0-9-]{0,30})\s+(\d{1,3}(?:\s+(?:working\s+)?days?)?)\s*$/;
const ringText =
  'write a ring as its name and its soak, such as "pilot 2 days" or "early 5 working days"';

/** "pilot 2 days": a ring's name in lower case, and its soak. */
const ringSchema = z
  .string({ error: ringText })
  .regex(ringForm, ringText)
  .transform((text, context) => {
    const [, name = '', soak = ''] = ringForm.exec(text) ?? [];
    const read = soakSchema.safeParse(soak);
    if (read.success) return { name, soak: read.data };
    context.addIssue({ code: 'custom', message: read.error.issues[0]?.message ?? ringText });
    return z.NEVER;
  });

export const ringsSchema = z
  .array(ringSchema, { error: 'write the rings as a list, such as [pilot 2 days, early 5 days]' })
  .min(1, 'name at least one ring')
  .max(5, 'more than 5 rings are not supported')
  .refine((rings) => new Set(rings.map(({ name }) => name)).size === rings.length, {
    message: 'a ring is there twice: give each its own name',
  })
  .refine((rings) => rings.slice(0, -1).every(({ soak }) => soak.days > 0), {
    message:
      'a ring that another one follows must soak for at least a day: delete it, or give it one',
  })
  .describe('The test rings in their order, each with its soak, instead of "soak"');

const pinText = 'write the pin in quotes: an exact version, all of a major ("126.*"), or "N-1"';

/** "126.0.1", "126.*", "N-1". */
export const pinSchema = z
  .string({ error: pinText })
  .trim()
  .min(1, pinText)
  .max(128, pinText)
  .refine((text) => !text.includes('*') || /^[^*]+\.\*$/.test(text), pinText)
  .transform(pinTo)
  .describe('What the title is kept at: newer versions are built and told, not promoted');

function pinTo(text: string): Pin['to'] {
  if (text.toUpperCase() === 'N-1') return { kind: 'behind' };
  if (text.endsWith('.*')) return { kind: 'begins', with: text.slice(0, -2) };
  return { kind: 'exactly', version: version(text) };
}

const failureRate = 'write "failure-rate" in percent, such as 5 %';

export const gateSchema = z.strictObject({
  installs: z
    .int('write "installs" as a whole number')
    .min(0)
    .default(0)
    .describe('At least so many Macs of the test ring must have installed the version'),
  failures: z
    .int('write "failures" as a whole number')
    .min(0)
    .optional()
    .describe('At most so many Macs of the test ring may have failed'),
  'failure-rate': z
    .union([z.number(), z.string()], { error: failureRate })
    .refine((value) => /^\s*\d{1,3}(\.\d+)?\s*%?\s*$/.test(String(value)), failureRate)
    .transform((value) => Number.parseFloat(String(value)))
    .refine((percent) => percent <= 100, failureRate)
    .optional()
    .describe('At most so many percent of the Macs that tried may have failed: 5 %'),
});

export const deadlineSchema = z.strictObject({
  test: daysSchema('the deadline', 1, 90).optional(),
  production: daysSchema('the deadline', 1, 90).optional(),
});
