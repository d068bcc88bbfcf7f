import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import {
  commonFreezeSchema,
  daysSchema,
  deadlineSchema,
  freezeSchema,
  gateSchema,
  line,
  pinSchema,
  ringsSchema,
  soakSchema,
  tagSchema,
  windowSchema,
} from './values.ts';

/*
 * What a person may write in recipes/. From these schemas come the parser, the messages and the JSON
 * Schemas that editors complete with; the defaults are in defaults.ts.
 */

/** What may be said for all titles in patchbot.yaml, for those with a tag, and for one in its own file. */
const lifecycleKeys = {
  soak: soakSchema.optional(),
  rings: ringsSchema.optional(),
  windows: z
    .array(windowSchema)
    .optional()
    .describe('When promotions may reach the fleet; an empty list means always'),
  freezes: freezesOf(freezeSchema),
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
  keep: z
    .strictObject({
      versions: z
        .int('write "versions" as a whole number')
        .min(1, 'keep at least one older version: a rollback needs it')
        .optional()
        .describe('So many packages that were replaced stay in Jamf Pro in any case'),
      days: daysSchema('"days"', 0, 3660)
        .optional()
        .describe('And so many days after it was replaced, any package stays'),
    })
    .optional()
    .describe('How long old packages stay in Jamf Pro'),
};

/** Rings have soaks of their own: a soak besides would say the same thing twice, and differently. */
const ringsOrSoak = {
  message: 'write either "soak" or "rings": each ring has its own soak',
  path: ['soak'],
};

const saysBoth = ({ soak, rings }: { soak?: unknown; rings?: unknown }) =>
  soak === undefined || rings === undefined;

function freezesOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(schema)
    .optional()
    .describe('Days on which nothing is promoted, each with its reason');
}

const nameTemplate = (what: string) =>
  line(what).refine((text) => text.includes('{title}'), {
    message: `${what} must have {title} in it, where the title's name goes`,
  });

/** recipes/patchbot.yaml */
export const settingsSchema = z
  .strictObject({
    'time-zone': line('the time zone')
      .refine(isTimeZone, {
        error: 'no such time zone: write one such as Europe/Zurich or America/New_York',
      })
      .describe('The IANA time zone in which days and hours are counted'),
    halt: line('the reason of the halt')
      .optional()
      .describe('Why nothing moves to test or production at present; delete the line to go on'),
    ...lifecycleKeys,
    freezes: freezesOf(commonFreezeSchema),
    tags: z
      .record(tagSchema, z.strictObject(lifecycleKeys).refine(saysBoth, ringsOrSoak))
      .optional()
      .describe('What holds for the titles with a tag; a title itself may say otherwise'),
    names: z
      .strictObject({
        test: nameTemplate('the name of test patch policies')
          .optional()
          .describe('{ring} stands for the name of the ring, {Ring} for the same with a capital'),
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
        promotions: z
          .int('write "promotions" as a whole number')
          .min(1, 'write at least 1; to stop everything write "halt" and a reason')
          .optional()
          .describe('How many titles may be promoted in a day, emergencies and rollbacks aside'),
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
  })
  .refine(saysBoth, ringsOrSoak);

/** recipes/titles/<title>.yaml */
export const titleSchema = z
  .strictObject({
    recipe: line('the AutoPkg recipe')
      .regex(
        /^[A-Za-z0-9_][A-Za-z0-9_. +-]*$/,
        'write the name or the identifier of an AutoPkg recipe, such as GoogleChrome.pkg',
      )
      .describe('The AutoPkg override or recipe that builds the package'),
    patch: z
      .union([line('the patch title'), z.int().transform(String)], {
        error:
          'write the display name of the patch title in Jamf Pro, its configuration id, or none',
      })
      .describe(
        'The patch title in Jamf Pro by display name or configuration id; none if it has none',
      ),
    category: line('the category').describe('The Jamf Pro category of its packages'),
    name: line('the name').optional().describe('The name for people; default: the patch title'),
    policies: z
      .strictObject({
        test: line('the name of the test patch policy')
          .optional()
          .describe('Of a title with one ring; with several, name them under "rings"'),
        rings: z
          .record(z.string(), line("the name of the ring's patch policy"))
          .optional()
          .describe('The patch policy of each ring, by the name of the ring'),
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
    tags: z
      .array(tagSchema, { error: 'write the tags as a list, such as [browsers]' })
      .optional()
      .describe('What the title has in common with others; patchbot.yaml has settings for tags'),
    pin: pinSchema.optional(),
    'pin-reason': line('the reason of the pin').optional().describe('Why the title is pinned'),
    ...lifecycleKeys,
  })
  .refine(saysBoth, ringsOrSoak)
  .refine((title) => title.pin === undefined || title['pin-reason'] !== undefined, {
    message: 'write why the title is pinned, for those who come after you',
    path: ['pin-reason'],
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
