import type { Title } from '../lifecycle/title.ts';
import type { Problem } from '../yaml/checked.ts';

/** A title as rows and failures name it. */
export interface Named {
  readonly slug: string;
  readonly name: string;
}

/** What a stage did with a title. */
export interface Row {
  readonly slug: string;
  /** The title's name for people. */
  readonly title: string;
  readonly version?: string;
  /** `would`: a dry run; `waits`: there is something to do, but not now. */
  readonly did: 'done' | 'would' | 'waits' | 'nothing' | 'warned' | 'failed';
  /** What was done, or why not. */
  readonly text: string;
  readonly link?: string;
}

/** A title that could not be moved, and all that is known of it. */
export interface Failure {
  readonly slug: string;
  readonly title: string;
  /** What was tried, what was answered, what to do next. */
  readonly message: string;
  /** The file to point at, relative to the repository. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What a stage did in all. A stage fails when any title did, and goes on with the others. */
export class Outcome {
  readonly stage: string;
  readonly dryRun: boolean;
  readonly rows: Row[] = [];
  readonly failures: Failure[] = [];
  /** Messages that could not be sent, in words. */
  readonly untold: string[] = [];

  constructor(stage: string, dryRun: boolean) {
    this.stage = stage;
    this.dryRun = dryRun;
  }

  add(title: Named, did: Row['did'], text: string, version?: string, link?: string): void {
    this.rows.push({
      slug: title.slug,
      title: title.name,
      did,
      text,
      ...(version !== undefined && { version }),
      ...(link !== undefined && { link }),
    });
  }

  /** Records what was done, or in a dry run what would have been. */
  did(title: Named, text: string, version?: string, link?: string): void {
    this.add(title, this.dryRun ? 'would' : 'done', text, version, link);
  }

  fail(title: Named, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.failures.push({
      slug: title.slug,
      title: title.name,
      message,
      file: `recipes/titles/${title.slug}.yaml`,
    });
    this.rows.push({ slug: title.slug, title: title.name, did: 'failed', text: message });
  }

  /** Records what went wrong for the whole run, not for one title. */
  failRun(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.failures.push({ slug: 'patchbot', title: 'PatchBot', message });
    this.rows.push({ slug: 'patchbot', title: 'PatchBot', did: 'failed', text: message });
  }

  /** Files that can't be read stop their titles, each told once. */
  problems(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const slug = problem.title ?? problem.file;
      this.failures.push({ ...problem, slug, title: slug });
      this.rows.push({ slug, title: slug, did: 'failed', text: problem.message });
    }
  }

  /** Takes over what another stage did on behalf of this one. */
  take(other: Outcome): void {
    this.rows.push(...other.rows);
    this.failures.push(...other.failures);
    this.untold.push(...other.untold);
  }

  /** Sorts what is told into the order of the titles, whatever the order in which it came about. */
  inOrderOf(titles: readonly Pick<Title, 'slug'>[]): void {
    const slugs = titles.map(({ slug }) => slug as string);
    const byTitle = (a: { slug: string }, b: { slug: string }) =>
      slugs.indexOf(a.slug) - slugs.indexOf(b.slug);
    this.rows.sort(byTitle);
    this.failures.sort(byTitle);
  }

  get failed(): boolean {
    return this.failures.length > 0;
  }

  /** The same under another heading. */
  named(stage: string): Outcome {
    return this.like(stage, this.rows);
  }

  /** The same less the titles with which that was the case. */
  without(did: Row['did']): Outcome {
    return this.like(
      this.stage,
      this.rows.filter((row) => row.did !== did),
    );
  }

  private like(stage: string, rows: readonly Row[]): Outcome {
    const other = new Outcome(stage, this.dryRun);
    other.rows.push(...rows);
    other.failures.push(...this.failures);
    return other;
  }

  /** Whether there is nothing to tell anybody. */
  get isQuiet(): boolean {
    return this.rows.every(({ did }) => did === 'nothing' || did === 'waits');
  }

  /** The slugs of the titles that failed. */
  get failedTitles(): readonly string[] {
    return [...new Set(this.failures.map(({ slug }) => slug))];
  }

  /** The slugs of the titles that this stage has moved (or in a dry run would have). */
  get movedTitles(): readonly string[] {
    const moved = this.rows.filter(({ did }) => did === 'done' || did === 'would');
    return [...new Set(moved.map(({ slug }) => slug))];
  }
}

/** Does something for one title: what goes wrong is that title's failure, and the others go on. */
export async function attempt(
  outcome: Outcome,
  title: Named,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    outcome.fail(title, error);
  }
}

/**
 * Asks something for each title, all at once (Jamf's own limit of connections is kept by its client):
 * what goes wrong is that title's failure. @returns the answers, in the order of the titles.
 */
export async function askForEach<Item extends { readonly title: Title }, Answer>(
  outcome: Outcome,
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const asked = await Promise.allSettled(items.map(ask));
  return asked.flatMap((settled, index) => {
    if (settled.status === 'fulfilled') return [settled.value];
    const item = items[index];
    if (item) outcome.fail(item.title, settled.reason);
    return [];
  });
}
