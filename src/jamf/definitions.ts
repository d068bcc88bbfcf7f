import { z } from 'zod';
import { type Definition, newestEnd } from '../lifecycle/definition.ts';
import { version } from '../lifecycle/version.ts';
import type { Connection } from './connection.ts';
import { text } from './field.ts';
import { allPages } from './paging.ts';
import type { Titles } from './titles.ts';

/** Schema `PatchSoftwareTitleDefinition`; "-1" where the patch source has no date. */
const definition = z.object({ version: z.string(), releaseDate: text, absoluteOrderId: text });

/**
 * A title's definitions, the newest first as far as that is known: Jamf documents no end of
 * `absoluteOrderId` as the newest, so the release dates tell which it is.
 */
export async function definitionsOf(
  connection: Connection,
  titles: Titles,
  titleId: string,
): Promise<readonly Definition[]> {
  const name = await titles.nameOf(titleId);
  const all = await allPages(connection, await titles.definitionsCall(), definition, {
    tried: `read the patch definitions of "${name}"`,
    id: titleId,
  });
  const readable: Definition[] = [];
  for (const { version: spelled, releaseDate, absoluteOrderId } of all) {
    try {
      const order = Number(absoluteOrderId ?? Number.NaN);
      readable.push({
        version: version(spelled),
        ...(releaseDate && releaseDate !== '-1' && { releaseDate }),
        ...(Number.isFinite(order) && { absoluteOrderId: order }),
      });
    } catch (error) {
      connection.log(
        `Jamf Pro: left out a patch definition of "${name}" whose version can't be one: ${(error as Error).message}`,
      );
    }
  }
  return newestFirst(readable);
}

function newestFirst(definitions: readonly Definition[]): readonly Definition[] {
  const end = newestEnd(definitions);
  if (end === 'unknown') return definitions;
  const place = ({ absoluteOrderId = 0 }: Definition) => absoluteOrderId;
  return [...definitions].sort((a, b) =>
    end === 'highest' ? place(b) - place(a) : place(a) - place(b),
  );
}
