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

const refused = (status: number, message: string) => ({
  status,
  message: expect.stringContaining(message),
});

const chrome = 'state/google-chrome.yaml';

describe('git data', () => {
  it('makes commits that a real git clone has, with the bot as their author', async () => {
    const sha = await commit(await headOf('main'), 'Chrome 127 is in test', {
      [chrome]: 'title: Google Chrome\nproduction: 127\n',
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
    expect(await readFile(join(clone, chrome), 'utf8')).toContain('127');
    expect(await sim.log()).toEqual(['Chrome 127 is in test', 'First commit']);
  });

  it('signs commits that name no author, and no others', async () => {
    const parent = await headOf('main');
    const tree = (await octokit.git.getCommit({ ...repo, commit_sha: parent })).data.tree.sha;
    const wanted = { ...repo, message: 'x', tree, parents: [parent] };
    const bots = await octokit.git.createCommit(wanted);
    const author = { name: 'Maria', email: 'maria@acme.example', date: '2026-11-20T10:00:00Z' };
    const marias = await octokit.git.createCommit({ ...wanted, author });
    expect(bots.data.verification).toMatchObject({ verified: true, reason: 'valid' });
    expect(marias.data.verification).toMatchObject({ verified: false, reason: 'unsigned' });
    expect(marias.data.author).toEqual(author);
  });

  it('keeps content byte for byte, binary too', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const { data } = await octokit.git.createBlob({
      ...repo,
      content: bytes.toString('base64'),
      encoding: 'base64',
    });
    const back = await octokit.git.getBlob({ ...repo, file_sha: data.sha });
    expect(Buffer.from(back.data.content, 'base64')).toEqual(bytes);
    expect(back.data.size).toBe(5);
  });

  it('lists a tree, one level or the whole', async () => {
    const tree_sha = await headOf('main');
    const flat = await octokit.git.getTree({ ...repo, tree_sha });
    expect(flat.data.tree.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'blob README.md',
      'tree state',
    ]);
    const whole = await octokit.git.getTree({ ...repo, tree_sha, recursive: '1' });
    expect(whole.data.tree.map(({ path }) => path)).toEqual([
      'README.md',
      'state',
      'state/firefox.yaml',
      chrome,
    ]);
    expect(whole.data.tree[0]?.size).toBe(8);
  });

  it('lets a ref move forward only, unless it is forced', async () => {
    const first = await headOf('main');
    const [one, other] = [
      await commit(first, 'one', { a: '1' }),
      await commit(first, 'other', { a: '2' }),
    ];
    await octokit.git.updateRef({ ...repo, ref: 'heads/main', sha: one });
    const move = { ...repo, ref: 'heads/main', sha: other };
    await expect(octokit.git.updateRef(move)).rejects.toMatchObject(
      refused(422, 'Update is not a fast forward'),
    );
    expect(await headOf('main')).toBe(one);
    await octokit.git.updateRef({ ...move, force: true });
    expect(await headOf('main')).toBe(other);
  });

  it('lets one of two win that move a ref at once', async () => {
    const first = await headOf('main');
    const rivals = await Promise.all(['1', '2'].map((a) => commit(first, a, { a })));
    const moves = await Promise.allSettled(
      rivals.map((sha) => octokit.git.updateRef({ ...repo, ref: 'heads/main', sha })),
    );
    expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(rivals).toContain(await headOf('main'));
  });

  it('makes, matches and deletes refs, and says what is wrong with the others', async () => {
    const sha = await headOf('main');
    const make = (ref: string, of = sha) => octokit.git.createRef({ ...repo, ref, sha: of });
    await make('refs/heads/promote/chrome-127');
    await make('refs/heads/promote/firefox-133');
    const { data } = await octokit.git.listMatchingRefs({ ...repo, ref: 'heads/promote/ch' });
    expect(data.map(({ ref }) => ref)).toEqual(['refs/heads/promote/chrome-127']);
    await expect(make('refs/heads/promote/chrome-127')).rejects.toMatchObject(
      refused(422, 'Reference already exists'),
    );
    await expect(make('refs/heads/x', 'f'.repeat(40))).rejects.toMatchObject(
      refused(422, 'Object does not exist'),
    );
    await expect(make('refs/heads/a b')).rejects.toMatchObject(refused(422, 'valid ref name'));
    await expect(make('refs/heads/promote')).rejects.toMatchObject(
      refused(422, 'Reference update failed'),
    );
    await octokit.git.deleteRef({ ...repo, ref: 'heads/promote/chrome-127' });
    await expect(
      octokit.git.deleteRef({ ...repo, ref: 'heads/promote/chrome-127' }),
    ).rejects.toMatchObject(refused(422, 'Reference does not exist'));
    await expect(headOf('promote/chrome-127')).rejects.toMatchObject(refused(404, 'Not Found'));
  });

  it('refuses a tree that deletes what is not there, or leaves the tree', async () => {
    const parent = await headOf('main');
    await expect(commit(parent, 'x', { 'no/such': null })).rejects.toMatchObject(
      refused(422, 'BadObjectState'),
    );
    await expect(commit(parent, 'x', { '../out': 'x' })).rejects.toMatchObject(
      refused(422, 'malformed path'),
    );
  });

  it('sees what was pushed with git', async () => {
    const clone = join(dir, 'clone');
    await git('clone', '--quiet', sim.gitDir, clone);
    const who = ['-c', 'user.name=Maria', '-c', 'user.email=maria@acme.example'];
    await git('-C', clone, ...who, 'commit', '--quiet', '--allow-empty', '-m', 'By hand');
    await git('-C', clone, 'push', '--quiet', 'origin', 'main');
    expect(await headOf('main')).toBe(await git('-C', clone, 'rev-parse', 'HEAD'));
  });
});

