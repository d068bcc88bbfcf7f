import type { Change } from '../lifecycle/changes.ts';
import type { Title } from '../lifecycle/title.ts';
import { StateError } from './commit.ts';
import { editState } from './edit.ts';
import { parseState } from './read.ts';

/**
 * The text of a title's state file after a change; absent is the text of a title that has none yet.
 *
 * @throws StateError when the text does not parse: nothing is changed then.
 */
export function changedText(
  { slug, name }: Pick<Title, 'slug' | 'name'>,
  change: Change,
  text: string | undefined,
): string {
  const read = parseState(text, slug);
  if (!read.ok) throw new StateError(read.problems);
  return editState(read.document, name, read.state, change(read.state));
}
