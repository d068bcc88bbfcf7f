import { ClassicRefusal } from './errors.ts';
import type { JamfWorld } from './world.ts';
import { all, type Tree, text, tree } from './xml.ts';

/** The lists of a patch policy's scope, and what an entry of each is called. */
const LISTS = {
  computers: 'computer',
  computer_groups: 'computer_group',
  buildings: 'building',
  departments: 'department',
} as const;

const PLACES = { network_segments: 'network_segment', ibeacons: 'ibeacon' } as const;

/** A scope as it is kept, however it was sent: what is left out of it is empty, the rest ignored. */
export function scopeIn(world: JamfWorld, sent: Tree): Tree {
  return {
    all_computers: text(sent['all_computers']) === 'true',
    ...lists(world, sent, LISTS),
    limitations: lists(world, tree(sent['limitations']), PLACES),
    exclusions: lists(world, tree(sent['exclusions']), { ...LISTS, ...PLACES }),
  };
}

function lists(world: JamfWorld, sent: Tree, known: Readonly<Record<string, string>>): Tree {
  const kept = Object.entries(known).map(([list, entry]) => {
    const entries = all(tree(sent[list])[entry]).map((one) => member(world, entry, one));
    return [list, entries.length === 0 ? '' : { [entry]: entries }] as const;
  });
  return Object.fromEntries(kept);
}

/** A group may be sent by its name alone. */
function member(world: JamfWorld, entry: string, sent: Tree): Tree {
  const { id: _, ...others } = sent;
  const id = text(sent['id']);
  if (id !== undefined) return { id: Number(id), ...others };
  const name = text(sent['name']) ?? '';
  if (entry !== 'computer_group') return { name };
  const group = [...world.groups.values()].find((known) => known.name === name);
  if (!group) throw new ClassicRefusal(409, `Problem with computer group in scope: ${name}`);
  return { id: Number(group.id), name };
}

/** Whether nobody is in it: all lists empty, and not all computers. */
export const isForNobody = (scope: Tree): boolean =>
  text(scope['all_computers']) !== 'true' &&
  Object.keys(LISTS).every((list) => Object.keys(tree(scope[list])).length === 0);