describe('contents and history', () => {
  it('gives files in base64 or raw, and folders as lists', async () => {
    const file = await octokit.repos.getContent({ ...repo, path: chrome });
    expect(file.data).toMatchObject({ type: 'file', encoding: 'base64', path: chrome, size: 37 });
    const raw = await octokit.repos.getContent({
      ...repo,
      path: 'README.md',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('# Fleet\n');
    const folder = await octokit.repos.getContent({ ...repo, path: 'state', ref: 'main' });
    expect(folder.data).toMatchObject([{ name: 'firefox.yaml' }, { name: 'google-chrome.yaml' }]);
    await expect(
      octokit.repos.getContent({ ...repo, path: 'state/none.yaml' }),
    ).rejects.toMatchObject(refused(404, 'Not Found'));
    await expect(
      octokit.repos.getContent({ ...repo, path: chrome, ref: 'gone' }),
    ).rejects.toMatchObject(refused(404, 'No commit found for the ref gone'));
  });

  it('writes a file only over the version that the writer has seen', async () => {
    const put = (sha?: string) =>
      octokit.repos.createOrUpdateFileContents({
        ...repo,
        path: 'README.md',
        message: 'Say more',
        content: Buffer.from('# The fleet\n').toString('base64'),
        ...(sha && { sha }),
      });
    await expect(put()).rejects.toMatchObject(refused(422, "wasn't supplied"));
    await expect(put('a'.repeat(40))).rejects.toMatchObject(refused(409, 'does not match'));
    const seen = await octokit.repos.getContent({ ...repo, path: 'README.md' });
    await put('sha' in seen.data ? seen.data.sha : '');
    expect((await sim.files())['README.md']).toBe('# The fleet\n');
  });

  it('lists the commits that touched a path, with their authors', async () => {
    await sim.people.commit('maria', 'Mend Firefox', { 'state/firefox.yaml': 'mended\n' });
    await sim.people.commit('jo', 'Mend Chrome', { [chrome]: 'mended\n' });
    const { data } = await octokit.repos.listCommits({ ...repo, path: 'state/firefox.yaml' });
    expect(data.map(({ author, commit: { message } }) => [author?.login, message])).toEqual([
      ['maria', 'Mend Firefox\n'],
      ['acme', 'First commit\n'],
    ]);
  });

  it('compares two branches from where they parted', async () => {
    const pull = await propose('topic', { [chrome]: 'title: Google Chrome\nproduction: 127\n' });
    await sim.people.commit('maria', 'Elsewhere', { 'README.md': 'x' });
    const { data } = await octokit.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: 'main...topic',
    });
    expect(data).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1 });
    expect(data.commits.map(({ sha }) => sha)).toEqual([pull.head.sha]);
    expect(data.files).toMatchObject([
      {
        filename: chrome,
        status: 'modified',
        additions: 1,
        deletions: 1,
        patch: '@@ -1,2 +1,2 @@\n title: Google Chrome\n-production: 126\n+production: 127',
      },
    ]);
  });

  it('tells a commit by branch or sha, with its files, renamed ones as such', async () => {
    const firefox = (await sim.files())['state/firefox.yaml'] ?? '';
    await sim.people.commit('maria', 'Rename', {
      'state/firefox.yaml': null,
      'state/mozilla-firefox.yaml': firefox,
    });
    const { data } = await octokit.repos.getCommit({ ...repo, ref: 'main' });
    expect(data.files).toMatchObject([
      {
        status: 'renamed',
        filename: 'state/mozilla-firefox.yaml',
        previous_filename: 'state/firefox.yaml',
      },
    ]);
    await expect(octokit.repos.getCommit({ ...repo, ref: 'nope' })).rejects.toMatchObject(
      refused(422, 'No commit found for SHA: nope'),
    );
  });
});

