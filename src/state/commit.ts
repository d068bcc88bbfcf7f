import type { Change } from '../lifecycle/changes.ts';
import type { Slug, TitleState } from '../lifecycle/title.ts';
import { oneLine } from '../text/one-line.ts';
import { type Problem, problemText } from '../yaml/checked.ts';
import { editState, sameFacts } from './edit.ts';
import { parseState, type StateSource, statePath } from './read.ts';

/** A change to one title's state, and how the commit speaks of it. */
export interface TitleChange {
  readonly slug: Slug;
  /** For people: "Google Chrome". */
  readonly name: string;
  readonly change: Change;
  /** What happened, for the log: "127.0 is in test". */
  readonly what: string;
}

/** A repository that takes commits: only on top of what the committer has seen, never by force. */
export interface StateTarget<Sha extends string = string> extends StateSource {
  head(): Promise<Sha | undefined>;
  commit(wanted: {
    branch: string;
    parent: Sha;
    files: ReadonlyMap<string, string | null>;
    message: string;
  }): Promise<{ sha: Sha } | 'moved'>;
}

/** What became of the changes. */
export interface Committed<Sha extends string = string> {
  /** The commit; absent when nothing differed. */
  readonly sha?: Sha;
  /** The state of each changed title as it now stands on main. */
  readonly states: ReadonlyMap<Slug, TitleState>;
  /** State files that could not be read on main: their titles were not changed. */
  readonly problems: readonly Problem[];
}

/** How often main may move under us before we give up; each time somebody else got a commit in. */
const attempts = 20;

/**
 * Commits the changes of a run, all at once, on main's newest commit. Each change is made anew on the
 * state as main has it, so a hold that a person placed meanwhile stays; when main moves while we
 * commit, it is all done again.
 *
 * @param stage the first word of the commit's subject: which stage speaks.
 * @param trailers lines for the end of the message: who asked, which run.
 * @throws Error when main moves without end, or has no commit.
 */
export async function commitChanges<Sha extends string>(
  target: StateTarget<Sha>,
  stage: string,
  changes: readonly TitleChange[],
  trailers: readonly string[] = [],
): Promise<Committed<Sha>> {
  if (changes.length === 0) return { states: new Map(), problems: [] };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const parent = await target.head();
    if (!parent) throw new Error(`the branch ${target.base} does not exist, or has no commit yet`);
    const files = new Map<string, string>();
    const states = new Map<Slug, TitleState>();
    const problems: Problem[] = [];
    const done: TitleChange[] = [];
    for (const [slug, ofTitle] of byTitle(changes)) {
      const before = await target.readFile(statePath(slug), parent);
      const read = parseState(before, slug);
      if (!read.ok) {
        problems.push(...read.problems);
        continue;
      }
      const after = ofTitle.reduce((state, { change }) => change(state), read.state);
      const [first] = ofTitle;
      states.set(slug, after);
      if (sameFacts(read.state, after)) continue;
      files.set(statePath(slug), editState(read.document, first?.name ?? slug, read.state, after));
      done.push(...ofTitle);
    }
    if (files.size === 0) return { states, problems };
    const committed = await target.commit({
      branch: target.base,
      parent,
      files,
      message: commitMessage(stage, done, trailers),
    });
    if (committed !== 'moved') return { sha: committed.sha, states, problems };
  }
  throw new Error(
    `${target.base} moved ${attempts} times while the ${stage} stage committed: run the stage again`,
  );
}

/** "test: Google Chrome: 127.0 is in test", or a count of titles with a line each. */
export function commitMessage(
  stage: string,
  changes: readonly TitleChange[],
  trailers: readonly string[],
): string {
  const lines = changes.map(({ name, what }) => oneLine(`${name}: ${what}`));
  const titles = new Set(changes.map(({ slug }) => slug)).size;
  const [only] = lines;
  const subject =
    lines.length === 1 && only
      ? `${stage}: ${only}`
      : `${stage}: ${titles} ${titles === 1 ? 'title' : 'titles'}`;
  const body = lines.length > 1 ? `\n\n${lines.map((line) => `- ${line}`).join('\n')}` : '';
  const foot = trailers.length > 0 ? `\n\n${trailers.map((line) => oneLine(line)).join('\n')}` : '';
  return `${subject}${body}${foot}`;
}

/** Thrown by stages that can do nothing without the state of the one title they were asked for. */
export class StateError extends Error {
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join('\n'));
    this.name = 'StateError';
  }
}

function byTitle(changes: readonly TitleChange[]): Map<Slug, TitleChange[]> {
  const grouped = new Map<Slug, TitleChange[]>();
  for (const change of changes)
    grouped.set(change.slug, [...(grouped.get(change.slug) ?? []), change]);
  return grouped;
}
