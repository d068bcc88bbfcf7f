import type { GitHub, PullChanges } from '../github/github.ts';
import { approvalOf } from '../lifecycle/approval.ts';
import { slug, type Title } from '../lifecycle/title.ts';
import { parseState, type ReadState, statePath } from '../state/read.ts';
import type { Merged } from './merged.ts';
import type { Outcome } from './outcome.ts';

/** A state file that a request changes, as it was where the two parted, and as it would be. */
export interface StateChange {
  readonly title: Title;
  readonly before: ReadState & { readonly ok: true };
  readonly after: ReadState & { readonly ok: true };
  /** The file as it would be. */
  readonly text: string;
}

/** Reads the state files that a request changes; those that don't parse fail the check. */
export async function stateChanges(
  github: GitHub,
  outcome: Outcome,
  changes: PullChanges,
  merged: Merged,
): Promise<readonly StateChange[]> {
  const found: StateChange[] = [];
  for (const path of changes.edited) {
    const name = /^state\/([a-z0-9-]+)\.yaml$/.exec(path)?.[1];
    if (name === undefined) continue;
    const title = [...(merged.after?.titles ?? []), ...(merged.before?.titles ?? [])].find(
      (one) => one.slug === name,
    );
    if (!title) {
      outcome.failures.push({
        slug: name,
        title: name,
        message: `there is no title ${name}: ${path} would be the state of nothing`,
        file: path,
      });
      continue;
    }
    const text = await github.readFile(path, changes.head);
    const before = parseState(await github.readFile(path, changes.mergeBase), slug(name));
    const after = parseState(text, slug(name));
    if (!after.ok) outcome.problems(after.problems);
    else if (!before.ok) {
      // The request mends it; what it approves can't be told from a file that doesn't parse.
      outcome.add(
        title,
        'warned',
        `${statePath(title.slug)} parses again: look at what it approves`,
      );
    } else if (text !== undefined) found.push({ title, before, after, text });
  }
  return found;
}

/** What a person changes in state/ must parse, and must not promote what was not tested. */
export async function checkStates(
  github: GitHub,
  outcome: Outcome,
  changes: PullChanges,
  merged: Merged,
): Promise<void> {
  for (const { title, before, after } of await stateChanges(github, outcome, changes, merged)) {
    const approval = approvalOf(title, before.state, after.state);
    switch (approval.approves) {
      case 'something else':
        failState(outcome, title, `${approval.reason}: PatchBot would not propose it`);
        break;
      case 'previous':
        outcome.add(title, 'nothing', 'merging this rolls it back', approval.version.text);
        break;
      case 'withdrawal':
        outcome.add(title, 'nothing', 'merging this ends its offer', approval.version.text);
        break;
      case 'tested':
      case 'emergency':
        failState(
          outcome,
          title,
          `merging this would promote ${approval.version.text} past its soak, its gate and its holds: PatchBot asks for it when it is ready; to hurry, comment /expedite on its request or start the workflow Emergency`,
        );
        break;
      default:
    }
  }
}

/** Fails the check at the title's state file. */
export function failState(outcome: Outcome, title: Title, message: string): void {
  const { slug, name } = title;
  outcome.failures.push({ slug, title: name, message, file: statePath(slug) });
  outcome.add(title, 'failed', message);
}
