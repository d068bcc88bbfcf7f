import { z } from 'zod';
import { notFound, validationFailed } from './errors.ts';
import type { Comment, Issue, Pull, Reaction } from './model.ts';
import { type Call, created, noContent, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { checkLength } from './threads.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/issues/comments and https://docs.github.com/rest/reactions

function commentAnswer(world: World, thread: Issue | Pull, comment: Comment) {
  const page = world.html(`/${thread.kind === 'pull' ? 'pull' : 'issues'}/${thread.number}`);
  const answer: Schema<'issue-comment'> = {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: world.api(`/issues/comments/${comment.id}`),
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: world.api(`/issues/${thread.number}`),
    body: comment.body,
    user: user(world, comment.user),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    author_association: 'CONTRIBUTOR',
  };
  return answer;
}

function reactionAnswer(world: World, reaction: Reaction): Schema<'reaction'> {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: user(world, reaction.user),
    content: reaction.content,
    created_at: reaction.created_at,
  };
}

/** Writes below an issue or a pull request, in the name of who is acting. */
export function addComment(world: World, thread: Issue | Pull, body: string): Comment {
  if (body === '')
    throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  checkLength('IssueComment', { body });
  const now = world.now();
  const comment: Comment = {
    id: world.nextId(),
    user: world.actor,
    body,
    created_at: now,
    updated_at: now,
    reactions: [],
  };
  thread.comments.push(comment);
  thread.updated_at = now;
  return comment;
}

function find(world: World, call: Call): { thread: Issue | Pull; comment: Comment } {
  const id = call.number('id');
  for (const thread of [...world.issues, ...world.pulls]) {
    const comment = thread.comments.find((candidate) => candidate.id === id);
    if (comment) return { thread, comment };
  }
  throw notFound();
}

const textBody = z.strictObject({ body: z.string() });

const reactionBody = z.strictObject({
  content: z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']),
});

/** The same reaction of the same user is there once: asked for again, it is a 200. */
function react(world: World, reactions: Reaction[], call: Call) {
  const { content } = call.read(reactionBody);
  const mine = reactions.find((one) => one.user === world.actor && one.content === content);
  if (mine) return ok(reactionAnswer(world, mine));
  const reaction = { id: world.nextId(), user: world.actor, content, created_at: world.now() };
  reactions.push(reaction);
  return created(reactionAnswer(world, reaction));
}

const shown = (world: World, reactions: readonly Reaction[], call: Call) =>
  page(world, call, reactions, (slice) => slice.map((one) => reactionAnswer(world, one)));

export const commentRoutes: readonly Route[] = [
  route('GET', 'issues/{number}/comments', (world, call) => {
    const thread = world.thread(call.number('number'));
    const since = call.query('since');
    const comments = thread.comments.filter(
      ({ updated_at }) => since === undefined || new Date(updated_at) >= new Date(since),
    );
    return page(world, call, comments, (slice) =>
      slice.map((comment) => commentAnswer(world, thread, comment)),
    );
  }),
  route('POST', 'issues/{number}/comments', (world, call) => {
    const thread = world.thread(call.number('number'));
    const comment = addComment(world, thread, call.read(textBody).body);
    return created(commentAnswer(world, thread, comment));
  }),
  route('GET', 'issues/comments/{id}', (world, call) => {
    const { thread, comment } = find(world, call);
    return ok(commentAnswer(world, thread, comment));
  }),
  route('PATCH', 'issues/comments/{id}', (world, call) => {
    const { thread, comment } = find(world, call);
    comment.body = call.read(textBody).body;
    comment.updated_at = world.now();
    return ok(commentAnswer(world, thread, comment));
  }),
  route('DELETE', 'issues/comments/{id}', (world, call) => {
    const { thread, comment } = find(world, call);
    thread.comments.splice(thread.comments.indexOf(comment), 1);
    return noContent();
  }),

  route('GET', 'issues/{number}/reactions', (world, call) =>
    shown(world, world.thread(call.number('number')).reactions, call),
  ),
  route('POST', 'issues/{number}/reactions', (world, call) =>
    react(world, world.thread(call.number('number')).reactions, call),
  ),
  route('GET', 'issues/comments/{id}/reactions', (world, call) =>
    shown(world, find(world, call).comment.reactions, call),
  ),
  route('POST', 'issues/comments/{id}/reactions', (world, call) =>
    react(world, find(world, call).comment.reactions, call),
  ),
];