describe('pull requests', () => {
  it('merges with a real merge commit that has both parents', async () => {
    const before = await headOf('main');
    const pull = await propose('promote/chrome', { [chrome]: 'production: 127\n' });
    const sha = await sim.people.merge(pull.number, 'maria');

    const log = await git(`--git-dir=${sim.gitDir}`, 'log', '-1', '--format=%P|%an|%cn|%s', 'main');
    expect(log).toBe(
      `${before} ${pull.head.sha}|maria|GitHub|Merge pull request #1 from acme/promote/chrome`,
    );
    expect((await octokit.pulls.get({ ...repo, pull_number: 1 })).data).toMatchObject({
      merged: true,
      state: 'closed',
      merged_by: { login: 'maria' },
      merge_commit_sha: sha,
    });
    const found = await octokit.repos.listPullRequestsAssociatedWithCommit({
      ...repo,
      commit_sha: sha,
    });
    expect(found.data.map(({ number }) => number)).toEqual([1]);
  });

  it('squashes or rebases into commits with one parent', async () => {
    for (const [at, method] of (['squash', 'rebase'] as const).entries()) {
      const pull = await propose(method, { [`${method}.txt`]: method }, `By ${method}`);
      await sim.people.commit('maria', 'Meanwhile', { other: String(at) });
      const { data } = await octokit.pulls.merge({
        ...repo,
        pull_number: pull.number,
        merge_method: method,
      });
      const parents = await git(`--git-dir=${sim.gitDir}`, 'log', '-1', '--format=%P', data.sha);
      expect(parents.split(' ')).toHaveLength(1);
      expect((await sim.files())[`${method}.txt`]).toBe(method);
    }
    expect((await sim.log()).slice(0, 3)).toEqual(['By rebase', 'Meanwhile', 'By squash (#1)']);
  });

  it('refuses a merge that conflicts, or of another head than was meant', async () => {
    const pull = await propose('topic', { [chrome]: 'production: 127\n' });
    const merge = (sha?: string) =>
      octokit.pulls.merge({ ...repo, pull_number: pull.number, ...(sha && { sha }) });
    await expect(merge('e'.repeat(40))).rejects.toMatchObject(
      refused(409, 'Head branch was modified'),
    );
    await sim.people.commit('maria', 'Hold', { [chrome]: 'hold: yes\n' });
    expect((await octokit.pulls.get({ ...repo, pull_number: pull.number })).data).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
    });
    await expect(merge(pull.head.sha)).rejects.toMatchObject(refused(405, 'not mergeable'));
    await expect(sim.people.merge(pull.number, 'maria')).rejects.toThrow('not mergeable');
  });

  it('can take its time to know whether it is mergeable', async () => {
    sim.slowMergeable = 1;
    const { number: pull_number } = await propose('topic', { [chrome]: '127\n' });
    const merge = () => octokit.pulls.merge({ ...repo, pull_number });
    await expect(merge()).rejects.toMatchObject(refused(405, 'Base branch was modified'));
    await sim.people.commit('maria', 'Elsewhere', { 'README.md': 'x' });
    const ask = async () => (await octokit.pulls.get({ ...repo, pull_number })).data.mergeable;
    expect([await ask(), await ask()]).toEqual([null, true]);
    await merge();
  });

  it('refuses a second request for a branch, and one without commits', async () => {
    await propose('topic', { [chrome]: '127\n' });
    const open = (head: string) =>
      octokit.pulls.create({ ...repo, title: 'x', head, base: 'main' });
    await expect(open('topic')).rejects.toMatchObject(
      refused(422, 'A pull request already exists for acme:topic.'),
    );
    await octokit.git.createRef({ ...repo, ref: 'refs/heads/same', sha: await headOf('main') });
    await expect(open('same')).rejects.toMatchObject(
      refused(422, 'No commits between main and same'),
    );
    await expect(open('none')).rejects.toMatchObject(refused(422, '"field":"head"'));
  });

  it('lists by state, head and base, a page at a time', async () => {
    for (const name of ['a', 'b', 'c']) await propose(name, { [name]: name });
    await sim.people.close(2, 'maria');
    const heads = async (filter: object) =>
      (await octokit.pulls.list({ ...repo, ...filter })).data.map(({ head }) => head.ref);
    expect(await heads({})).toEqual(['c', 'a']);
    expect(await heads({ state: 'closed' })).toEqual(['b']);
    expect(await heads({ state: 'all', direction: 'asc' })).toEqual(['a', 'b', 'c']);
    expect(await heads({ state: 'all', head: 'acme:b' })).toEqual(['b']);
    expect(await heads({ base: 'other' })).toEqual([]);
    const all = await octokit.paginate(octokit.pulls.list, { ...repo, state: 'all', per_page: 2 });
    expect(all).toHaveLength(3);
  });

  it('follows its branch, and closes when the branch is deleted', async () => {
    const pull = await propose('topic', { a: '1' });
    const sha = await commit(pull.head.sha, 'More', { b: '2' });
    await octokit.git.updateRef({ ...repo, ref: 'heads/topic', sha });
    const now = await octokit.pulls.get({ ...repo, pull_number: 1 });
    expect(now.data).toMatchObject({ commits: 2, changed_files: 2, head: { sha } });
    const { data: files } = await octokit.pulls.listFiles({ ...repo, pull_number: 1 });
    expect(files.map(({ filename, status }) => [filename, status])).toEqual([
      ['a', 'added'],
      ['b', 'added'],
    ]);
    await sim.people.deleteBranch('topic', 'maria');
    const issue = await octokit.issues.get({ ...repo, issue_number: 1 });
    expect(issue.data).toMatchObject({ state: 'closed', closed_by: { login: 'maria' } });
    expect(sim.pull(1).merged).toBe(false);
    await expect(
      octokit.pulls.update({ ...repo, pull_number: 1, state: 'open' }),
    ).rejects.toMatchObject(refused(422, 'branch has been deleted'));
  });

  it('counts as merged when its commits come into main by a push', async () => {
    const pull = await propose('topic', { a: '1' });
    await octokit.git.updateRef({ ...repo, ref: 'heads/main', sha: pull.head.sha });
    expect(sim.pull(1)).toMatchObject({ merged: true, merge_commit_sha: pull.head.sha });
  });

  it('is reopened, renamed and described by whoever may', async () => {
    await propose('topic', { a: '1' });
    await sim.people.close(1, 'maria');
    await octokit.pulls.update({
      ...repo,
      pull_number: 1,
      state: 'open',
      title: 'New',
      body: 'Why',
    });
    expect(sim.pull(1)).toMatchObject({
      state: 'open',
      title: 'New',
      body: 'Why',
      closed_by: null,
    });
    const body = 'x'.repeat(65_537);
    await expect(octokit.pulls.update({ ...repo, pull_number: 1, body })).rejects.toMatchObject(
      refused(422, 'body is too long'),
    );
  });

  it('asks people for reviews, and takes them', async () => {
    await propose('topic', { a: '1' });
    const ask = (...reviewers: string[]) =>
      octokit.pulls.requestReviewers({ ...repo, pull_number: 1, reviewers });
    await ask('maria', 'jo');
    await sim.people.review(1, 'maria', 'APPROVED', 'Fine');
    const left = await octokit.pulls.listRequestedReviewers({ ...repo, pull_number: 1 });
    expect(left.data.users.map(({ login }) => login)).toEqual(['jo']);
    const reviews = await octokit.pulls.listReviews({ ...repo, pull_number: 1 });
    expect(reviews.data).toMatchObject([{ state: 'APPROVED', user: { login: 'maria' } }]);
    await expect(ask('patchbot[bot]')).rejects.toMatchObject(refused(422, 'author'));
  });
});

