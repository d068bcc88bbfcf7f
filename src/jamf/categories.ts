import { z } from 'zod';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { JamfError } from './error.ts';
import { id } from './field.ts';
import { Kept } from './kept.ts';
import { allPages } from './paging.ts';

const category = z.object({ id, name: z.string() });

/** The categories, read in one call and kept. */
export class Categories {
  readonly #all: Kept<readonly z.infer<typeof category>[]>;

  constructor(connection: Connection) {
    this.#all = new Kept(() =>
      allPages(connection, calls.categories, category, { tried: 'read the categories' }),
    );
  }

  async names(): Promise<readonly string[]> {
    return (await this.#all.get()).map(({ name }) => name);
  }

  /** @throws JamfError when there is none of that name: PatchBot creates none. */
  async idOf(name: string): Promise<string> {
    const found = (await this.#all.get()).find((one) => one.name === name);
    if (found) return found.id;
    throw new JamfError(`find the category "${name}"`, {
      answer: 'there is none of that name',
      remedy:
        'Create it under Settings > Categories, or name another one as "category:" in the title\'s file or in recipes/patchbot.yaml.',
    });
  }
}
