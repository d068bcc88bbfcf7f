import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Call, calls } from '../../src/jamf/calls.ts';
import { JamfError } from '../../src/jamf/jamf.ts';
import type { Fault } from '../simulators/jamf/faults.ts';
import { type Driver, drivers } from './drivers.ts';
import { type Started, started } from './started.ts';

/** The page that this test checks, and writes with `vitest run test/jamf/errors.test.ts -u`. */
const page = join(import.meta.dirname, '..', '..', 'docs', 'jamf-errors.md');

const statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 502, 503, 504];

/** Everything that can go wrong with a call. */
const faults: readonly (readonly [string, Fault])[] = [
  ...statuses.map((status) => [String(status), { kind: 'status', status }] as const),
  ['a web page with 200', { kind: 'html', status: 200 }],
  ['connection closed', { kind: 'refuse' }],
  ['connection reset', { kind: 'reset' }],
  ['connection reset when done', { kind: 'reset-after' }],
  ['502 when done', { kind: 'status-after', status: 502 }],
  ['answer cut off', { kind: 'truncate' }],
  ['no answer in time', { kind: 'timeout' }],
];

const names = Object.keys(calls) as (keyof typeof calls)[];
const sections = new Map<string, string>();

interface Row {
  readonly fault: string;
  /** What is read when it goes on; `undefined` when there is nothing to read. */
  readonly read: string | undefined;
  readonly error: boolean;
  /** Whether once is mended without a word but in the log. */
  readonly mended: boolean;
}

// Most of the time is spent waiting for answers that never come, so the calls wait together.
describe.each(names)('what the user reads when %s fails', { concurrent: true }, (name) => {
  const call: Call = calls[name];
  const driver = drivers[name];

  it('is what docs/jamf-errors.md says, whatever goes wrong', { timeout: 60_000 }, async ({
    onTestFinished,
  }) => {
    const all = await started(driver.options, onTestFinished);
    for (const file of driver.bare ? [] : ['Prefs-1.0.pkg', 'Firefox-126.0.pkg'])
      await all.jamf.ensurePackage(await all.file(file, file), { category: 'Apps', info: '' });
    all.simulator.world.policies.get('1')?.packages.push(usualEntry('2'));
    const rows: Row[] = [];
    let time = 0;
    for (const [fault, how] of faults) {
      const often = await attempt(all, driver, call, { ...how, times: 99 }, ++time);
      const once = await attempt(all, driver, call, { ...how, times: 1 }, ++time);
      rows.push({
        fault,
        read: often.error?.message ?? often.told,
        error: often.error !== undefined,
        mended: once.error === undefined,
      });
      for (const error of [often.error, once.error]) if (error) expectReadable(error, all);
    }
    sections.set(name, section(call, rows));
  });
});

it('docs/jamf-errors.md has every call', async () => {
  const text = [
    '# What PatchBot says when Jamf Pro does not do what it is asked',
    '',
    'Every call that PatchBot makes, with everything that can go wrong with it: what is read when it goes',
    'on going wrong, and whether it is mended without help when it goes wrong once. This page is made and',
    'checked by a test that makes each of these faults happen (`test/jamf/errors.test.ts`).',
    '',
    ...names.map((name) => sections.get(name) ?? `no test of ${name} has run`),
  ].join('\n');
  await expect(text).toMatchFileSnapshot(page);
});

/** Leads to the call while the fault befalls it. */
async function attempt(all: Started, driver: Driver, call: Call, fault: Fault, time: number) {
  const { faults: waiting } = all.simulator;
  const jamf = all.connect({
    silence: 80,
    ...(driver.asUser && {
      credentials: { kind: 'user', user: 'patchbot-user', password: 'password-for-tests' },
    }),
  });
  const path = call.path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/?]+');
  waiting.clear();
  waiting.next({ ...fault, method: call.method, path: new RegExp(`^${path}(\\?|$)`) });
  all.log.length = 0;
  let error: Error | undefined;
  try {
    await driver.act(jamf, all, time);
  } catch (thrown) {
    error = thrown as Error;
  }
  const told = all.log.findLast((line) => !/trying again|has the name/.test(line));
  waiting.clear();
  await jamf.close();
  return { error, told };
}

function expectReadable(error: Error, { secrets }: Started): void {
  expect(error).toBeInstanceOf(JamfError);
  expect(error.message).toMatch(/^Jamf Pro: could not [a-z].*\. [A-Z].*\.$/s);
  expect(error.message).not.toMatch(/undefined|\[object|<\w+>/);
  const { call, status, remedy, privileges } = error as JamfError & { privileges?: string[] };
  expect(remedy.length).toBeGreaterThan(20);
  const of = Object.values(calls).find(({ method, path }) => `${method} ${path}` === call);
  if (status === 403)
    for (const privilege of of?.privileges ?? []) expect(error.message).toContain(privilege);
  for (const secret of secrets)
    expect(
      `${error.message}${error.stack}${JSON.stringify({ ...error, privileges })}`,
    ).not.toContain(secret);
}

/** The faults of a call, those that read alike in one row. */
function section({ method, path }: Call, rows: readonly Row[]): string {
  const groups = new Map<string, { rows: Row[] }>();
  for (const row of rows) {
    const key = `${row.mended} ${row.error} ${row.read && alike(row.read)}`;
    const group = groups.get(key) ?? { rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const lines = [...groups.values()].map(({ rows: [first, ...more] }) => {
    if (!first) return '';
    const all = [first, ...more].map(({ fault }) => fault).join(', ');
    const once = first.mended ? 'mended' : 'the same';
    const read = first.read === undefined ? 'nothing: it is done otherwise' : steady(first.read);
    const goesOn = first.read !== undefined && !first.error ? ' (told in the log; it goes on)' : '';
    return `| ${all} | ${once} | ${cell(read)}${goesOn} |`;
  });
  return [
    `## ${method} ${path}`,
    '',
    '| What happens | Once | What is read when it goes on |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

/** Without what differs from one run to the next: how the network names a lost connection, and numbers. */
function steady(text: string): string {
  return text
    .replace(
      /no answer: .*?( \(UND_ERR_\w+\)| \(E[A-Z]+\)|ECONNRESET|EPIPE)(?=[ :;.)])/g,
      'no answer',
    )
    .replace(/(Firefox-127\.|Echo-|package 1?)\d+(-[0-9a-f]{8})?/g, '$1…')
    .replace(/\b[12] to "Firefox"/g, '… to "Firefox"');
}

/** Without the status and the words that came with it. */
function alike(text: string): string {
  return steady(text)
    .replace(/: (\d{3} [^(]*?|no answer[^(]*?)( \((GET|PUT|POST|PATCH) )/g, ':$2')
    .replace(/\((Made to fail|no answer|an empty answer|a web page)[^)]*\)/g, '()');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function usualEntry(id: string) {
  return { id, action: 'Install', fut: 'false', feu: 'false', updateAutorun: 'false' };
}