describe('people', () => {
  it('revert a merge with a pull request that takes its change out, and only its', async () => {
    const before = await sim.files();
    await propose('topic', { [chrome]: '127\n', new: 'x' }, 'Promote Chrome 127');
    await sim.people.merge(1, 'maria');
    await sim.people.commit('jo', 'Elsewhere', { 'README.md': 'kept\n' });
    const number = await sim.people.revert(1, 'jo');
    expect(sim.pull(number)).toMatchObject({
      title: 'Revert "Promote Chrome 127"',
      body: 'Reverts acme/patchbot#1',
      head: 'revert-1-topic',
      user: 'jo',
    });
    await sim.people.merge(number, 'jo');
    expect(await sim.files()).toEqual({ ...before, 'README.md': 'kept\n' });
  });

  it('cannot revert what has been built upon', async () => {
    await propose('topic', { [chrome]: '127\n' });
    await sim.people.merge(1, 'maria');
    await sim.people.commit('jo', 'On top', { [chrome]: '128\n' });
    await expect(sim.people.revert(1, 'jo')).rejects.toThrow('conflicts');
  });

  it('count as no requests', async () => {
    await sim.people.commit('maria', 'By hand', { a: '1' });
    await sim.people.openIssue('maria', 'Why?');
    await sim.people.comment(1, 'jo', 'Because.');
    expect([sim.requests.length, sim.writes]).toEqual([0, 0]);
  });
});

