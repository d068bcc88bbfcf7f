import { z } from 'zod';
import { notFound, Refusal, unprocessable, validationFailed } from './errors.ts';
import type { Deployment, DeploymentStatus } from './model.ts';
import { commitSha, refSha } from './refs.ts';
import {
  type Answer,
  type Call,
  created,
  noContent,
  ok,
  page,
  type Route,
  route,
} from './router.ts';
import type { Schema } from './schema.ts';
import { latest } from './statuses.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/deployments

function deploymentAnswer(world: World, deployment: Deployment): Schema<'deployment'> {
  const { statuses: _, creator, id, environment, ...rest } = deployment;
  const url = world.api(`/deployments/${id}`);
  return {
    ...rest,
    id,
    node_id: nodeId('Deployment', id),
    url,
    original_environment: environment,
    environment,
    creator: user(world, creator),
    statuses_url: `${url}/statuses`,
    repository_url: world.api(''),
  };
}

function statusAnswer(
  world: World,
  deployment: Deployment,
  status: DeploymentStatus,
): Schema<'deployment-status'> {
  const url = world.api(`/deployments/${deployment.id}`);
  const { creator, ...rest } = status;
  return {
    ...rest,
    node_id: nodeId('DeploymentStatus', status.id),
    url: `${url}/statuses/${status.id}`,
    creator: user(world, creator),
    target_url: status.log_url,
    updated_at: status.created_at,
    deployment_url: url,
    repository_url: world.api(''),
  };
}

const deploymentBody = z.strictObject({
  ref: z.string(),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().default('production'),
  description: z.string().nullable().default(''),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});

async function deploy(world: World, call: Call): Promise<Answer> {
  const { git } = world;
  const wish = call.read(deploymentBody);
  const sha = await commitSha(git, wish.ref);
  if (!sha) throw unprocessable(`No ref found for: ${wish.ref}`);
  const branch = await refSha(git, `refs/heads/${wish.ref}`);
  const main = await refSha(git, 'refs/heads/main');
  // A branch behind main has main merged into it first, instead of a deployment.
  if (wish.auto_merge && branch && main && !(await git.isAncestor(main, branch)))
    return behind(world, wish.ref, branch, main);
  const failing = latest(world, sha)
    .filter(({ context }) => wish.required_contexts?.includes(context) ?? true)
    .filter(({ state }) => state !== 'success');
  const known = latest(world, sha).map(({ context }) => context);
  const missing = wish.required_contexts?.filter((context) => !known.includes(context)) ?? [];
  if (failing.length + missing.length > 0) {
    const contexts = [
      ...failing.map(({ context, state }) => ({ context, state })),
      ...missing.map((context) => ({ context, state: 'missing' })),
    ];
    const error = { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' };
    throw new Refusal(409, `Conflict: Commit status checks failed for ${wish.ref}`, {
      errors: [error],
    });
  }
  const now = world.now();
  const deployment: Deployment = {
    id: world.nextId(),
    sha,
    ref: wish.ref,
    task: wish.task,
    payload: wish.payload,
    environment: wish.environment,
    description: wish.description,
    transient_environment: wish.transient_environment,
    production_environment: wish.production_environment ?? wish.environment === 'production',
    creator: world.actor,
    created_at: now,
    updated_at: now,
    statuses: [],
  };
  world.deployments.push(deployment);
  return created(deploymentAnswer(world, deployment));
}

async function behind(world: World, ref: string, branch: string, main: string): Promise<Answer> {
  const tree = await world.git.mergeTree(branch, main);
  if (!tree) throw new Refusal(409, `Conflict merging main into ${ref}`);
  const who = world.signature(world.actor);
  const message = `Merge branch 'main' into ${ref}`;
  const merge = await world.git.commit(tree, [branch, main], message, who, world.webFlow());
  await world.git.updateRefs([{ ref: `refs/heads/${ref}`, from: branch, to: merge }]);
  return { status: 202, body: { message: `Auto-merged main into ${ref} on deployment.` } };
}

const statusBody = z.strictObject({
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  target_url: z.string().optional(),
  log_url: z.string().optional(),
  description: z.string().default(''),
  environment: z.string().optional(),
  environment_url: z.string().optional(),
  auto_inactive: z.boolean().default(true),
});

function addStatus(world: World, call: Call, deployment: Deployment): DeploymentStatus {
  const wish = call.read(statusBody);
  if ([...wish.description].length > 140)
    throw validationFailed({
      resource: 'DeploymentStatus',
      field: 'description',
      code: 'custom',
      message: 'description is too long (maximum is 140 characters)',
    });
  const push = (to: Deployment, state: DeploymentStatus['state']) => {
    const mine = to === deployment;
    const status: DeploymentStatus = {
      id: world.nextId(),
      state,
      description: mine ? wish.description : '',
      environment: (mine ? wish.environment : undefined) ?? to.environment,
      log_url: mine ? (wish.log_url ?? wish.target_url ?? '') : '',
      environment_url: mine ? (wish.environment_url ?? '') : '',
      creator: world.actor,
      created_at: world.now(),
    };
    to.statuses.push(status);
    to.updated_at = status.created_at;
    return status;
  };
  const status = push(deployment, wish.state);
  if (wish.state === 'success' && wish.auto_inactive)
    for (const other of world.deployments) {
      const earlier = other.id < deployment.id && other.environment === deployment.environment;
      const ends = !other.transient_environment && !other.production_environment;
      if (earlier && ends && other.statuses.at(-1)?.state === 'success') push(other, 'inactive');
    }
  return status;
}

function find(world: World, call: Call): Deployment {
  const id = call.number('id');
  const deployment = world.deployments.find((candidate) => candidate.id === id);
  if (!deployment) throw notFound();
  return deployment;
}

export const deploymentRoutes: readonly Route[] = [
  route('GET', 'deployments', (world, call) => {
    const wanted = (['sha', 'ref', 'task', 'environment'] as const).map(
      (field) => [field, call.query(field) ?? 'none'] as const,
    );
    const found = world.deployments.filter((deployment) =>
      wanted.every(([field, value]) => value === 'none' || deployment[field] === value),
    );
    return page(world, call, found.reverse(), (slice) =>
      slice.map((deployment) => deploymentAnswer(world, deployment)),
    );
  }),
  route('POST', 'deployments', deploy),
  route('GET', 'deployments/{id}', (world, call) => ok(deploymentAnswer(world, find(world, call)))),
  route('DELETE', 'deployments/{id}', (world, call) => {
    const deployment = find(world, call);
    if (deployment.statuses.at(-1)?.state === 'success')
      throw unprocessable(
        'We cannot delete an active deployment unless it is the only deployment.',
      );
    world.deployments.splice(world.deployments.indexOf(deployment), 1);
    return noContent();
  }),
  route('GET', 'deployments/{id}/statuses', (world, call) => {
    const deployment = find(world, call);
    return page(world, call, [...deployment.statuses].reverse(), (slice) =>
      slice.map((status) => statusAnswer(world, deployment, status)),
    );
  }),
  route('POST', 'deployments/{id}/statuses', (world, call) => {
    const deployment = find(world, call);
    return created(statusAnswer(world, deployment, addStatus(world, call, deployment)));
  }),
];
