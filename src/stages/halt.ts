import type { Slug } from '../lifecycle/title.ts';
import { haltIn, withHalt } from '../recipes/halt.ts';
import { Outcome } from './outcome.ts';
import { type Run, repositoryOf, trailersOf } from './run.ts';
import { tell } from './tell.ts';

const path = 'recipes/patchbot.yaml';
/** How often main may move under us before we give up. */
const attempts = 20;

/** Why everything is stopped, as main says at this moment; absent when it isn't. */
export async function haltOnMain(run: Run): Promise<string | undefined> {
  const github = repositoryOf(run);
  const head = await github.head();
  const text = head && (await github.readFile(path, head));
  return text === undefined ? undefined : haltIn(text);
}

/**
 * Stops everything, or lets it move again, by the one switch that there is: `halt:` in patchbot.yaml on
 * main, in the name of whoever asked. @returns whether it had to be written.
 */
export async function setHalt(run: Run, reason: string | undefined): Promise<boolean> {
  const github = repositoryOf(run);
  const what = reason === undefined ? 'let everything move again' : 'stop everything';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const parent = await github.head();
    const before = parent && (await github.readFile(path, parent));
    if (!parent || before === undefined)
      throw new Error(`${path} is not on ${github.base}: nothing can be switched there`);
    const after = withHalt(before, reason);
    if (after === before) return false;
    const subject = `halt: ${what}${reason === undefined ? '' : `: ${reason}`}`;
    const committed = await github.commit({
      branch: github.base,
      parent,
      files: new Map([[path, after]]),
      message: [subject.replace(/\p{Cc}+/gu, ' '), '', ...trailersOf(run)].join('\n'),
    });
    if (committed !== 'moved') return true;
  }
  throw new Error(`${github.base} moved ${attempts} times meanwhile: run it again to ${what}`);
}

/** How the word reads that stands for all titles, those too that will come. */
export const everything = 'all';

/** Whether a run was asked for all titles by that word. */
export function isForEverything(run: Run): boolean {
  return run.only?.length === 1 && run.only[0] === everything;
}

/** Stops everything with a reason, or without one lets it move again, and tells the admins. */
export async function switchEverything(run: Run, reason: string | undefined): Promise<Outcome> {
  const outcome = new Outcome(reason === undefined ? 'release' : 'hold', run.dryRun);
  await recordSwitch(run, outcome, reason);
  await tell(run, outcome, {
    audience: 'admins',
    heading: reason === undefined ? 'Everything may move again' : 'Everything is stopped',
    section: 'All titles',
  });
  return outcome;
}

/** Throws the switch, and says so where it was not so already. */
export async function recordSwitch(
  run: Run,
  outcome: Outcome,
  reason: string | undefined,
): Promise<void> {
  const titles = { slug: 'patchbot' as Slug, name: 'All titles' };
  const wrote = run.dryRun || (await setHalt(run, reason));
  const what = reason === undefined ? 'may move again' : `are stopped: ${reason}`;
  if (wrote) outcome.did(titles, `all titles ${what}, says ${run.actor}`);
  else outcome.add(titles, 'nothing', `all titles ${what} already`);
}
