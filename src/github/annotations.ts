import { error, notice, warning } from '@actions/core';
import { inertLine } from '../text/one-line.ts';
import { plain } from './markdown.ts';

/** One thing to say about a run, shown on its page and, with a file, in the pull request. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** The title's name: a run has one annotation per failing title. */
  readonly title: string;
  readonly message: string;
  /** Within the repository. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

const say = { error, warning, notice };

/**
 * Annotates the run. @actions/core escapes what the runner would take for a command of its own. Actions
 * shows ten of each level a step; all are in the step's log. At a terminal it is a line on stderr.
 */
export function annotate({ level, title, message, file, line, column }: Annotation): void {
  if (process.env.GITHUB_ACTIONS !== 'true') {
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    const text = message
      .trim()
      .split('\n')
      .map((line) => inertLine(line))
      .join('\n  ');
    process.stderr.write(`${level}: ${where ? `${where}: ` : ''}${plain(title)}: ${text}\n`);
    return;
  }
  say[level](message, {
    title: plain(title),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  });
}
