/** The longest message that goes into an annotation, a commit or a card. */
export const longestMessage = 400;

/** Escape sequences of terminals: colours (CSI) and titles or links (OSC). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
const terminal = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-_])/g;

/** Control characters, and format characters that hide text or turn its direction. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;

/**
 * One line of plain text out of whatever AutoPkg, a recipe or a server said: without terminal
 * escapes, control characters and line breaks, without the user name and password of an address, and
 * not longer than `longest` characters. Safe to show; still text, so a page or a card escapes it as ever.
 */
export function plainLine(text: string, longest: number = longestMessage): string {
  const line = text
    .replace(terminal, '')
    .replace(/[\r\n\t\v\f]+/g, ' ')
    .replace(invisible, '')
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}

/**
 * A line of AutoPkg's output for the log. GitHub's runner takes "::set-output…" at the start of a line,
 * and "##[…]" anywhere, for commands: what a recipe prints must never become one.
 */
export function logLine(text: string): string {
  return `autopkg: ${plainLine(text, 2000).replaceAll('##[', '## [')}`;
}
