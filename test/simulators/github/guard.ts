import { notFound, Refusal } from './errors.ts';
import { ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import type { World } from './world.ts';

/** What guards main, and what the schedules have done: all is well unless a test says otherwise. */
export interface GuardFacts {
  rules: { type: string; parameters?: Record<string, unknown> }[];
  /** `undefined`: there is no CODEOWNERS. */
  owners: Schema<'codeowners-errors'>['errors'] | undefined;
  /** By file; a missing one is no workflow. `now` is whenever it is asked. */
  workflows: Record<string, { state: string; lastStart?: string }>;
  /** Whether the token may see workflows. */
  seesWorkflows: boolean;
}

/** As docs/ruleset.json makes it. */
export function guarded(): GuardFacts {
  return {
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'pull_request',
        parameters: { required_approving_review_count: 1, require_code_owner_review: true },
      },
      {
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'Check' }] },
      },
    ],
    owners: [],
    workflows: {
      'daily.yml': { state: 'active', lastStart: 'now' },
      'propose.yml': { state: 'active', lastStart: 'now' },
    },
    seesWorkflows: true,
  };
}

function workflowOf(world: World, file: string) {
  const { workflows, seesWorkflows } = world.guard;
  if (!seesWorkflows) throw new Refusal(403, 'Resource not accessible by integration');
  const found = workflows[file];
  if (!found) throw notFound();
  return found;
}

export const guardRoutes: readonly Route[] = [
  // https://docs.github.com/rest/repos/rules#get-rules-for-a-branch
  route('GET', 'rules/branches/{branch}', (world) => ok(world.guard.rules)),
  // https://docs.github.com/rest/repos/repos#list-codeowners-errors
  route('GET', 'codeowners/errors', (world) => {
    if (!world.guard.owners) throw notFound();
    return ok({ errors: world.guard.owners } satisfies Schema<'codeowners-errors'>);
  }),
  // https://docs.github.com/rest/actions/workflows#get-a-workflow
  route('GET', 'actions/workflows/{file}', (world, call) => {
    const file = call.param('file');
    const { state } = workflowOf(world, file);
    return ok({ id: 1, name: file, path: `.github/workflows/${file}`, state });
  }),
  // https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
  route('GET', 'actions/workflows/{file}/runs', (world, call) => {
    const { lastStart } = workflowOf(world, call.param('file'));
    const runs = lastStart
      ? [{ id: 1, event: 'schedule', created_at: lastStart === 'now' ? world.now() : lastStart }]
      : [];
    return ok({ total_count: runs.length, workflow_runs: runs });
  }),
];
