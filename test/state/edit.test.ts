import { describe, expect, it } from 'vitest';
import {
  approve,
  type Change,
  placeHold,
  recordOffered,
  recordPackage,
  releaseHold,
  startTest,
} from '../../src/lifecycle/changes.ts';
import { version } from '../../src/lifecycle/version.ts';
import { editState, sameFacts } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import { built, day } from '../lifecycle/given.ts';
import { facts, firefox, packageLines } from './given.ts';

/** The text after changes. */
function edit(text: string | undefined, ...changes: Change[]): string {
  const read = parseState(text, firefox);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const after = changes.reduce((state, change) => change(state), read.state);
  const edited = editState(read.document, 'Mozilla Firefox', read.state, after);
  expect(facts(edited)).toEqual(after);
  return edited;
}

const production = { package: built('127.0'), definition: version('127.0') };
const hold = {
  version: version('127.0'),
  reason: 'crashes: on "Intel" #1',
  by: 'carl',
  since: day('2026-11-17'),
};

describe('the first change of a title', () => {
  it('makes a file that names its schema and says what it is', () => {
    const text = edit(undefined, recordPackage(built('127.0'), day('2026-11-16')));
    expect(text.split('\n').slice(0, 4)).toEqual([
      '# yaml-language-server: $schema=../schemas/state.schema.json',
      '# Mozilla Firefox: where it stands. PatchBot writes this file; a person may mend it.',
      '',
      'schema: 1',
    ]);
    expect(text).toContain('version: "127.0"');
    expect(text).toContain('since: 2026-11-16');
  });

  it('keeps a name with line breaks from breaking out of the heading', () => {
    const text = editState(undefined, 'A\nproduction: x', {}, { package: built('1.0') });
    expect(text.split('\n')[1]).toMatch(/^# A production: x: where it stands/);
  });
});

const byHand = [
  '# We watch this one closely.',
  'schema: 1',
  'ticket: IT-4711 # ours',
  '',
  '# What the fleet has.',
  'production:',
  '  # By the book.',
  '  definition: "126.0"',
  packageLines('126.0').trimEnd(),
  '  note: "signed off: by anna" # on paper',
  '',
  '# What is next.',
  'testing:',
  '  since: 2026-11-16 # a Monday',
  '  definition: "127.0"',
  packageLines('127.0').trimEnd(),
  '  # Asked the vendor.',
  'links: [ a, b ] # unknown, and ours',
  '',
].join('\n');

const kept = [
  '# We watch this one closely.',
  'ticket: IT-4711 # ours',
  '# What the fleet has.',
  '  # By the book.',
  '  note: "signed off: by anna" # on paper',
  '# What is next.',
  '  # Asked the vendor.',
  'links:',
  '# unknown, and ours',
];

describe('a change to a file that people have written in', () => {
  it.each<[string, Change[]]>([
    ['a build', [recordPackage(built('128.0'), day('2026-11-20'))]],
    ['a test', [startTest(built('128.0'), { version: version('128.0') }, day('2026-11-20'))]],
    ['an approval', [approve(production)]],
    ['an emergency', [approve({ ...production, emergency: { by: 'anna', reason: 'CVE' } })]],
    ['an offer', [recordOffered(production, day('2026-11-24'))]],
    ['a hold', [placeHold(hold)]],
    ['a hold that is lifted again', [placeHold(hold), releaseHold()]],
    [
      'all of them',
      [
        placeHold(hold),
        approve(production),
        recordOffered(production, day('2026-11-24')),
        releaseHold(),
      ],
    ],
  ])('keeps every comment and unknown key: %s', (_, changes) => {
    const text = edit(byHand, ...changes);
    for (const line of kept) expect(text).toContain(line);
  });

  it('touches nothing but the facts that differ', () => {
    const before = byHand.split('\n');
    const after = edit(byHand, recordOffered(production, day('2026-11-24'))).split('\n');
    expect(after.slice(0, before.length - 2)).toEqual(before.slice(0, -2));
    expect(after.slice(before.length - 1)[0]).toBe('offered:');
  });

  it('keeps the order of keys, and puts what is new where it belongs', () => {
    const text = edit(byHand, recordPackage(built('128.0'), day('2026-11-20')), placeHold(hold));
    const keys = [...text.matchAll(/^([a-z-]+):/gm)].map(([, key]) => key);
    expect(keys).toEqual([
      'schema',
      'ticket',
      'package',
      'waiting',
      'hold',
      'production',
      'testing',
      'links',
    ]);
  });

  it('that changes nothing leaves the text as it is', () => {
    expect(edit(byHand)).toBe(byHand);
  });

  it('can be made in a hold that is written in one line', () => {
    const text = edit(
      'schema: 1\nhold: {reason: audit, by: bea, since: 2026-11-01} # until January\n',
      recordPackage(built('127.0'), day('2026-11-20')),
    );
    expect(text).toContain('hold: { reason: audit, by: bea, since: 2026-11-01 } # until January');
  });

  it.each([
    'yes: no',
    '*anchor',
    '- x',
    'it\'s "quoted" # not a comment',
    'a\nb: c',
    '2026-11-16',
    '0x10',
    '🔥 null',
  ])('writes a reason so that it is read as it was said: %j', (reason) => {
    const text = edit('schema: 1\n', placeHold({ ...hold, reason, by: 'null' }));
    expect(facts(text)).toMatchObject({ hold: { reason, by: 'null' } });
  });
});

describe('two states', () => {
  it('say the same when their facts are the same', () => {
    expect(sameFacts(facts(byHand), facts(byHand))).toBe(true);
    expect(sameFacts(facts(byHand), placeHold(hold)(facts(byHand)))).toBe(false);
  });
});
