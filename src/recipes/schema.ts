import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { longestSoak } from '../lifecycle/soak.ts';
import type { PromotionWindow, Weekday } from '../lifecycle/window.ts';
import { dateSchema } from '../yaml/date.ts';

/*
 * What a person may write in recipes/. From these schemas come the parser, the messages and the JSON
 * Schemas that editors complete with; the defaults are in defaults.ts.
 */

const line = (what: string) =>
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

const daysSchema = (what: string, least: number, most: number) =>
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

export const freezeSchema = z
  .strictObject({
    from: dateSchema.describe('The first frozen day'),
    to: dateSchema.describe('The last frozen day'),
    reason: line('the reason of the freeze'),
  })
  .refine((freeze) => Temporal.PlainDate.compare(freeze.from, freeze.to) <= 0, {
    message: 'the freeze ends before it starts: write the earlier day as "from"',
  });

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
});

const deadlineSchema = z.strictObject({
  test: daysSchema('the deadline', 1, 90).optional(),
  production: daysSchema('the deadline', 1, 90).optional(),
});

/** What may be said for all titles in patchbot.yaml, and for one in its own file. */
const lifecycleKeys = {
  soak: soakSchema.optional(),
  windows: z
    .array(windowSchema)
    .optional()
    .describe('When promotions may reach the fleet; an empty list means always'),
  freezes: z
    .array(freezeSchema)
    .optional()
    .describe('Days on which nothing is promoted, each with its reason'),
  gate: gateSchema.optional().describe('What the test ring must show, as Jamf counts it'),
  approval: z
    .enum(['review', 'auto'], { error: 'write "review" or "auto"' })
    .optional()
    .describe('review: a person merges the promotion request; auto: PatchBot does'),
  newer: z
    .enum(['finish', 'restart'], { error: 'write "finish" or "restart"' })
    .optional()
    .describe('What happens to the version in test when a newer one comes'),
  patience: daysSchema('the patience', 0, 366)
    .optional()
    .describe('For how many days a ready version keeps its place, unapproved'),
  deadline: deadlineSchema
    .optional()
    .describe('Self Service deadlines in days, of the test and the production policy'),
  'escalate-after': daysSchema('"escalate-after"', 1, 366)
    .optional()
    .describe('After how many days without a patch definition the admins are told daily'),
};

const nameTemplate = (what: string) =>
  line(what).refine((text) => text.includes('{title}'), {
    message: `${what} must have {title} in it, where the title's name goes`,
  });

/** recipes/patchbot.yaml */
export const settingsSchema = z.strictObject({
  'time-zone': line('the time zone')
    .refine(isTimeZone, {
      error: 'no such time zone: write one such as Europe/Zurich or America/New_York',
    })
    .describe('The IANA time zone in which days and hours are counted'),
  ...lifecycleKeys,
  names: z
    .strictObject({
      test: nameTemplate('the name of test patch policies').optional(),
      production: nameTemplate('the name of production patch policies').optional(),
      install: nameTemplate('the name of install policies').optional(),
    })
    .optional()
    .describe('How policies are named in Jamf Pro: {title} stands for the name of the title'),
  limits: z
    .strictObject({
      connections: z
        .int()
        .min(1)
        .max(5, 'Jamf advises at most 5 connections at once')
        .optional()
        .describe('How many requests Jamf Pro gets at once'),
      builds: z
        .int('write "builds" as a whole number')
        .min(1)
        .max(32)
        .optional()
        .describe(
          'How many recipes AutoPkg runs at once, at most; never more than there are cores',
        ),
      'build-minutes': z
        .int('write "build-minutes" as a whole number')
        .min(1)
        .max(600)
        .optional()
        .describe('After so many minutes the AutoPkg run of a title is ended'),
    })
    .optional(),
  channels: z
    .strictObject({
      admins: z.enum(['teams', 'slack']).optional(),
      testers: z.enum(['teams', 'slack']).optional(),
      everyone: z.enum(['teams', 'slack']).optional(),
    })
    .optional()
    .describe('What stands behind each webhook; the addresses are secrets and not kept here'),
  reviewers: z
    .array(line('a reviewer'))
    .optional()
    .describe('GitHub logins, or teams as org/team, who are asked to review promotions'),
  'emergency-reviewers': z
    .array(line('a reviewer'))
    .optional()
    .describe('Who is asked to review emergencies; the reviewers when left out'),
});

/** recipes/titles/<title>.yaml */
export const titleSchema = z.strictObject({
  recipe: line('the AutoPkg recipe')
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9_. +-]*$/,
      'write the name or the identifier of an AutoPkg recipe, such as GoogleChrome.pkg',
    )
    .describe('The AutoPkg override or recipe that builds the package'),
  patch: z
    .union([line('the patch title'), z.int().transform(String)])
    .describe(
      'The patch title in Jamf Pro by display name or configuration id; none if it has none',
    ),
  category: line('the category').describe('The Jamf Pro category of its packages'),
  name: line('the name').optional().describe('The name for people; default: the patch title'),
  policies: z
    .strictObject({
      test: line('the name of the test patch policy').optional(),
      production: line('the name of the production patch policy').optional(),
      install: line('the name of the install policy').optional().describe('none: there is none'),
    })
    .optional()
    .describe('Names of policies in Jamf Pro that do not follow the convention'),
  'definition-version': z
    .string()
    .max(200)
    .refine(isPattern, { error: 'no regular expression' })
    .optional()
    .describe(
      "A regular expression: its first group, in a patch definition's version, is the package's version",
    ),
  group: z
    .string({ error: 'write the name of the group as text' })
    .regex(
      /^[a-z0-9]+(-[a-z0-9]+)*$/,
      'write lower-case letters and digits, with single dashes between them',
    )
    .max(40, 'a group must not have more than 40 characters')
    .optional()
    .describe('Titles of one group are proposed together, in one promotion request'),
  'release-notes': z
    .string()
    .regex(/^https:\/\/[^\s<>"]+$/, 'write the https address of the release notes')
    .max(500, 'the address must not be longer than 500 characters')
    .optional()
    .describe('Where the vendor says what is new; {version} stands for the version'),
  ...lifecycleKeys,
});

/** recipes/repos.yaml */
export const reposSchema = z.strictObject({
  repos: z
    .array(
      z.strictObject({
        url: z
          .string()
          .regex(/^https:\/\/[^\s@]+$/, 'write the https address of the repository')
          .describe('The AutoPkg recipe repository'),
        commit: z
          .string()
          .regex(/^[0-9a-f]{40}$/, 'write the full id of a commit, 40 hexadecimal digits')
          .describe('The commit whose recipes were reviewed'),
      }),
    )
    .refine((repos) => new Set(repos.map(({ url }) => url)).size === repos.length, {
      message: 'a repository is there twice: delete one of the two',
    })
    .describe('The AutoPkg recipe repositories that the titles come from, each pinned to a commit'),
});

function isTimeZone(text: string): boolean {
  try {
    return Boolean(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text));
  } catch {
    return false;
  }
}

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'u'));
  } catch {
    return false;
  }
}

export type SettingsFile = z.output<typeof settingsSchema>;
export type TitleFile = z.output<typeof titleSchema>;
