import { durationText } from '../text/duration.ts';
import { type Expected, timeLeft } from './schedule.ts';

/** Where the progress of many runs is shown. */
export interface ProgressLog {
  /** One line, at once. */
  readonly line: (text: string) => void;
  /** The whole output of one run, folded under a heading where that is possible. */
  readonly fold: (heading: string, lines: readonly string[]) => void;
}

/** How often the runs that go on are told, in milliseconds, when nothing else is. */
const tellEvery = 60_000;

/**
 * Tells how far many runs are: a line when one starts and when one ends, with what still runs and how
 * long it will take, and the output of each in one piece when it is over. Lines of several runs
 * at once would be no use to anybody.
 */
export class Progress {
  readonly #log: ProgressLog;
  readonly #atOnce: number;
  readonly #runs: Map<string, { readonly seconds?: number; started?: number; step?: string }>;
  readonly #all: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds how long each title's run took the last time; undefined when that is unknown. */
  constructor(seconds: ReadonlyMap<string, number | undefined>, atOnce: number, log: ProgressLog) {
    this.#log = log;
    this.#atOnce = atOnce;
    this.#all = seconds.size;
    this.#runs = new Map(
      [...seconds].map(([title, known]) => [
        title,
        { ...(known !== undefined && { seconds: known }) },
      ]),
    );
  }

  /** A title's run starts. @returns what takes its output, and what is told when it is over. */
  starts(title: string): { line(text: string): void; ends(how: string): void } {
    const run = this.#runs.get(title) ?? {};
    this.#runs.set(title, run);
    const started = Date.now();
    run.started = started;
    this.#log.line(
      `${title}: starts${run.seconds === undefined ? '' : ` (${durationText(run.seconds)} the last time)`}`,
    );
    this.#timer ??= setInterval(() => this.#log.line(this.#whatRuns()), tellEvery);
    const lines: string[] = [];
    return {
      line(text) {
        lines.push(text);
        // AutoPkg says the name of each processor as it begins.
        const step = /^autopkg: ([A-Za-z][\w./-]*)$/.exec(text)?.[1];
        if (step) run.step = step;
      },
      ends: (how) => {
        this.#runs.delete(title);
        const heading = `${title}: ${how} (${durationText((Date.now() - started) / 1000)})`;
        this.#log.fold(heading, lines);
        this.#log.line(`${heading}; ${this.#whatRuns()}`);
        if (this.#runs.size > 0) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      },
    };
  }

  #whatRuns(): string {
    const now = Date.now();
    const running: string[] = [];
    const expected: Expected[] = [];
    for (const [title, { seconds, started, step }] of this.#runs) {
      const elapsed = started === undefined ? undefined : (now - started) / 1000;
      expected.push({
        ...(seconds !== undefined && { seconds }),
        ...(elapsed !== undefined && { elapsed }),
      });
      if (elapsed !== undefined)
        running.push(`${title} (${durationText(elapsed)}${step ? `, in ${step}` : ''})`);
    }
    const left = timeLeft(expected, this.#atOnce);
    return [
      `${this.#all - this.#runs.size} of ${this.#all} done`,
      running.length > 0 ? `running: ${running.join(', ')}` : '',
      left !== undefined && this.#runs.size > 0 ? `about ${durationText(left)} left` : '',
    ]
      .filter(Boolean)
      .join('; ');
  }
}
