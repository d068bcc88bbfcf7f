import { z } from 'zod';
import { notFound } from './errors.ts';
import { namedCommit } from './history.ts';
import type { CheckRun } from './model.ts';
import { type Call, created, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/checks/runs

function checkAnswer(world: World, run: CheckRun): Schema<'check-run'> {
  const url = world.api(`/check-runs/${run.id}`);
  const html = world.html(`/runs/${run.id}`);
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    name: run.name,
    head_sha: run.head_sha,
    external_id: run.external_id,
    url,
    html_url: html,
    details_url: run.details_url ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: null,
    app: null,
    pull_requests: [],
  };
}

const output = z.strictObject({
  title: z.string().optional(),
  summary: z.string(),
  text: z.string().optional(),
});

const conclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;

const changeBody = z.strictObject({
  name: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z.enum(conclusions).optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: output.optional(),
});

const createBody = changeBody.extend({ name: z.string(), head_sha: z.string() });

function change(world: World, run: CheckRun, body: z.infer<typeof changeBody>): void {
  if (body.conclusion) {
    run.conclusion = body.conclusion;
    run.status = 'completed';
    run.completed_at = body.completed_at ?? world.now();
  } else if (body.status) run.status = body.status;
  if (body.output)
    run.output = {
      title: body.output.title ?? null,
      summary: body.output.summary,
      text: body.output.text ?? null,
    };
  run.details_url = body.details_url ?? run.details_url;
  run.external_id = body.external_id ?? run.external_id;
}

function find(world: World, call: Call): CheckRun {
  const run = world.checkRuns.find(({ id }) => id === call.number('id'));
  if (!run) throw notFound();
  return run;
}

export const checkRoutes: readonly Route[] = [
  route('POST', 'check-runs', async (world, call) => {
    const body = call.read(createBody);
    const run: CheckRun = {
      id: world.nextId(),
      name: body.name,
      head_sha: await namedCommit(world, body.head_sha),
      status: 'queued',
      conclusion: null,
      external_id: null,
      details_url: null,
      started_at: body.started_at ?? world.now(),
      completed_at: null,
      output: { title: null, summary: null, text: null },
    };
    change(world, run, body);
    world.checkRuns.push(run);
    return created(checkAnswer(world, run));
  }),
  route('GET', 'check-runs/{id}', (world, call) => ok(checkAnswer(world, find(world, call)))),
  route('PATCH', 'check-runs/{id}', (world, call) => {
    const run = find(world, call);
    change(world, run, call.read(changeBody));
    return ok(checkAnswer(world, run));
  }),
  route('GET', 'commits/{+ref}/check-runs', async (world, call) => {
    const sha = await namedCommit(world, call.param('ref'));
    const name = call.query('check_name');
    const seen = new Set<string>();
    const runs = world.checkRuns
      .filter((run) => run.head_sha === sha && (name === undefined || run.name === name))
      .reverse()
      // The latest of each name, unless all are asked for.
      .filter(
        (run) => call.query('filter') === 'all' || (!seen.has(run.name) && seen.add(run.name)),
      );
    return page(world, call, runs, (slice) => ({
      total_count: runs.length,
      check_runs: slice.map((run) => checkAnswer(world, run)),
    }));
  }),
];
