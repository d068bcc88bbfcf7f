import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseChecked, problemText } from '../../src/yaml/checked.ts';
import { dateSchema } from '../../src/yaml/date.ts';

const schema = z.strictObject({
  name: z.string({ error: 'write a name' }),
  from: dateSchema.optional(),
  hours: z.array(z.strictObject({ start: z.int('write a whole number') })).optional(),
});

/** The problems of a text, as compilers write them. */
function problems(text: string, title?: string): string[] {
  const checked = parseChecked(text, 'recipes/x.yaml', schema, title);
  return checked.ok ? [] : checked.problems.map(problemText);
}

describe('a file that is well', () => {
  it('gives its value and its document', () => {
    const checked = parseChecked('name: a # why\n', 'x.yaml', schema);
    expect(checked).toMatchObject({ ok: true, value: { name: 'a' } });
    expect(checked.ok && String(checked.document)).toBe('name: a # why\n');
  });
});

describe('what is wrong in a file', () => {
  it('is said with file, line, column and title, at the value itself', () => {
    expect(problems('# hello\nname: [a]\n', 'firefox')).toEqual([
      'recipes/x.yaml:2:7: firefox: write a name',
    ]);
  });

  it('is said deep within lists', () => {
    expect(problems('name: a\nhours:\n  - start: 1\n  - start: noon\n')).toEqual([
      'recipes/x.yaml:4:12: write a whole number',
    ]);
  });

  it('is all said at once', () => {
    expect(problems('name: 1\nfrom: 2026-02-30\n')).toEqual([
      'recipes/x.yaml:1:7: write a name',
      'recipes/x.yaml:2:7: there is no day 2026-02-30 in the calendar',
    ]);
  });

  it('says which key is missing, at what should have it', () => {
    expect(problems('hours:\n  - {}\n')).toEqual([
      'recipes/x.yaml:1:1: "name" is missing: write a name',
      'recipes/x.yaml:2:5: "hours.0.start" is missing: write a whole number',
    ]);
  });

  it('names the key that was probably meant', () => {
    expect(problems('name: a\nform: 2026-01-01\n')).toEqual([
      'recipes/x.yaml:2:1: unknown key "form": did you mean "from"?',
    ]);
    expect(problems('name: a\nhours:\n  - start: 1\n    Stat: 2\n')).toEqual([
      'recipes/x.yaml:4:5: unknown key "Stat": did you mean "start"?',
    ]);
  });

  it('names the keys there are, when none is near', () => {
    expect(problems('name: a\ncolour: red\n')).toEqual([
      'recipes/x.yaml:2:1: unknown key "colour": the keys here are name, from, hours',
    ]);
  });

  it('is one problem when it is no YAML, not a list of echoes', () => {
    const [only, ...others] = problems('name: "a\nfrom: }\n', 'firefox');
    expect(only).toMatch(/^recipes\/x\.yaml:\d+:\d+: firefox: this is not YAML: /);
    expect(others).toEqual([]);
  });

  it.each([
    ['is empty', ''],
    ['holds a comment alone', '# later\n'],
  ])('is the missing key when the file %s', (_, text) => {
    expect(problems(text)[0]).toMatch(/^recipes\/x\.yaml:1:1: .*"name" is missing/);
  });

  it('is said when the file is no map of keys', () => {
    expect(problems('- name\n')[0]).toMatch(/^recipes\/x\.yaml:1:1: /);
    expect(problems('just words\n')[0]).toMatch(/^recipes\/x\.yaml:1:1: /);
  });

  it.each([
    ['a key twice', 'name: a\nname: b\n'],
    ['an alias of nothing', 'name: *nobody\n'],
    ['two documents', 'name: a\n---\nname: b\n'],
    ['a tab as indentation', 'hours:\n\t- start: 1\n'],
  ])('is a problem, never an exception: %s', (_, text) => {
    expect(problems(text)[0]).toMatch(/^recipes\/x\.yaml:\d+:\d+: this is not YAML: /);
  });

  it('is a problem, never an exception, for aliases that grow without end', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...['b', 'c', 'd', 'e'].map((name, index) => {
        const before = String.fromCharCode(97 + index);
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    expect(problems(`name: a\n${bomb}\n`)[0]).toMatch(/^recipes\/x\.yaml:/);
  });
});

describe('a day', () => {
  it.each(['24.12.2026', '2026-12-24T00:00', '26-12-24', '1'])('is not written as %s', (text) => {
    expect(problems(`name: a\nfrom: ${text}\n`)[0]).toContain('write a date such as 2026-12-24');
  });

  it('must be in the calendar', () => {
    expect(problems('name: a\nfrom: 2026-02-29\n')[0]).toContain('there is no day 2026-02-29');
    expect(problems('name: a\nfrom: 2028-02-29\n')).toEqual([]);
  });
});
