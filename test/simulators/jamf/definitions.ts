import type { Simulation } from './simulation.ts';
import type { Definition, Title } from './world.ts';

/** A definition; what is left out is as usual. */
export type SeedDefinition = Pick<Definition, 'version' | 'releaseDate'> &
  Partial<Definition> & {
    /** The instant from which on the patch source has it, when that is not yet. */
    readonly from?: string;
  };

/** The patch source has a definition, or will have. */
export function define(title: Title, { from, ...seed }: SeedDefinition): void {
  const definition: Definition = {
    minimumOperatingSystem: '12.0',
    rebootRequired: false,
    standalone: true,
    killApps: [
      {
        appName: `${title.displayName}.app`,
        bundleId: `com.example.${title.nameId.toLowerCase()}`,
      },
    ],
    ...seed,
  };
  if (from === undefined) place(title, definition);
  else title.coming.push({ from: new Date(from).toISOString(), definition });
}

/** Has what the patch source has by now. */
export function arrive({ world, now }: Simulation): void {
  for (const title of world.titles.values())
    for (const late of title.coming.filter(({ from }) => from <= now.toISOString())) {
      title.coming.splice(title.coming.indexOf(late), 1);
      place(title, late.definition);
    }
}

/** Puts it first, unless its release date says otherwise. */
function place(title: Title, definition: Definition): void {
  const older = title.definitions.findIndex(
    ({ releaseDate }) => releaseDate <= definition.releaseDate,
  );
  title.definitions.splice(older < 0 ? title.definitions.length : older, 0, definition);
}