describe('issues, labels and comments', () => {
  it('are found by label and state, pull requests among them', async () => {
    await octokit.issues.create({ ...repo, title: 'Dashboard', labels: ['patchbot', 'status'] });
    await propose('topic', { a: '1' });
    await octokit.issues.addLabels({ ...repo, issue_number: 2, labels: ['Patchbot'] });
    const numbers = async (labels: string) =>
      (await octokit.issues.listForRepo({ ...repo, labels })).data.map(({ number }) => number);
    expect(await numbers('patchbot')).toEqual([2, 1]);
    expect(await numbers('patchbot,status')).toEqual([1]);
    await octokit.issues.removeLabel({ ...repo, issue_number: 2, name: 'patchbot' });
    expect(await numbers('patchbot')).toEqual([1]);
    await expect(
      octokit.issues.removeLabel({ ...repo, issue_number: 2, name: 'patchbot' }),
    ).rejects.toMatchObject(refused(404, 'Label does not exist'));
    await expect(octokit.issues.createLabel({ ...repo, name: 'STATUS' })).rejects.toMatchObject(
      refused(422, 'already_exists'),
    );
  });

  it('says who closed one only where it stands alone', async () => {
    await propose('topic', { a: '1' });
    await sim.people.close(1, 'maria');
    const alone = await octokit.issues.get({ ...repo, issue_number: 1 });
    expect(alone.data.closed_by?.login).toBe('maria');
    const { data: pulls } = await octokit.pulls.list({ ...repo, state: 'closed' });
    const { data: issues } = await octokit.issues.listForRepo({ ...repo, state: 'closed' });
    for (const listed of [...pulls, ...issues]) expect(listed).not.toHaveProperty('closed_by');
  });

  it('keeps comments, their changes, and one reaction of a kind from each', async () => {
    await sim.people.openIssue('maria', 'Hold Chrome?');
    const made = await octokit.issues.createComment({ ...repo, issue_number: 1, body: 'Held.' });
    const comment_id = Number(made.data.id);
    await octokit.issues.updateComment({ ...repo, comment_id, body: 'Released.' });
    await sim.people.comment(1, 'maria', 'Thanks');
    const { data } = await octokit.issues.listComments({ ...repo, issue_number: 1 });
    expect(data.map(({ user, body }) => [user?.login, body])).toEqual([
      ['patchbot[bot]', 'Released.'],
      ['maria', 'Thanks'],
    ]);
    const react = () =>
      octokit.reactions.createForIssueComment({ ...repo, comment_id, content: 'eyes' });
    expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
  });
});

