import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { slug } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';
import { parseState, readStates } from '../../src/state/read.ts';
import { problemText } from '../../src/yaml/checked.ts';
import { given, started } from '../github/started.ts';
import { built, day, inTest } from '../lifecycle/given.ts';
import { facts, firefox, packageLines } from './given.ts';

function problems(text: string): string[] {
  const read = parseState(text, firefox);
  return read.ok ? [] : read.problems.map(problemText);
}

describe('a state file', () => {
  it('that is not there yet has no facts', () => {
    expect(parseState(undefined, firefox)).toEqual({ ok: true, state: {} });
  });

  it('holds all facts of a title', () => {
    const text = [
      'schema: 1',
      `package:\n${packageLines('128.0')}waiting:`,
      '  version: "128.0"',
      '  since: 2026-11-20',
      `testing:\n${packageLines('127.0')}  definition: "127.0"`,
      '  since: 2026-11-16',
      'hold:',
      '  version: "127.0"',
      '  reason: crashes',
      '  by: carl',
      '  since: 2026-11-17',
      '  until: 2026-12-01',
      `production:\n${packageLines('126.0')}  definition: "126.0"`,
      '  emergency:',
      '    by: anna',
      '    reason: CVE',
      'offered:',
      '  version: "126.0"',
      '  definition: "126.0"',
      `  sha3-512: ${built('126.0').digest}`,
      '  since: 2026-11-02',
      '',
    ].join('\n');
    expect(facts(text)).toEqual({
      package: built('128.0'),
      waiting: { version: version('128.0'), since: day('2026-11-20') },
      testing: inTest('127.0', '2026-11-16'),
      holds: [
        {
          version: version('127.0'),
          reason: 'crashes',
          by: 'carl',
          since: day('2026-11-17'),
          until: day('2026-12-01'),
        },
      ],
      production: {
        package: built('126.0'),
        definition: version('126.0'),
        emergency: { by: 'anna', reason: 'CVE' },
      },
      offered: {
        version: version('126.0'),
        definition: version('126.0'),
        digest: built('126.0').digest,
        since: day('2026-11-02'),
      },
    });
  });

  it('may hold keys that PatchBot does not know', () => {
    expect(facts(`schema: 1\nticket: IT-1\npackage:\n${packageLines('1.0')}  note: x\n`)).toEqual({
      package: built('1.0'),
    });
  });

  it('may hold several holds, rings, the record of a test, and older packages', () => {
    const text = [
      'schema: 1',
      `testing:\n${packageLines('127.0')}  since: 2026-11-16`,
      '  rings:',
      '    pilot: 2026-11-16',
      '    early: 2026-11-18',
      'hold:',
      '  - {reason: audit, by: bea, since: 2026-11-17}',
      '  - {version: "126.0", reason: crashes, by: carl, since: 2026-11-01}',
      `production:\n${packageLines('125.0')}  tested: 2026-10-20`,
      'older:',
      `  -\n${packageLines('124.0').replaceAll(/^/gm, '  ').trimEnd()}`,
      '    replaced: 2026-10-19',
      '    offered: 2026-10-01',
      '',
    ].join('\n');
    expect(facts(text)).toEqual({
      testing: {
        package: built('127.0'),
        since: day('2026-11-16'),
        rings: new Map([
          ['pilot', day('2026-11-16')],
          ['early', day('2026-11-18')],
        ]),
      },
      holds: [
        { reason: 'audit', by: 'bea', since: day('2026-11-17') },
        { version: version('126.0'), reason: 'crashes', by: 'carl', since: day('2026-11-01') },
      ],
      production: { package: built('125.0'), tested: day('2026-10-20') },
      older: [{ package: built('124.0'), replaced: day('2026-10-19'), offered: day('2026-10-01') }],
    });
  });

  it('must write versions in quotes: 127.10 would be 127.1', () => {
    expect(problems(`schema: 1\nwaiting: {version: 127.10, since: 2026-11-20}\n`)).toEqual([
      'state/firefox.yaml:2:20: firefox: write the version in quotes ("127.0"), or YAML takes it for a number',
    ]);
  });

  it.each([
    ['', '1:1: firefox: "schema" is missing: write "schema: 1"'],
    ['schema: 2\n', '1:9: firefox: write "schema: 1": this PatchBot knows no other format'],
    [
      'schema: 1\nhold: {by: a, since: 2026-11-17}\n',
      '2:7: firefox: "hold.reason" is missing: write the reason of the hold',
    ],
    [
      'schema: 1\nhold:\n  - {reason: x, by: a, since: 2026-11-17}\n  - {reason: x, since: 2026-11-17}\n',
      '4:5: firefox: "hold.1.by" is missing: write who holds it',
    ],
    ['schema: 1\nhold: carl\n', '2:7: firefox: write a hold with "reason", "by" and "since"'],
    [
      'schema: 1\nhold: {reason: "", by: a, since: 2026-11-17}\n',
      '2:16: firefox: write the reason of the hold',
    ],
    ['schema: 1\nhold: {reason: x, by: a, since: soon}\n', '2:33: firefox: write a date such as'],
    [
      `schema: 1\npackage:\n${packageLines('1').replace(/sha3-512: \w+/, 'sha3-512: abc')}`,
      '6:13: firefox: a SHA3-512 digest has 128 hexadecimal digits',
    ],
    [
      `schema: 1\npackage:\n${packageLines('1').replace('Firefox-1.pkg', '../x.pkg')}`,
      "4:9: firefox: write the package's file name without folders",
    ],
    ['schema: 1\nhold: *none\n', '1:1: firefox: this is not YAML'],
  ])('that is wrong says where and what to write: %j', (text, message) => {
    expect(problems(text)[0]).toContain(`state/firefox.yaml:${message}`);
  });
});

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function workingCopy(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-state-'));
  folders.push(folder);
  await mkdir(join(folder, 'state'));
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, 'state', name), text);
  return folder;
}

