import { type CommitObject, readCommit } from './commit-object.ts';
import { type ChangedFile, changedFiles } from './diff.ts';
import { notFound, Refusal } from './errors.ts';
import { verification } from './git-data.ts';
import { commitSha, refSha } from './refs.ts';
import { type Call, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/commits and https://docs.github.com/rest/branches/branches

/** The account behind a commit's e-mail address, as far as GitHub would know it. */
function account(world: World, email: string): Schema<'simple-user'> | null {
  if (email === 'noreply@github.com') return user(world, 'web-flow');
  const login = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  return login ? user(world, login) : null;
}

export async function commitAnswer(world: World, sha: string): Promise<Schema<'commit'>> {
  const commit = await readCommit(world.git, sha);
  if (!commit) throw notFound(`No commit found for SHA: ${sha}`);
  const url = world.api(`/commits/${sha}`);
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url,
    html_url: world.html(`/commit/${sha}`),
    comments_url: `${url}/comments`,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: world.api(`/git/trees/${commit.tree}`) },
      url: world.api(`/git/commits/${sha}`),
      comment_count: 0,
      verification: verification(world, commit),
    },
    author: account(world, commit.author.email),
    committer: account(world, commit.committer.email),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: world.api(`/commits/${parent}`),
      html_url: world.html(`/commit/${parent}`),
    })),
  };
}

export function diffEntry(world: World, file: ChangedFile, at: string): Schema<'diff-entry'> {
  const path = encodeURI(file.filename);
  return {
    ...file,
    changes: file.additions + file.deletions,
    blob_url: world.html(`/blob/${at}/${path}`),
    raw_url: world.html(`/raw/${at}/${path}`),
    contents_url: world.api(`/contents/${path}?ref=${at}`),
  };
}

async function withFiles(world: World, commit: CommitObject): Promise<Schema<'commit'>> {
  const files = await changedFiles(world.git, commit.parents[0], commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...(await commitAnswer(world, commit.sha)),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => diffEntry(world, file, commit.sha)),
  };
}

/** The commit a request names; @throws Refusal 422, as GitHub says it for an unknown one. */
export async function namedCommit(world: World, name: string): Promise<string> {
  const sha = await commitSha(world.git, name);
  if (!sha) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

async function compare(world: World, call: Call): Promise<Schema<'commit-comparison'>> {
  const { git } = world;
  const basehead = call.param('basehead');
  const [baseName = '', headName = ''] = basehead.split('...').map((name) => {
    return name.startsWith(`${world.owner}:`) ? name.slice(world.owner.length + 1) : name;
  });
  const base = await commitSha(git, baseName);
  const head = await commitSha(git, headName);
  if (!base || !head) throw notFound();
  const mergeBase = await git.mergeBase(base, head);
  if (!mergeBase) throw notFound(`No common ancestor between ${baseName} and ${headName}.`);
  const ahead = (await git.revList(['--reverse', `${base}..${head}`])).slice(0, 250);
  const behind = await git.revList([`${head}..${base}`]);
  const files = await changedFiles(git, mergeBase, head);
  const url = world.api(`/compare/${basehead}`);
  const html = world.html(`/compare/${basehead}`);
  return {
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await commitAnswer(world, base),
    merge_base_commit: await commitAnswer(world, mergeBase),
    status:
      ahead.length > 0
        ? behind.length > 0
          ? 'diverged'
          : 'ahead'
        : behind.length > 0
          ? 'behind'
          : 'identical',
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: await Promise.all(ahead.map((sha) => commitAnswer(world, sha))),
    files: files.map((file) => diffEntry(world, file, head)),
  };
}

function branch(world: World, name: string, sha: string): Schema<'short-branch'> {
  return { name, commit: { sha, url: world.api(`/commits/${sha}`) }, protected: false };
}

export const historyRoutes: readonly Route[] = [
  route('GET', 'commits', async (world, call) => {
    const name = call.query('sha') ?? 'main';
    const start = await commitSha(world.git, name);
    if (!start) throw notFound();
    const filters = ['since', 'until', 'author'].flatMap((filter) => {
      const value = call.query(filter);
      return value === undefined ? [] : [`--${filter}=${value}`];
    });
    const path = call.query('path');
    const paths = path ? ['--', `:(literal)${path}`] : [];
    const shas = await world.git.revList([...filters, start, ...paths]);
    const answer = page(world, call, shas);
    const listed = answer.body as string[];
    return { ...answer, body: await Promise.all(listed.map((sha) => commitAnswer(world, sha))) };
  }),

  route('GET', 'commits/{+ref}', async (world, call) => {
    const commit = await readCommit(world.git, await namedCommit(world, call.param('ref')));
    if (!commit) throw notFound();
    if (call.headers.accept?.includes('.sha')) return { status: 200, raw: Buffer.from(commit.sha) };
    return ok(await withFiles(world, commit));
  }),

  route('GET', 'compare/{+basehead}', async (world, call) => ok(await compare(world, call))),

  route('GET', 'branches', async (world, call) => {
    const refs = await world.git.refs('refs/heads/');
    const all = refs.map(({ ref, sha }) => branch(world, ref.slice('refs/heads/'.length), sha));
    return page(world, call, all);
  }),

  route('GET', 'branches/{+branch}', async (world, call) => {
    const name = call.param('branch');
    const sha = await refSha(world.git, `refs/heads/${name}`);
    if (!sha) throw notFound('Branch not found');
    const self = world.api(`/branches/${name}`);
    const answer: Schema<'branch-with-protection'> = {
      name,
      commit: await commitAnswer(world, sha),
      _links: { self, html: world.html(`/tree/${name}`) },
      protected: false,
      protection: { enabled: false },
      protection_url: `${self}/protection`,
    };
    return ok(answer);
  }),
];