describe('statuses, checks and deployments', () => {
  it('combines the latest status of each context', async () => {
    const sha = await headOf('main');
    const set = (context: string, state: 'success' | 'failure') =>
      octokit.repos.createCommitStatus({ ...repo, sha, context, state });
    const combined = async () =>
      (await octokit.repos.getCombinedStatusForRef({ ...repo, ref: 'main' })).data.state;
    expect(await combined()).toBe('pending');
    await set('ci', 'failure');
    await set('lint', 'success');
    expect(await combined()).toBe('failure');
    await set('ci', 'success');
    expect(await combined()).toBe('success');
  });

  it('gives the latest check run of each name', async () => {
    const head_sha = await headOf('main');
    for (const conclusion of ['failure', 'success'] as const)
      await octokit.checks.create({ ...repo, name: 'promotion', head_sha, conclusion });
    const { data } = await octokit.checks.listForRef({ ...repo, ref: 'main' });
    expect(data.check_runs.map((run) => [run.status, run.conclusion])).toEqual([
      ['completed', 'success'],
    ]);
  });

  it('keeps deployments by task and commit, newest first, with their statuses', async () => {
    const ref = await headOf('main');
    const deploy = (task: string) =>
      octokit.repos.createDeployment({
        ...repo,
        ref,
        task,
        auto_merge: false,
        required_contexts: [],
        payload: { version: '127.0' },
        description: task,
      });
    await deploy('promote:firefox');
    const made = await deploy('promote:chrome');
    if (made.status !== 201) throw new Error('not made');
    const deployment_id = Number(made.data.id);
    for (const state of ['in_progress', 'success'] as const)
      await octokit.repos.createDeploymentStatus({ ...repo, deployment_id, state });
    const { data } = await octokit.repos.listDeployments({
      ...repo,
      task: 'promote:chrome',
      environment: 'production',
      sha: ref,
    });
    expect(data).toMatchObject([{ id: deployment_id, payload: { version: '127.0' } }]);
    const statuses = await octokit.repos.listDeploymentStatuses({ ...repo, deployment_id });
    expect(statuses.data.map(({ state }) => state)).toEqual(['success', 'in_progress']);
  });

  it('deploys nothing on a commit with a failed status, unless told to', async () => {
    const ref = await headOf('main');
    await octokit.repos.createCommitStatus({ ...repo, sha: ref, context: 'ci', state: 'failure' });
    await expect(octokit.repos.createDeployment({ ...repo, ref })).rejects.toMatchObject(
      refused(409, 'Commit status checks failed'),
    );
  });

  it('merges main into a branch that is behind instead of deploying it', async () => {
    await propose('topic', { a: '1' });
    await sim.people.commit('maria', 'Ahead', { b: '1' });
    const made = await octokit.repos.createDeployment({ ...repo, ref: 'topic' });
    expect(made.status).toBe(202);
    expect(await sim.log('topic')).toContain("Merge branch 'main' into topic");
    expect(sim.deployments).toEqual([]);
  });
});

