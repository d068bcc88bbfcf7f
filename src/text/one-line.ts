/** Escape sequences of terminals: colours (CSI) and titles or links (OSC). */
const terminal =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|\u001B[@-_]/g;

/**
 * Foreign text (names, versions, messages of others) on one line: without line breaks, control
 * characters, escape sequences of terminals, and the invisible characters that hide text or turn its
 * direction, which could make a version read as another one. It is still text: whoever shows it where
 * there is markup escapes it as ever.
 *
 * @param longest in characters; a longer text ends with "…".
 */
export function oneLine(text: string, longest = Number.POSITIVE_INFINITY): string {
  const line = text
    .replace(terminal, '')
    .replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(line, longest);
}

/** The text, of at most so many characters: a longer one ends with "…". */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const letters = [...text];
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join('')}…`;
}

/**
 * A line for a log that a runner reads: never a command to it, which "::name::" is at the start of a
 * line, and "##[name]" anywhere in it
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs). Spaces keep them
 * apart, for the runner compares text as people do, and does not see what is invisible.
 */
export function inertLine(text: string, longest?: number): string {
  return oneLine(text, longest).replace(/^::/, ': :').replaceAll('##[', '# #[');
}
