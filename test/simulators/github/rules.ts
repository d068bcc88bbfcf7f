import { Refusal } from './errors.ts';
import type { Pull } from './model.ts';
import { latest } from './statuses.ts';
import type { World } from './world.ts';

/** What is known of each check of a commit: its newest status, or check run. */
function checksOf(world: World, sha: string): Map<string, 'green' | 'red' | 'pending'> {
  const checks = new Map<string, 'green' | 'red' | 'pending'>();
  // Newest first, so that of runs with one name the newest counts.
  for (const { head_sha, name, status, conclusion } of world.checkRuns.toReversed())
    if (head_sha === sha && !checks.has(name)) {
      const passed = ['success', 'neutral', 'skipped'].includes(conclusion ?? '');
      checks.set(name, status !== 'completed' ? 'pending' : passed ? 'green' : 'red');
    }
  for (const { context, state } of latest(world, sha))
    checks.set(context, state === 'success' ? 'green' : state === 'pending' ? 'pending' : 'red');
  return checks;
}

/** How a request stands to the checks: `blocked` by a required one, `unstable` by another. */
export function checkState(world: World, pull: Pull): 'clean' | 'unstable' | 'blocked' {
  const checks = checksOf(world, pull.head_sha);
  if (world.requiredChecks.some((name) => checks.get(name) !== 'green')) return 'blocked';
  return [...checks.values()].every((state) => state === 'green') ? 'clean' : 'unstable';
}

/**
 * The rules of the base branch. An App that may push to it past them may merge past them, too.
 * @throws Refusal 405 when a required check is not green.
 */
export function checkRules(world: World, pull: Pull): void {
  if (world.botPassesRules && world.actor === world.bot.login) return;
  const checks = checksOf(world, pull.head_sha);
  const missing = world.requiredChecks.find((name) => checks.get(name) !== 'green');
  if (missing === undefined) return;
  const what = checks.get(missing) === 'red' ? 'is failing' : 'is expected';
  throw new Refusal(405, `Required status check "${missing}" ${what}.`);
}
