import { parseDocument } from 'yaml';

/** Why everything is stopped, as the text of recipes/patchbot.yaml says; absent when it isn't. */
export function haltIn(text: string): string | undefined {
  const halt = parseDocument(text).get('halt');
  return halt === undefined || halt === null ? undefined : String(halt);
}

/**
 * The text of recipes/patchbot.yaml with everything stopped for a reason, or moving again: only that key
 * is touched, comments and all else stay.
 *
 * @throws Error when the text is no map of keys, and so no settings.
 */
export function withHalt(text: string, reason: string | undefined): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !document.has('time-zone'))
    throw new Error('recipes/patchbot.yaml can not be read: mend it first');
  if (document.get('halt') === reason) return text;
  if (reason === undefined) document.delete('halt');
  else document.set('halt', reason);
  return document.toString({ lineWidth: 0 });
}
