import { pinText } from '../lifecycle/pin.ts';
import { ringsText } from '../lifecycle/rings.ts';
import type { Title } from '../lifecycle/title.ts';
import { windowsText } from '../lifecycle/window.ts';

/**
 * What is said of a title, a line a key, in the words of its file: to show two versions of it side by
 * side. A key without words of its own is shown as its value, so that none is left out.
 *
 * @param timeZone in which its windows are meant.
 */
export function inWords(title: Title, timeZone: string): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const [key, value] of Object.entries(title) as [keyof Title, unknown][])
    if (key !== 'slug' && value !== undefined)
      said.set(yamlKey(key, title), ownWords(key, title, timeZone) ?? valueText(value));
  return said;
}

function ownWords(key: keyof Title, title: Title, timeZone: string): string | undefined {
  if (key === 'rings') return ringsText(title.rings);
  if (key === 'pin' && title.pin) return pinText(title.pin);
  if (key === 'windows') return windowsText(title.windows, timeZone);
  if (key === 'freezes')
    return (
      title.freezes.map(({ from, to, reason }) => `${from} to ${to}: ${reason}`).join('; ') ||
      'none'
    );
  return undefined;
}

function valueText(value: unknown): string {
  if (value instanceof RegExp) return value.source;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** As people write it: "definition-version", and "soak" where there is one ring. */
function yamlKey(key: string, { rings }: Title): string {
  if (key === 'rings' && rings.length === 1) return 'soak';
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What the second says otherwise than the first: "soak: 7 days, now 3 days". */
export function otherWords(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) => `${key}: ${before.get(key) ?? 'not said'}, now ${after.get(key) ?? 'not said'}`);
}