describe('the border', () => {
  it('lets nobody in with another token', async () => {
    await expect(client('wrong').repos.get(repo)).rejects.toMatchObject(
      refused(401, 'Bad credentials'),
    );
    const nobody = await fetch(`${sim.url}/repos/acme/patchbot`);
    expect([nobody.status, await nobody.json()]).toMatchObject([
      401,
      { message: 'Requires authentication' },
    ]);
  });

  it('tells an installation token nothing of itself but by GraphQL', async () => {
    await expect(octokit.users.getAuthenticated()).rejects.toMatchObject(
      refused(403, 'Resource not accessible by integration'),
    );
    expect(await octokit.graphql('{ viewer { login } }')).toEqual({
      viewer: { login: 'patchbot[bot]' },
    });
    expect(sim.writes).toBe(0);
  });

  it('counts requests and writes, and remembers what it does not know', async () => {
    await headOf('main');
    await octokit.issues.create({ ...repo, title: 'x' });
    await expect(octokit.request('GET /orgs/acme/teams')).rejects.toMatchObject({ status: 404 });
    expect(sim.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'GET 200',
      'POST 201',
      'GET 404',
    ]);
    expect(sim.writes).toBe(1);
    expect(sim.unknown).toEqual(['GET /orgs/acme/teams']);
    sim.resetCounts();
    expect([sim.requests.length, sim.writes]).toEqual([0, 0]);
  });

  it('refuses what GitHub has no field for', async () => {
    await expect(
      octokit.request('POST /repos/acme/patchbot/issues', { title: 'x', labls: [] }),
    ).rejects.toMatchObject(refused(422, 'Unrecognized key: "labls"'));
  });

  it.each([
    ['refuse', false],
    ['reset', false],
    ['reset-after', true],
    ['truncate', true],
    ['status', false],
    ['status-after', true],
  ] as const)('fails one call by %s, its effect done: %s, and not the next', async (kind, done) => {
    const post = () =>
      fetch(`${sim.url}/repos/acme/patchbot/issues`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sim.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ title: kind }),
      }).then(async (answer) => (answer.ok ? answer.json() : Promise.reject(answer)));
    sim.faults.next({ method: 'POST', path: /issues$/, kind });
    await headOf('main');
    await expect(post()).rejects.toBeDefined();
    expect(sim.issues.map(({ title }) => title)).toEqual(done ? [kind] : []);
    await post();
    expect(sim.issues).toHaveLength(done ? 2 : 1);
    expect(sim.faults.pending).toBe(0);
  });

  it('answers with the status and headers of a fault', async () => {
    const headers = { 'retry-after': '60' };
    sim.faults.next({ kind: 'status', status: 429, headers, after: 1 });
    await headOf('main');
    await expect(headOf('main')).rejects.toMatchObject({
      status: 429,
      response: { headers },
    });
  });

  it('lets a test step in before a call has its effect and after', async () => {
    const seen: string[] = [];
    sim.onRequest = ({ method }) => void seen.push(`${method} with ${sim.issues.length} issues`);
    sim.onAnswered = ({ method }) => void seen.push(`${method} left ${sim.issues.length}`);
    await octokit.issues.create({ ...repo, title: 'x' });
    await expect.poll(() => seen).toEqual(['POST with 0 issues', 'POST left 1']);
    sim.onRequest = () => {
      throw new Error('killed');
    };
    await expect(octokit.issues.create({ ...repo, title: 'y' })).rejects.toThrow();
    expect(sim.issues).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  it('is alike for two runs that end alike by different ways', async () => {
    const first = await propose('topic', { [chrome]: '127\n' });
    await octokit.issues.create({ ...repo, title: 'Dashboard', body: `At ${first.head.sha}` });
    const one = await sim.snapshot();
    const seed = await sim.files();
    await sim.close();

    sim = await startGitHub({ dir: join(dir, 'again'), seed });
    octokit = client(sim.token);
    const { data } = await octokit.issues.create({ ...repo, title: 'Dashboard' });
    const second = await propose('topic', { [chrome]: '127\n' });
    await octokit.issues.update({
      ...repo,
      issue_number: data.number,
      body: `At ${second.head.sha}`,
    });
    expect(await sim.snapshot()).toEqual(one);
    await octokit.issues.addLabels({ ...repo, issue_number: data.number, labels: ['x'] });
    expect(await sim.snapshot()).not.toEqual(one);
  });
});
