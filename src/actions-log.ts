import { inertLine } from './text/one-line.ts';

/** A log that people read while it grows, and fold. */
export interface ActionsLog {
  /** A line that is no command to the runner, whatever it says. */
  line(text: string): void;
  /** Lines that belong together, under a heading that they can be folded into. */
  fold(heading: string, lines: readonly string[]): void;
  /** A line as it is, commands to the runner included. */
  asIs(text: string): void;
}

/**
 * The log of an Actions run. Its groups can't be nested, so one that comes while another is open (that of
 * an upload) waits until that is closed.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#grouping-log-lines
 */
export function actionsLog(write: (line: string) => void): ActionsLog {
  let open = false;
  const waiting: string[][] = [];
  const writeAll = (lines: readonly string[]) => {
    for (const line of lines) write(line);
  };
  return {
    line: (text) => write(inertLine(text)),
    fold(heading, lines) {
      const inert = lines.map((line) => inertLine(line));
      const group = [`::group::${inertLine(heading)}`, ...inert, '::endgroup::'];
      if (open) waiting.push(group);
      else writeAll(group);
    },
    asIs(text) {
      write(text);
      if (text.startsWith('::group::')) open = true;
      if (!text.startsWith('::endgroup::')) return;
      open = false;
      for (const group of waiting.splice(0)) writeAll(group);
    },
  };
}
