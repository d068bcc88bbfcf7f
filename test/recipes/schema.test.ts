import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settingsSchema, titleSchema } from '../../src/recipes/schema.ts';
import { soakSchema, windowSchema } from '../../src/recipes/values.ts';
import { parseChecked, problemText } from '../../src/yaml/checked.ts';

function read<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | string {
  const checked = parseChecked(text, 'f.yaml', schema);
  return checked.ok ? checked.value : checked.problems.map(problemText).join('\n');
}
const title = (more: string) => read(titleSchema, `recipe: A.pkg\npatch: A\ncategory: C\n${more}`);
const settings = (more: string) => read(settingsSchema, `time-zone: Europe/Zurich\n${more}`);

describe('a soak', () => {
  it.each([
    ['7 days', 7, 'days'],
    ['1 day', 1, 'days'],
    ['0', 0, 'days'],
    ['3', 3, 'days'],
    ['5 working days', 5, 'working days'],
    ['1 working day', 1, 'working days'],
  ])('is written "%s"', (text, days, kind) => {
    expect(read(z.object({ soak: soakSchema }), `soak: ${text}\n`)).toEqual({
      soak: { days, kind },
    });
  });

  it.each(['a week', '7 weeks', '-1', '7.5', '5 working', '7days', '400 days'])(
    'is not written "%s"',
    (text) => {
      expect(read(z.object({ soak: soakSchema }), `soak: ${text}\n`)).toMatch(
        /^f\.yaml:1:7: .*soak/,
      );
    },
  );
});

describe('a window', () => {
  const opens = (text: string) => {
    const value = read(z.object({ windows: z.array(windowSchema) }), `windows: [${text}]\n`);
    if (typeof value === 'string') return value;
    return value.windows.flat().map(({ weekday, from, to }) => `${weekday} ${from}-${to ?? ''}`);
  };

  it.each([
    ['Mon-Thu 08:00-16:00', ['1', '2', '3', '4'].map((one) => `${one} 08:00:00-16:00:00`)],
    ['Fri', ['5 00:00:00-']],
    ['Sat-Mon', ['6', '7', '1'].map((one) => `${one} 00:00:00-`)],
    ['Mon 22:00-24:00', ['1 22:00:00-']],
  ])('is written "%s"', (text, windows) => {
    expect(opens(text)).toEqual(windows);
  });

  it.each([
    'Monday',
    'mon',
    'Mon 8-16',
    'Mon 08:00',
    'Mon-Thu 16:00-08:00',
    'Mon 08:00-08:00',
    'Mon 24:00-24:00',
  ])('is not written "%s"', (text) => {
    expect(opens(text)).toMatch(/^f\.yaml:1:11: .*window/);
  });
});

describe('what is wrong in a title file', () => {
  it.each([
    ['approval: yes', '4:11: write "review" or "auto"'],
    ['newer: never', '4:8: write "finish" or "restart"'],
    ['deadline: {test: 0}', '4:18: the deadline must be between 1 and 90 days'],
    ['patience: long', '4:11: write the patience as a number of days, such as 3'],
    ['escalate-after: 0 days', '4:17: "escalate-after" must be between 1 and 366 days'],
    ['gate: {installs: many}', '4:18: write "installs" as a whole number'],
    ['gate: {fails: 1}', '4:8: unknown key "fails": did you mean "failures"?'],
    ['definition-version: "("', '4:21: no regular expression'],
    [
      'freezes: [{from: 2026-12-24, to: 2026-12-01, reason: x}]',
      '4:11: the freeze ends before it starts: write the earlier day as "from"',
    ],
    [
      'freezes: [{from: 2026-12-24, to: 2026-12-25}]',
      '"freezes.0.reason" is missing: write the reason',
    ],
    ['sok: 1', '4:1: unknown key "sok": did you mean "soak"?'],
  ])('is said: %s', (text, message) => {
    expect(title(`${text}\n`)).toContain(message);
  });

  it('is said of each of the three lines that it needs', () => {
    expect(read(titleSchema, 'soak: 1\n')).toMatch(
      /"recipe" is missing: write the AutoPkg recipe as text.*\n.*"patch" is missing.*\n.*"category" is missing/,
    );
  });

  it('is said of names that are no names: several lines, control characters, none', () => {
    expect(title('name: "a\\nb"\n')).toContain('4:7: the name must be one line');
    expect(title('name: "\\e[31m"\n')).toContain('4:7: the name must be one line');
    expect(title('name: ""\n')).toContain('4:7: write the name: it must not be empty');
  });

  it.each(['../evil', '-rf', '; rm', '$(x)', ''])('is said of the recipe "%s"', (recipe) => {
    expect(read(titleSchema, `recipe: "${recipe}"\npatch: A\ncategory: C\n`)).toContain(
      'f.yaml:1:9:',
    );
  });
});

describe('an empty title file', () => {
  it('is told what to write', () => {
    const said = read(titleSchema, '');
    expect(said).toContain('"recipe" is missing: write the AutoPkg recipe as text');
    expect(said).toContain('"patch" is missing: write the display name of the patch title');
    expect(said).toContain('"category" is missing: write the category as text');
  });
});

describe('what is wrong in patchbot.yaml', () => {
  it.each([
    ['names: {test: Test}', '2:15: the name of test patch policies must have {title} in it'],
    ['limits: {connections: 9}', '2:23: Jamf advises at most 5 connections at once'],
    ['channels: {admin: teams}', '2:12: unknown key "admin": did you mean "admins"?'],
  ])('is said: %s', (text, message) => {
    expect(settings(`${text}\n`)).toContain(message);
  });

  it('is said of a time zone that there is not', () => {
    expect(read(settingsSchema, 'time-zone: Zurich\n')).toContain(
      'f.yaml:1:12: no such time zone: write one such as Europe/Zurich',
    );
    expect(read(settingsSchema, '')).toContain('"time-zone" is missing');
  });
});
