import { type Comment, escaped, type PromotionRequest, type Reaction } from '../github/github.ts';
import { slug, type Title } from '../lifecycle/title.ts';
import type { Version } from '../lifecycle/version.ts';
import { parseState, statePath } from '../state/read.ts';
import { type Command, readCommand } from './command.ts';
import { emergency } from './emergency.ts';
import { hold, release } from './hold.ts';
import { Outcome } from './outcome.ts';
import { propose } from './propose.ts';
import { type Run, repositoryOf, sameRun } from './run.ts';

/** What a request asks for one title. */
interface Meant {
  readonly title: Title;
  readonly version: Version;
}

/**
 * The comment stage: does what a comment on a promotion request asks for (`/hold`, `/release`,
 * `/expedite`), in the name of who wrote it, if they may write to the repository; and answers by a
 * reaction and a reply. A comment that carries PatchBot's reaction is done with, so it may run twice.
 */
export async function comment(run: Run, id: number): Promise<Outcome> {
  const outcome = new Outcome('comment', run.dryRun);
  const github = repositoryOf(run);
  const found = await github.comments.read(id);
  if (!found || found.own) return outcome;
  const request = await github.requests.find(found.number);
  const meant = request ? await meantBy(run, request) : [];
  if (!request || meant.length === 0) return outcome;
  const command = readCommand(
    found.body,
    meant.map(({ title }) => title.slug),
  );
  if (!command || (await github.comments.isAnswered(id))) return outcome;
  const answer = (reaction: Reaction, text: string) => {
    run.log(`#${found.number}, ${found.author}: ${text}`);
    return run.dryRun ? undefined : github.comments.answer(found, reaction, text);
  };

  if (!(await github.mayWrite(found.author)))
    await answer('-1', 'Only people who may write to this repository can ask for that.');
  else if (command.asks === 'unclear') await answer('confused', command.answer);
  else if (command.asks === 'expedite' && request.state !== 'open')
    await answer(
      'confused',
      'This request is not open any more: run the workflow `emergency` instead.',
    );
  else {
    const targets = meant.filter(({ title }) => !command.title || title.slug === command.title);
    await obey(run, outcome, found, command, targets);
    if (outcome.failed) await answer('confused', failureText(outcome));
    else await answer('+1', doneText(command, targets, found));
  }
  return outcome;
}

/** The titles that a request is about, each with the version that it asks for (or asked for). */
async function meantBy(run: Run, request: PromotionRequest): Promise<readonly Meant[]> {
  const github = repositoryOf(run);
  const changes = await github.changes(request.number);
  const meant: Meant[] = [];
  for (const title of run.recipes.titles) {
    const path = statePath(title.slug);
    if (!changes?.edited.includes(path)) continue;
    const read = parseState(await github.readFile(path, changes.head), title.slug);
    const version = read.ok ? read.state.production?.package.version : undefined;
    if (version) meant.push({ title, version });
  }
  return meant;
}

async function obey(
  run: Run,
  outcome: Outcome,
  { author, number }: Comment,
  command: Command,
  targets: readonly Meant[],
): Promise<void> {
  const slugs = targets.map(({ title }) => slug(title.slug));
  const theirs = sameRun(run, { actor: author, only: slugs });
  if (command.asks === 'release') outcome.take(await release(theirs));
  for (const { title, version } of targets) {
    const one = sameRun(run, { actor: author, only: [title.slug] });
    if (command.asks === 'hold') {
      const { reason, until } = command;
      outcome.take(await hold(one, { reason, version, ...(until && { until }) }));
    } else if (command.asks === 'expedite') {
      const { reason } = command;
      outcome.take(await emergency(one, { reason, version, mode: 'pull-request' }));
    }
  }
  // The request shows it at once, not tomorrow.
  const shown = await propose(theirs, 'refresh');
  run.log(`#${number}: ${shown.rows.map(({ text }) => text).join('; ')}`);
  outcome.failures.push(...shown.failures);
}

function doneText(command: Command, targets: readonly Meant[], { author }: Comment): string {
  const what = targets
    .map(({ title, version }) => `${escaped(title.name)} ${escaped(version.text)}`)
    .join(', ');
  const by = escaped(author);
  switch (command.asks) {
    case 'hold': {
      const until = command.until ? `, until ${command.until}` : '';
      return `${what}: held by ${by}${until}: ${escaped(command.reason)}`;
    }
    case 'release':
      return `${what}: released by ${by}.`;
    case 'expedite':
      return `${what}: an emergency by ${by}: ${escaped(command.reason)}. Merged, it reaches the fleet at once.`;
  }
}

function failureText({ failures }: Outcome): string {
  const lines = failures.map(({ title, message }) => `- ${escaped(title)}: ${escaped(message)}`);
  return `That did not work:\n\n${lines.join('\n')}`;
}
