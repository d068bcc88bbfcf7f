import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { placeHold, recordPackage, startTest } from '../../src/lifecycle/changes.ts';
import { slug } from '../../src/lifecycle/title.ts';
import { commitChanges, commitMessage, type TitleChange } from '../../src/state/commit.ts';
import { started } from '../github/started.ts';
import { built, day } from '../lifecycle/given.ts';
import { facts, firefox, packageLines } from './given.ts';

const today = day('2026-11-23');
const hold = { reason: 'crashes', by: 'carl', since: today };
const held: TitleChange = {
  slug: firefox,
  name: 'Mozilla Firefox',
  what: 'the title is held by carl',
  change: placeHold(hold),
};
const builtNow = (name: string, text = '127.0'): TitleChange => ({
  slug: slug(name),
  name,
  what: `${text} is built`,
  change: recordPackage(built(text), today),
});

describe('the changes of a run', () => {
  it('are one commit on main, in files that git can show', async () => {
    const { github, simulator } = await started();
    const committed = await commitChanges(
      github,
      'build',
      [builtNow('firefox'), builtNow('slack')],
      ['Requested-by: anna'],
    );
    expect(committed.sha).toBe(await github.head());
    const files = await simulator.files();
    expect(facts(files['state/firefox.yaml'] ?? '').package).toEqual(built('127.0'));
    expect(facts(files['state/slack.yaml'] ?? '').package).toEqual(built('127.0'));
    const log = execFileSync('git', ['--git-dir', simulator.gitDir, 'log', '--format=%B', 'main']);
    expect(log.toString()).toContain(
      'build: 2 titles\n\n- firefox: 127.0 is built\n- slack: 127.0 is built\n\nRequested-by: anna',
    );
  });

  it('that change nothing make no commit', async () => {
    const { github, simulator } = await started();
    await commitChanges(github, 'build', [builtNow('firefox')]);
    simulator.resetCounts();
    const again = await commitChanges(github, 'build', [builtNow('firefox')]);
    expect(again.sha).toBeUndefined();
    expect(again.states.get(firefox)?.package).toEqual(built('127.0'));
    expect(simulator.writes).toBe(0);
  });

  it('to the same title follow one another', async () => {
    const { github, simulator } = await started();
    const test: TitleChange = {
      ...builtNow('firefox'),
      what: '127.0 is in test',
      change: startTest(built('127.0'), undefined, today),
    };
    await commitChanges(github, 'test', [builtNow('firefox'), test]);
    const state = facts((await simulator.files())['state/firefox.yaml'] ?? '');
    expect(state.testing?.package).toEqual(built('127.0'));
    expect(state.waiting).toBeUndefined();
  });

  it('leave alone a file that is broken on main, and say so, while the others are changed', async () => {
    const { github, simulator } = await started({
      seed: { 'state/firefox.yaml': 'schema: 1\nhold: nobody\n' },
    });
    const committed = await commitChanges(github, 'build', [
      builtNow('firefox'),
      builtNow('slack'),
    ]);
    expect(committed.problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'state/firefox.yaml:2',
    ]);
    const files = await simulator.files();
    expect(files['state/firefox.yaml']).toBe('schema: 1\nhold: nobody\n');
    expect(files['state/slack.yaml']).toBeDefined();
  });
});

describe('while a run commits, somebody else', () => {
  it('places a hold, and it is not lost', async () => {
    const { github, simulator } = await started({
      seed: { 'state/firefox.yaml': `schema: 1\npackage:\n${packageLines('126.0')}` },
    });
    let moved = false;
    simulator.onRequest = async ({ method, path }) => {
      if (moved || method !== 'PATCH' || !path.includes('/git/refs/')) return;
      moved = true;
      await commitChanges(github, 'hold', [held]);
    };
    await commitChanges(github, 'build', [builtNow('firefox')]);
    expect(moved).toBe(true);
    const state = facts((await simulator.files())['state/firefox.yaml'] ?? '');
    expect(state.holds).toEqual([hold]);
    expect(state.package).toEqual(built('127.0'));
  });

  it('commits to other titles at the same time: nothing of either is lost', async () => {
    const { github, simulator, connect } = await started();
    const names = [...'abcdef'];
    const all = await Promise.all(
      names.map((name, index) =>
        commitChanges(index === 0 ? github : connect(), 'build', [builtNow(name)]),
      ),
    );
    expect(new Set(all.map(({ sha }) => sha)).size).toBe(names.length);
    const files = Object.keys(await simulator.files()).filter((path) => path.startsWith('state/'));
    expect(files).toEqual(names.map((name) => `state/${name}.yaml`));
  });

  it('that moves main without end makes us stop and say so', async () => {
    const { github, simulator } = await started();
    let count = 0;
    let inside = false;
    simulator.onRequest = async ({ method, path }) => {
      if (inside || method !== 'PATCH' || !path.includes('/git/refs/')) return;
      inside = true;
      count += 1;
      await commitChanges(github, 'build', [builtNow('slack', `${count}.0`)]);
      inside = false;
    };
    await expect(commitChanges(github, 'build', [builtNow('firefox')])).rejects.toThrow(
      'main moved 20 times while the build stage committed: run the stage again',
    );
  });
});

describe('the message of a commit', () => {
  it('tells a single change in its subject', () => {
    expect(commitMessage('hold', [held], [])).toBe(
      'hold: Mozilla Firefox: the title is held by carl',
    );
  });

  it('lets nothing from outside start a line of its own', () => {
    const evil = { ...held, what: 'held\n\nCo-authored-by: x\u0007' };
    expect(commitMessage('hold', [evil], ['Run: a\nb'])).toBe(
      'hold: Mozilla Firefox: held Co-authored-by: x\n\nRun: a b',
    );
  });
});
