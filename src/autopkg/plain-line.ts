import { inertLine, oneLine } from '../text/one-line.ts';

/** The longest message that goes into an annotation, a commit or a card. */
export const longestMessage = 400;

/**
 * One line of plain text out of whatever AutoPkg, a recipe or a server said: without terminal
 * escapes, control characters and line breaks, without the user name and password of an address, and
 * not longer than `longest` characters. Safe to show; still text, so a page or a card escapes it as ever.
 */
export function plainLine(text: string, longest: number = longestMessage): string {
  return oneLine(text.replace(/(\w+:\/\/)[^\s/@]+@/g, '$1'), longest);
}

/** A line of AutoPkg's output for the log: what a recipe prints is never a command to the runner. */
export function logLine(text: string): string {
  return `autopkg: ${inertLine(plainLine(text, 2000))}`;
}
