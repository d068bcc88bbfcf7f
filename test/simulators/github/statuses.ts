import { z } from 'zod';
import { unprocessable, validationFailed } from './errors.ts';
import { namedCommit } from './history.ts';
import type { CommitStatus } from './model.ts';
import { repository } from './repository.ts';
import { created, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/commits/statuses

function statusAnswer(world: World, status: CommitStatus): Schema<'status'> {
  const creator = user(world, status.creator);
  return {
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    url: world.api(`/statuses/${status.sha}`),
    avatar_url: creator.avatar_url,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.target_url,
    creator,
    created_at: status.created_at,
    updated_at: status.created_at,
  };
}

/** The statuses of a commit, newest first. */
const statusesOf = (world: World, sha: string) =>
  world.statuses.filter((status) => status.sha === sha).reverse();

/** The latest status of each context of a commit. */
export function latest(world: World, sha: string): CommitStatus[] {
  const seen = new Set<string>();
  return statusesOf(world, sha).filter(({ context }) => !seen.has(context) && seen.add(context));
}

/** All contexts of a commit taken together; without any it is pending, as GitHub has it. */
export function combinedState(world: World, sha: string): { state: string; total: number } {
  const states = latest(world, sha).map(({ state }) => state);
  const failed = states.some((state) => state === 'error' || state === 'failure');
  const done = states.length > 0 && states.every((state) => state === 'success');
  return { state: failed ? 'failure' : done ? 'success' : 'pending', total: states.length };
}

const statusBody = z.strictObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  context: z.string().optional(),
});

export const statusRoutes: readonly Route[] = [
  route('POST', 'statuses/{sha}', async (world, call) => {
    const sha = call.param('sha');
    const body = call.read(statusBody);
    if (!/^[0-9a-f]{40}$/.test(sha) || (await world.git.type(sha)) !== 'commit')
      throw unprocessable(`No commit found for SHA: ${sha}`);
    const context = body.context ?? 'default';
    if (statusesOf(world, sha).filter((one) => one.context === context).length >= 1000)
      throw validationFailed({
        resource: 'Status',
        code: 'custom',
        message: 'This SHA and context has reached the maximum number of statuses.',
      });
    const description = body.description ?? null;
    if (description && [...description].length > 140)
      throw validationFailed({
        resource: 'Status',
        field: 'description',
        code: 'custom',
        message: 'description is too long (maximum is 140 characters)',
      });
    const status: CommitStatus = {
      id: world.nextId(),
      sha,
      state: body.state,
      context,
      description,
      target_url: body.target_url ?? null,
      creator: world.actor,
      created_at: world.now(),
    };
    world.statuses.push(status);
    return created(statusAnswer(world, status));
  }),
  route('GET', 'commits/{+ref}/statuses', async (world, call) => {
    const sha = await namedCommit(world, call.param('ref'));
    return page(world, call, statusesOf(world, sha), (slice) =>
      slice.map((status) => statusAnswer(world, status)),
    );
  }),
  route('GET', 'commits/{+ref}/status', async (world, call) => {
    const sha = await namedCommit(world, call.param('ref'));
    const { state, total } = combinedState(world, sha);
    const answer: Schema<'combined-commit-status'> = {
      state,
      sha,
      total_count: total,
      statuses: latest(world, sha).map((status) => {
        const { creator: _, ...simple } = statusAnswer(world, status);
        return simple;
      }),
      repository: repository(world),
      commit_url: world.api(`/commits/${sha}`),
      url: world.api(`/commits/${sha}/status`),
    };
    return ok(answer);
  }),
];
