import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import { parseState } from '../../src/state/read.ts';
import { problemText } from '../../src/yaml/checked.ts';
import { built } from '../lifecycle/given.ts';

/** The title that the examples are about. */
export const firefox = slug('firefox');

/** The lines of a package in a state file, indented as a section's content. */
export function packageLines(text: string): string {
  const { file, size, digest, jamfId } = built(text);
  return [
    `  version: "${text}"`,
    `  file: ${file}`,
    `  size: ${size}`,
    `  sha3-512: ${digest}`,
    `  jamf-id: "${jamfId}"`,
    '',
  ].join('\n');
}

/** The facts in a state file's text. @throws Error with its problems. */
export function facts(text: string): TitleState {
  const read = parseState(text, firefox);
  if (!read.ok) throw new Error(read.problems.map(problemText).join('\n'));
  return read.state;
}
