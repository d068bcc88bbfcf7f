import { z } from 'zod';
import { validationFailed } from './errors.ts';
import { labelList, labelsOf, setLabels } from './labels.ts';
import type { Issue, Pull } from './model.ts';
import { reopenPull } from './pulls.ts';
import { type Call, created, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { closed } from './settle.ts';
import { checkLength } from './threads.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/issues/issues; a pull request is an issue too.

function issueAnswer(world: World, thread: Issue | Pull): Schema<'issue'> {
  const url = world.api(`/issues/${thread.number}`);
  const isPull = thread.kind === 'pull';
  const html = world.html(`/${isPull ? 'pull' : 'issues'}/${thread.number}`);
  return {
    id: thread.id,
    node_id: nodeId(isPull ? 'PullRequest' : 'Issue', thread.id),
    url,
    repository_url: world.api(''),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number: thread.number,
    state: thread.state,
    state_reason: isPull ? null : (thread.state_reason ?? null),
    title: thread.title,
    body: thread.body,
    user: user(world, thread.user),
    labels: labelsOf(world, thread),
    assignee: thread.assignees[0] ? user(world, thread.assignees[0]) : null,
    assignees: thread.assignees.map((login) => user(world, login)),
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: thread.comments.length,
    closed_at: thread.closed_at,
    created_at: thread.created_at,
    updated_at: thread.updated_at,
    author_association: 'CONTRIBUTOR',
    ...(isPull && {
      draft: thread.draft,
      pull_request: {
        url: world.api(`/pulls/${thread.number}`),
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        merged_at: thread.merged_at,
      },
    }),
  };
}

/** An issue as it stands alone: only there it is said who closed it. */
function issueAlone(world: World, thread: Issue | Pull): Schema<'issue'> {
  const closer = thread.closed_by ? user(world, thread.closed_by) : null;
  return { ...issueAnswer(world, thread), closed_by: closer };
}

function listed(world: World, call: Call): (Issue | Pull)[] {
  const state = call.query('state') ?? 'open';
  const labels = (call.query('labels') ?? '').toLowerCase().split(',').filter(Boolean);
  const creator = call.query('creator');
  const assignee = call.query('assignee');
  const since = call.query('since');
  const sort = call.query('sort') ?? 'created';
  const key = (thread: Issue | Pull) =>
    sort === 'updated' ? thread.updated_at : thread.created_at;
  const threads = [...world.issues, ...world.pulls]
    .filter((thread) => state === 'all' || thread.state === state)
    .filter((thread) => {
      const own = thread.labels.map((name) => name.toLowerCase());
      return labels.every((name) => own.includes(name));
    })
    .filter((thread) => creator === undefined || thread.user === creator)
    .filter((thread) => assignee === undefined || thread.assignees.includes(assignee))
    .filter((thread) => since === undefined || new Date(thread.updated_at) >= new Date(since))
    .sort((one, other) => key(one).localeCompare(key(other)) || one.number - other.number);
  return call.query('direction') === 'asc' ? threads : threads.reverse();
}

const issueBody = z.strictObject({
  title: z.union([z.string().min(1), z.number().transform(String)]).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable().optional(),
  labels: labelList.optional(),
  assignees: z.array(z.string()).optional(),
});

/** Opens an issue, in the name of who is acting. */
export function openIssue(world: World, title: string, body: string | null): Issue {
  checkLength('Issue', { title, body });
  const now = world.now();
  const issue: Issue = {
    kind: 'issue',
    id: world.nextId(),
    number: world.nextNumber(),
    title,
    body,
    state: 'open',
    state_reason: null,
    user: world.actor,
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
  };
  world.issues.push(issue);
  return issue;
}

async function update(world: World, call: Call): Promise<Issue | Pull> {
  const thread = world.thread(call.number('number'));
  const { title, body, state, state_reason, labels, assignees } = call.read(issueBody);
  checkLength('Issue', { title, body });
  if (state === 'open' && thread.state === 'closed') await reopenThread(world, thread);
  if (state === 'closed' && thread.state === 'open') {
    closed(world, thread);
    if (thread.kind === 'issue') thread.state_reason = state_reason ?? 'completed';
  }
  if (title !== undefined) thread.title = title;
  if (body !== undefined) editBody(world, thread, body);
  if (labels) setLabels(world, thread, labels);
  if (assignees) thread.assignees = assignees;
  thread.updated_at = world.now();
  return thread;
}

/** Changes the text of an issue or a pull request, in the name of who is acting. */
export function editBody(world: World, thread: Issue | Pull, body: string | null): void {
  checkLength('Issue', { body });
  if (thread.body !== body) thread.editor = world.actor;
  thread.body = body;
  thread.updated_at = world.now();
}

/** Opens what was closed. */
export async function reopenThread(world: World, thread: Issue | Pull): Promise<void> {
  if (thread.kind === 'pull') return reopenPull(world, thread);
  thread.state = 'open';
  thread.state_reason = 'reopened';
  thread.closed_at = null;
  thread.closed_by = null;
  thread.updated_at = world.now();
}

export const issueRoutes: readonly Route[] = [
  route('GET', 'issues', (world, call) =>
    page(world, call, listed(world, call), (threads) =>
      threads.map((thread) => issueAnswer(world, thread)),
    ),
  ),
  route('POST', 'issues', (world, call) => {
    const { title, body = null, labels = [], assignees = [] } = call.read(issueBody);
    if (!title)
      throw validationFailed({ resource: 'Issue', field: 'title', code: 'missing_field' });
    const issue = openIssue(world, title, body);
    setLabels(world, issue, labels);
    issue.assignees = assignees;
    return created(issueAlone(world, issue));
  }),
  route('GET', 'issues/{number}', (world, call) =>
    ok(issueAlone(world, world.thread(call.number('number')))),
  ),
  route('PATCH', 'issues/{number}', async (world, call) =>
    ok(issueAlone(world, await update(world, call))),
  ),
  route('POST', 'issues/{number}/assignees', (world, call) => {
    const thread = world.thread(call.number('number'));
    const { assignees } = call.read(z.strictObject({ assignees: z.array(z.string()) }));
    thread.assignees = [...new Set([...thread.assignees, ...assignees])];
    return created(issueAlone(world, thread));
  }),
];
