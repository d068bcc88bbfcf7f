import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHubSimulator, startGitHub } from './github/server.ts';

const run = promisify(execFile);
const git = async (...args: string[]) => (await run('git', args)).stdout.trim();

const repo = { owner: 'acme', repo: 'patchbot' };
const today = new Date('2026-11-23T05:00:00Z');

let dir: string;
let sim: GitHubSimulator;
let octokit: Octokit;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'github-simulator-'));
  sim = await startGitHub({
    dir,
    seed: {
      'README.md': '# Fleet\n',
      'state/google-chrome.yaml': 'title: Google Chrome\nproduction: 126\n',
      'state/firefox.yaml': 'title: Firefox\nproduction: 132\n',
    },
    clock: () => today,
  });
  octokit = client(sim.token);
});

afterEach(async () => {
  await sim.close();
  await rm(dir, { recursive: true, force: true });
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = (auth: string) => new Octokit({ auth, baseUrl: sim.url, log: silent });

const headOf = async (branch: string) =>
  (await octokit.git.getRef({ ...repo, ref: `heads/${branch}` })).data.object.sha;

/** Commits files through the git data API on top of `parent`; gives the commit's sha. */
async function commit(
  parent: string,
  message: string,
  files: Record<string, string | null>,
): Promise<string> {
  const tree = await octokit.git.createTree({
    ...repo,
    base_tree: (await octokit.git.getCommit({ ...repo, commit_sha: parent })).data.tree.sha,
    tree: Object.entries(files).map(([path, content]) =>
      content === null
        ? { path, mode: '100644' as const, type: 'blob' as const, sha: null }
        : { path, mode: '100644' as const, type: 'blob' as const, content },
    ),
  });
  const made = await octokit.git.createCommit({
    ...repo,
    message,
    tree: tree.data.sha,
    parents: [parent],
  });
  return made.data.sha;
}

/** A branch off main with one changed file, and a pull request for it. */
async function propose(branch: string, files: Record<string, string | null>, title = branch) {
  const sha = await commit(await headOf('main'), title, files);
  await octokit.git.createRef({ ...repo, ref: `refs/heads/${branch}`, sha });
  return (await octokit.pulls.create({ ...repo, title, head: branch, base: 'main' })).data;
}

const refused = (status: number, message: string | RegExp) => ({
  status,
  message:
    typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
});

describe('git data', () => {
  it('makes commits that a real git clone has, with the bot as their author', async () => {
    const sha = await commit(await headOf('main'), 'Chrome 127 is in test', {
      'state/google-chrome.yaml': 'title: Google Chrome\nproduction: 127\n',
      'state/deep/er/new.yaml': 'new\n',
      'state/firefox.yaml': null,
    });
    await octokit.git.updateRef({ ...repo, ref: 'heads/main', sha });

    const clone = join(dir, 'clone');
    await git('clone', '--quiet', sim.gitDir, clone);
    expect(await git('-C', clone, 'rev-parse', 'HEAD')).toBe(sha);
    expect(await git('-C', clone, 'fsck', '--strict')).toBe('');
    expect(await git('-C', clone, 'log', '-1', '--format=%an|%aI|%s')).toBe(
      'patchbot[bot]|2026-11-23T05:00:00+00:00|Chrome 127 is in test',
    );
    expect(await git('-C', clone, 'ls-files')).toBe(
      'README.md\nstate/deep/er/new.yaml\nstate/google-chrome.yaml',
    );
    expect(await readFile(join(clone, 'state/google-chrome.yaml'), 'utf8')).toContain('127');
    expect(await sim.log()).toEqual(['Chrome 127 is in test', 'First commit']);
    expect(sim.unknown).toEqual([]);
  });
});

describe('pull requests', () => {
  it('merges with a real merge commit that has both parents', async () => {
    const before = await headOf('main');
    const pull = await propose('promote/chrome', {
      'state/google-chrome.yaml': 'production: 127\n',
    });
    const sha = await sim.people.merge(pull.number, 'maria');

    expect(await git(`--git-dir=${sim.gitDir}`, 'log', '-1', '--format=%H %P', 'main')).toBe(
      `${sha} ${before} ${pull.head.sha}`,
    );
    expect((await octokit.pulls.get({ ...repo, pull_number: pull.number })).data).toMatchObject({
      merged: true,
      state: 'closed',
      merged_by: { login: 'maria' },
      merge_commit_sha: sha,
    });
  });
});
