/**
 * Runs the workflows as they are in the repository, from their triggers to what Jamf Pro says in the
 * end, with `act` on this machine against the simulated Jamf Pro, GitHub, AutoPkg and webhooks.
 * docs/testing.md says what of it is real. Its last line is one JSON object.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../workflow.ts';
import { openCompany, type WorkflowCompany } from './company.ts';
import type { Trigger, WorkflowRun } from './runner.ts';
import { type Scene, type Stage, scenes } from './scenes.ts';

const company = await openCompany(await actProgram());
const failed = new Set<string>();
try {
  for (const scene of scenes) await play(scene);
} finally {
  await company.close();
}
const workflows = new Set(scenes.map(({ workflow }) => workflow));
console.log(
  JSON.stringify({ e2e: 'act', workflows: workflows.size, green: workflows.size - failed.size }),
);
if (failed.size > 0) process.exitCode = 1;

async function play(scene: Scene): Promise<void> {
  const started = performance.now();
  const took = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const logs: string[] = [];
  try {
    await scene.play(stage(logs));
    checkAfter(company, logs);
    console.log(`green  ${scene.workflow}: ${scene.tells} (${took()})`);
  } catch (error) {
    failed.add(scene.workflow);
    console.log(`RED    ${scene.workflow}: ${scene.tells} (${took()})`);
    console.log(error instanceof Error ? error.message : error);
    console.log(logs.join('\n').replace(/^/gm, '       | '));
  }
}

/** The company, with a runner that writes down what the runs say. */
function stage(logs: string[]): Stage {
  const run = async (trigger: Trigger, wanted: boolean): Promise<WorkflowRun> => {
    const ran = await company.runner.run(trigger);
    logs.push(ran.log);
    if (ran.green !== wanted)
      throw new Error(`${trigger.workflow} is ${ran.green ? 'green' : 'red'}`);
    return ran;
  };
  return {
    ...company,
    green: (trigger) => run(trigger, true),
    red: (trigger) => run(trigger, false),
  };
}

/** What holds after every run: nothing was asked that the schemas don't know, no secret is left lying. */
function checkAfter({ fleet, secrets }: WorkflowCompany, logs: readonly string[]): void {
  const wrong = [...fleet.jamf.violations, ...fleet.github.unknown];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  if (fleet.github.tokens.size > 0) throw new Error('a token outlived its job');
  for (const secret of secrets)
    if (logs.some((log) => log.includes(secret))) throw new Error('a secret is in the log');
}

/** @throws Error when the program can't be had on this machine. */
async function actProgram(): Promise<string> {
  const { stdout } = await promisify(execFile)(join(root, '.ci', 'tool'), ['act']);
  return stdout.trim();
}
