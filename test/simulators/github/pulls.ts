import { z } from 'zod';
import { changedFiles } from './diff.ts';
import { Refusal, unprocessable, validationFailed } from './errors.ts';
import { commitAnswer, diffEntry } from './history.ts';
import { labelAnswer } from './labels.ts';
import { mergeable } from './merge.ts';
import type { Pull } from './model.ts';
import { refSha } from './refs.ts';
import { repository } from './repository.ts';
import { codeOwners, requestReviews } from './review-requests.ts';
import { type Call, created, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { closed } from './settle.ts';
import { filesAt } from './snapshot.ts';
import { team } from './teams.ts';
import { checkLength } from './threads.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/pulls/pulls

/** A pull request as lists have it. */
export function pullSimple(world: World, pull: Pull): Schema<'pull-request-simple'> {
  const url = world.api(`/pulls/${pull.number}`);
  const issue = world.api(`/issues/${pull.number}`);
  const html = world.html(`/pull/${pull.number}`);
  const statuses = world.api(`/statuses/${pull.head_sha}`);
  const side = (ref: string, sha: string) => ({
    label: `${world.owner}:${ref}`,
    ref,
    sha,
    user: user(world, world.owner),
    repo: repository(world),
  });
  const link = (href: string) => ({ href });
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: world.api('/pulls/comments{/number}'),
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: user(world, pull.user),
    body: pull.body,
    labels: pull.labels.map((name) => {
      const label = labelAnswer(world, name);
      return { ...label, description: label.description ?? '' };
    }),
    milestone: null,
    active_lock_reason: null,
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    closed_at: pull.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: pull.assignees[0] ? user(world, pull.assignees[0]) : null,
    assignees: pull.assignees.map((login) => user(world, login)),
    requested_reviewers: pull.requested_reviewers.map((login) => user(world, login)),
    requested_teams: pull.requested_teams.map((slug) => team(world, slug)),
    head: side(pull.head, pull.head_sha),
    base: side(pull.base, pull.base_sha),
    _links: {
      self: link(url),
      html: link(html),
      issue: link(issue),
      comments: link(`${issue}/comments`),
      review_comments: link(`${url}/comments`),
      review_comment: link(world.api('/pulls/comments{/number}')),
      commits: link(`${url}/commits`),
      statuses: link(statuses),
    },
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request as it stands alone. */
export async function pullAnswer(
  world: World,
  pull: Pull,
  justCreated = false,
): Promise<Schema<'pull-request'>> {
  const commits = await world.git.revList([`${pull.base_sha}..${pull.head_sha}`]);
  const files = await changes(world, pull);
  const simple = pullSimple(world, pull);
  return {
    ...simple,
    user: user(world, pull.user),
    head: { ...simple.head, user: user(world, world.owner) },
    base: { ...simple.base, user: user(world, world.owner) },
    requested_teams: pull.requested_teams.map((slug) => team(world, slug)),
    state: pull.state,
    merged: pull.merged,
    ...(await mergeable(world, pull, justCreated)),
    merged_by: pull.merged_by ? user(world, pull.merged_by) : null,
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

async function changes(world: World, pull: Pull) {
  const from = await world.git.mergeBase(pull.base_sha, pull.head_sha);
  return changedFiles(world.git, from ?? pull.base_sha, pull.head_sha);
}

/** Opens a pull request, in the name of who is acting. @throws Refusal as GitHub refuses it. */
export async function openPull(
  world: World,
  wish: { title: string; head: string; base: string; body?: string | null; draft?: boolean },
): Promise<Pull> {
  const { git } = world;
  const prefix = `${world.owner}:`;
  const head = wish.head.startsWith(prefix) ? wish.head.slice(prefix.length) : wish.head;
  const headSha = await refSha(git, `refs/heads/${head}`);
  const baseSha = await refSha(git, `refs/heads/${wish.base}`);
  const resource = 'PullRequest';
  if (!headSha) throw validationFailed({ resource, field: 'head', code: 'invalid' });
  if (!baseSha) throw validationFailed({ resource, field: 'base', code: 'invalid' });
  const custom = (message: string) => validationFailed({ resource, code: 'custom', message });
  const isOpen = ({ state, head: other, base }: Pull) =>
    state === 'open' && other === head && base === wish.base;
  if (world.pulls.some(isOpen)) throw custom(`A pull request already exists for ${prefix}${head}.`);
  if (await git.isAncestor(headSha, baseSha))
    throw custom(`No commits between ${wish.base} and ${head}`);
  checkLength(resource, wish);
  const now = world.now();
  const pull: Pull = {
    kind: 'pull',
    id: world.nextId(),
    number: world.nextNumber(),
    title: wish.title,
    body: wish.body ?? null,
    state: 'open',
    user: world.actor,
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
    head,
    head_sha: headSha,
    base: wish.base,
    base_sha: baseSha,
    draft: wish.draft ?? false,
    merged: false,
    merged_at: null,
    merged_by: null,
    merge_commit_sha: null,
    requested_reviewers: [],
    requested_teams: [],
    reviews: [],
    asked: [],
    computing: world.slowMergeable,
  };
  const ref = `refs/pull/${pull.number}/head`;
  await git.updateRefs([{ ref, from: undefined, to: headSha }]);
  world.pulls.push(pull);
  if (!pull.draft) await askCodeOwners(world, pull);
  return pull;
}

/** GitHub asks the owners of what a request changes, all but who opened it. */
async function askCodeOwners(world: World, pull: Pull): Promise<void> {
  const text = (await filesAt(world, pull.base_sha))['.github/CODEOWNERS'];
  if (text === undefined) return;
  const paths = (await changes(world, pull)).map(({ filename }) => filename);
  const owners = codeOwners(text, paths).filter((name) => name !== pull.user);
  requestReviews(world, pull, {
    people: owners.filter((name) => !name.includes('/')),
    teams: owners.filter((name) => name.includes('/')).map((name) => name.replace(/^.*\//, '')),
  });
}

/** Opens a closed pull request again. @throws Refusal when it was merged or its branch is gone. */
export async function reopenPull(world: World, pull: Pull): Promise<void> {
  const refuse = (message: string) =>
    validationFailed({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  const head = await refSha(world.git, `refs/heads/${pull.head}`);
  if (pull.merged) throw refuse('state cannot be changed. The pull request has been merged.');
  if (!head) throw refuse(`state cannot be changed. The ${pull.head} branch has been deleted.`);
  const twin = ({ state, head: other }: Pull) => state === 'open' && other === pull.head;
  if (world.pulls.some(twin))
    throw refuse('state cannot be changed. There is already an open pull request.');
  pull.state = 'open';
  pull.closed_at = null;
  pull.closed_by = null;
  pull.updated_at = world.now();
}

const createBody = z.strictObject({
  title: z.string().min(1),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  body: z.string().nullable().optional(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

const updateBody = z.strictObject({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

async function updatePull(world: World, call: Call): Promise<Pull> {
  const pull = world.pull(call.number('number'));
  const { title, body, state, base } = call.read(updateBody);
  checkLength('PullRequest', { title, body });
  if (state === 'open' && pull.state === 'closed') await reopenPull(world, pull);
  if (state === 'closed' && pull.state === 'open') closed(world, pull);
  if (base !== undefined) {
    const sha = await refSha(world.git, `refs/heads/${base}`);
    if (!sha) throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' });
    pull.base = base;
    pull.base_sha = sha;
  }
  if (title !== undefined) pull.title = title;
  if (body !== undefined) pull.body = body;
  pull.updated_at = world.now();
  return pull;
}

function listed(world: World, call: Call): Pull[] {
  const state = call.query('state') ?? 'open';
  const head = call.query('head');
  const base = call.query('base');
  const sort = call.query('sort') ?? 'created';
  if (!['open', 'closed', 'all'].includes(state)) throw unprocessable('Validation Failed');
  if (!['created', 'updated', 'popularity', 'long-running'].includes(sort))
    throw new Refusal(422, 'Validation Failed');
  const key = (pull: Pull) => (sort === 'updated' ? pull.updated_at : pull.created_at);
  const falling = (call.query('direction') ?? (sort === 'created' ? 'desc' : 'asc')) === 'desc';
  const pulls = world.pulls
    .filter((pull) => state === 'all' || pull.state === state)
    // A head without an owner is no filter to GitHub: it lists everything.
    .filter((pull) => !head?.includes(':') || head === `${world.owner}:${pull.head}`)
    .filter((pull) => base === undefined || pull.base === base)
    .sort((one, other) => key(one).localeCompare(key(other)) || one.number - other.number);
  return falling ? pulls.reverse() : pulls;
}

export const pullRoutes: readonly Route[] = [
  route('GET', 'pulls', (world, call) =>
    page(world, call, listed(world, call), (pulls) => pulls.map((pull) => pullSimple(world, pull))),
  ),
  route('POST', 'pulls', async (world, call) => {
    const { title, head, base, body = null, draft = false } = call.read(createBody);
    const pull = await openPull(world, { title, head, base, body, draft });
    return created(await pullAnswer(world, pull, true));
  }),
  route('GET', 'pulls/{number}', async (world, call) =>
    ok(await pullAnswer(world, world.pull(call.number('number')))),
  ),
  route('PATCH', 'pulls/{number}', async (world, call) =>
    ok(await pullAnswer(world, await updatePull(world, call))),
  ),
  route('GET', 'pulls/{number}/files', async (world, call) => {
    const pull = world.pull(call.number('number'));
    const files = await changes(world, pull);
    return page(world, call, files, (slice) =>
      slice.map((file) => diffEntry(world, file, pull.head_sha)),
    );
  }),
  route('GET', 'pulls/{number}/commits', async (world, call) => {
    const pull = world.pull(call.number('number'));
    const shas = await world.git.revList(['--reverse', `${pull.base_sha}..${pull.head_sha}`]);
    const answer = page(world, call, shas);
    const slice = answer.body as string[];
    return { ...answer, body: await Promise.all(slice.map((sha) => commitAnswer(world, sha))) };
  }),
  route('GET', 'commits/{sha}/pulls', async (world, call) => {
    const sha = call.param('sha');
    const held: Pull[] = [];
    for (const pull of world.pulls) {
      const own = await world.git.revList([pull.head_sha, `^${pull.base_sha}`]);
      if (pull.merge_commit_sha === sha || pull.head_sha === sha || own.includes(sha))
        held.push(pull);
    }
    return page(world, call, held, (slice) => slice.map((pull) => pullSimple(world, pull)));
  }),
];
