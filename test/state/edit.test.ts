import { describe, expect, it } from 'vitest';
import {
  approve,
  type Change,
  enterRing,
  forgetPackages,
  placeHold,
  recordOffered,
  recordPackage,
  releaseHold,
  startTest,
} from '../../src/lifecycle/changes.ts';
import type { Rings } from '../../src/lifecycle/rings.ts';
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
    expect(facts(text)).toMatchObject({ holds: [{ reason, by: 'null' }] });
  });
});

describe('holds in a file', () => {
  const whole = { reason: 'audit', by: 'bea', since: day('2026-11-18') };
  const one = [
    'schema: 1',
    '# Talked to the vendor.',
    'hold:',
    '  version: "127.0"',
    '  reason: crashes # on Intel',
    '  by: carl',
    '  since: 2026-11-17',
    '  ticket: IT-1',
    '',
  ].join('\n');

  it('become a list with the second, and what people wrote in the first stays', () => {
    const text = edit(one, placeHold(whole));
    expect(text).toBe(
      [
        'schema: 1',
        '# Talked to the vendor.',
        'hold:',
        '  - version: "127.0"',
        '    reason: crashes # on Intel',
        '    by: carl',
        '    since: 2026-11-17',
        '    ticket: IT-1',
        '  - reason: audit',
        '    by: bea',
        '    since: 2026-11-18',
        '',
      ].join('\n'),
    );
  });

  it('are one without a list again, when the other is lifted', () => {
    const two = edit(one, placeHold(whole));
    expect(edit(two, releaseHold(version('127.0')))).toContain(
      'hold:\n  reason: audit\n  by: bea\n  since: 2026-11-18\n',
    );
    const back = edit(two, (state) => ({ ...state, holds: (state.holds ?? []).slice(0, 1) }));
    expect(back).toBe(one);
  });

  it('get a new reason where they stand', () => {
    const text = edit(edit(one, placeHold(whole)), placeHold({ ...hold, reason: 'hangs' }));
    expect(text).toContain('  - version: "127.0"\n    reason: hangs # on Intel\n');
    expect(text).toContain('    ticket: IT-1\n');
  });

  it('are all gone when all are lifted', () => {
    const playing: Change = (state) => ({ ...state, package: built('127.0') });
    expect(edit(one, playing, releaseHold())).toMatch(/^hold:$/m);
  });
});

describe('rings and older packages in a file', () => {
  const rings: Rings = [
    { name: 'pilot', soak: { days: 2, kind: 'days' }, policy: 'P' },
    { name: 'early', soak: { days: 5, kind: 'days' }, policy: 'E' },
  ];

  it('are written so that a person reads them', () => {
    const text = edit(
      edit(
        'schema: 1\n',
        recordPackage(built('126.0'), day('2026-11-02')),
        recordOffered({ package: built('126.0') }, day('2026-11-09')),
      ),
      recordPackage(built('127.0'), day('2026-11-16')),
      startTest(built('127.0'), undefined, day('2026-11-16'), rings),
      enterRing(version('127.0'), rings[1] ?? rings[0], rings, day('2026-11-18')),
    );
    expect(text).toContain(
      '  since: 2026-11-16\n  rings:\n    pilot: 2026-11-16\n    early: 2026-11-18\n',
    );
    expect(text).toMatch(
      /^older:\n {2}- \{ version: "126\.0", file: .*, replaced: 2026-11-16, offered: 2026-11-09 \}$/m,
    );
  });

  it('keep what a person notes at an older package, while others come and go', () => {
    const noted = [
      'schema: 1',
      `package:\n${packageLines('127.0').trimEnd()}`,
      'older:',
      `  - # the one that the lab needs\n${packageLines('125.0').replaceAll(/^/gm, '  ').trimEnd()}`,
      '    replaced: 2026-10-19',
      '    keep: for the lab',
      '',
    ].join('\n');
    const text = edit(noted, recordPackage(built('128.0'), day('2026-11-20')));
    expect(text).toContain('# the one that the lab needs');
    expect(text).toContain('    keep: for the lab\n');
    const less = edit(text, forgetPackages([built('127.0')]));
    expect(less).toContain('    keep: for the lab\n');
    expect(less).not.toContain('replaced: 2026-11-20');
  });
});

describe('two states', () => {
  it('say the same when their facts are the same', () => {
    expect(sameFacts(facts(byHand), facts(byHand))).toBe(true);
    expect(sameFacts(facts(byHand), placeHold(hold)(facts(byHand)))).toBe(false);
  });
});