const one = `schema: 1\npackage:\n${packageLines('1.0')}`;
const two = `schema: 1\npackage:\n${packageLines('2.0')}`;

describe('where the titles stand', () => {
  it('is read from the working copy, when there is nothing else', async () => {
    const folder = await workingCopy({
      'firefox.yaml': one,
      'slack.yaml': 'schema: 1\nhold: 5\n',
    });
    const states = await readStates(folder, [firefox, slug('slack'), slug('zoom')]);
    expect(states.get(firefox)).toMatchObject({ ok: true, state: { package: built('1.0') } });
    expect(states.get(slug('slack'))).toMatchObject({ ok: false });
    expect(states.get(slug('zoom'))).toMatchObject({ ok: true, state: {} });
  });

  it("is what main's newest commit says, where the working copy is behind", async () => {
    const { github, simulator } = await started({ seed: { 'state/firefox.yaml': one } });
    const folder = await workingCopy({ 'firefox.yaml': one, 'slack.yaml': one });
    await github.commit({
      branch: 'main',
      parent: given(await github.head()),
      files: new Map([['state/firefox.yaml', two]]),
      message: 'm',
    });
    const states = await readStates(folder, [firefox, slug('slack')], github);
    expect(states.get(firefox)).toMatchObject({ state: { package: built('2.0') } });
    expect(states.get(slug('slack'))).toMatchObject({ state: {} });
    expect(simulator.unknown).toEqual([]);
  });

  it('costs as many requests for many titles as for one, where nothing differs', async () => {
    const seed = Object.fromEntries([...'abcdef'].map((name) => [`state/${name}.yaml`, one]));
    const { github, simulator } = await started({ seed });
    const folder = await workingCopy(
      Object.fromEntries([...'abcdef'].map((name) => [`${name}.yaml`, one])),
    );
    const asked = async (names: string) => {
      simulator.resetCounts();
      await readStates(folder, [...names].map(slug), github);
      return simulator.requests.length;
    };
    expect(await asked('abcdef')).toBe(await asked('a'));
  });
});
