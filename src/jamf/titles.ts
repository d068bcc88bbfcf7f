import { z } from 'zod';
import { type PackageId, packageId } from '../lifecycle/package.ts';
import { type Version, version } from '../lifecycle/version.ts';
import { readJson } from './answer.ts';
import { calls } from './calls.ts';
import { type Connection, json } from './connection.ts';
import { JamfError } from './error.ts';
import { flag, id, text } from './field.ts';
import { Kept } from './kept.ts';
import { lookUntil } from './retry.ts';

/** A patch software title configuration. */
export interface PatchTitle {
  readonly id: string;
  /** Its display name: "Google Chrome". */
  readonly name: string;
  readonly links: readonly { readonly version: Version; readonly packageId: PackageId }[];
  /** Whether its patch source is turned on; absent where Jamf doesn't say. */
  readonly sourceEnabled?: boolean;
  /**
   * Extension attributes that nobody has accepted: until then Jamf counts no Macs for the title.
   */
  readonly unaccepted: readonly string[];
}

/** A link as Jamf has it: kept word for word, since all of them are sent back with each new one. */
const link = z.object({ packageId: id, version: z.string() });
type Link = z.infer<typeof link>;

/** Schema `PatchSoftwareTitleConfiguration`, as far as it is needed. */
const configuration = z.object({
  id,
  displayName: text,
  patchSourceEnabled: flag,
  packages: z
    .array(link)
    .nullish()
    .transform((links) => links ?? []),
  extensionAttributes: z
    .array(z.object({ eaId: text, accepted: flag }))
    .nullish()
    .transform((attributes) => attributes ?? []),
});
type Configuration = z.infer<typeof configuration>;

/** A bare array by the schema; a wrapper has been seen in examples. */
const configurations = z.union([
  z.array(configuration),
  z.object({ results: z.array(configuration) }).transform(({ results }) => results),
]);

/**
 * The two versions of the API that differ in nothing but their address here; v3 came with 11.30.
 */
const generations = {
  v3: {
    list: calls.titles,
    one: calls.title,
    change: calls.changeTitle,
    definitions: calls.definitions,
  },
  v2: {
    list: calls.titlesBefore,
    one: calls.titleBefore,
    change: calls.changeTitleBefore,
    definitions: calls.definitionsBefore,
  },
} as const;

/** Links are sent whole, so they are made from a list not older than this, in milliseconds. */
const fresh = 120_000;

/** RFC 7396 is what the schema asks for; plain JSON is what servers have been seen to want. */
const mergePatch = 'application/merge-patch+json';

/** The fleet's patch titles, read in one call and kept. */
export class Titles {
  readonly #connection: Connection;
  readonly #all: Kept<Map<string, Configuration>>;
  #generation: keyof typeof generations = 'v3';
  #patchType = mergePatch;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#all = new Kept(() => this.#read());
  }

  async all(): Promise<readonly PatchTitle[]> {
    return [...(await this.#all.get()).values()].map(titleOf);
  }

  /** The call that reads a title's definitions on this server. */
  async definitionsCall() {
    await this.#all.get();
    return generations[this.#generation].definitions;
  }

  async nameOf(titleId: string): Promise<string> {
    return (await this.#all.get()).get(titleId)?.displayName ?? titleId;
  }

  /**
   * Ensures that a definition's package is this one. Jamf replaces a title's links as a whole, so
   * all the others go along; one writer per title.
   *
   * @throws JamfError when Jamf refuses it, or does not show it in the end.
   */
  async ensureLinked(
    titleId: string,
    definition: Version,
    wanted: PackageId,
  ): Promise<{ wrote: boolean }> {
    if (isLinked(this.#known(await this.#all.get(), titleId), definition, wanted))
      return { wrote: false };
    const before = this.#known(await this.#all.get(fresh), titleId);
    if (isLinked(before, definition, wanted)) return { wrote: false };

    const name = before.displayName ?? titleId;
    const tried = `link the package ${wanted} to "${name}" ${definition.text}`;
    const others = before.packages.filter((one) => one.version !== definition.text);
    const replaced = before.packages.find((one) => one.version === definition.text);
    if (replaced)
      this.#connection.log(
        `Jamf Pro: "${name}" ${definition.text} had the package ${replaced.packageId}; it gets ${wanted}`,
      );
    const packages = [...others, { packageId: wanted, version: definition.text }];
    await this.#replaceLinks(titleId, tried, packages, (seen) =>
      isLinked(seen, definition, wanted),
    );
    return { wrote: true };
  }

  /** Ensures that no definition of a title has this package; all other links stay. */
  async ensureUnlinked(titleId: string, unwanted: PackageId): Promise<{ wrote: boolean }> {
    const isFree = (seen: Configuration) =>
      seen.packages.every(({ packageId: its }) => its !== unwanted);
    const before = this.#known(await this.#all.get(fresh), titleId);
    if (isFree(before)) return { wrote: false };
    const packages = before.packages.filter(({ packageId: its }) => its !== unwanted);
    const tried = `unlink the package ${unwanted} from "${before.displayName ?? titleId}"`;
    await this.#replaceLinks(titleId, tried, packages, isFree);
    return { wrote: true };
  }

  /** Replaces a title's links, and looks until Jamf shows them as wanted. */
  async #replaceLinks(
    titleId: string,
    tried: string,
    packages: readonly Link[],
    isWanted: (seen: Configuration) => boolean,
  ): Promise<void> {
    let after = await this.#change(titleId, tried, packages);
    if (!after || !isWanted(after)) {
      const look = () =>
        this.#connection.ask(generations[this.#generation].one, {
          tried,
          id: titleId,
          read: (answer) => readJson(answer, configuration),
        });
      const looked = await lookUntil(this.#connection.wait, look, isWanted);
      if (!looked.asWanted)
        throw new JamfError(tried, {
          answer: 'Jamf Pro took the change, but does not show it',
          remedy: `Look at the definitions of the patch title ${titleId} in Jamf Pro, and run it again.`,
        });
      after = looked.seen;
    }
    (await this.#all.get()).set(titleId, after);
  }

  async #change(titleId: string, tried: string, packages: readonly Link[]) {
    const send = () =>
      this.#connection.ask(generations[this.#generation].change, {
        tried,
        id: titleId,
        body: json({ packages }, this.#patchType),
        // Where nothing is answered, the link is looked for.
        read: (answer) => (answer.text.trim() ? readJson(answer, configuration) : undefined),
      });
    try {
      return await send();
    } catch (error) {
      const isUnknownType = error instanceof JamfError && error.status === 415;
      if (!isUnknownType || this.#patchType !== mergePatch) throw error;
      this.#patchType = 'application/json';
      return send();
    }
  }

  async #read(): Promise<Map<string, Configuration>> {
    const list = () =>
      this.#connection.ask(generations[this.#generation].list, {
        tried: 'read the patch titles',
        read: (answer) => readJson(answer, configurations),
      });
    let all: Configuration[];
    try {
      all = await list();
    } catch (error) {
      const isOld = error instanceof JamfError && error.status === 404;
      if (!isOld || this.#generation === 'v2') throw error;
      this.#generation = 'v2';
      all = await list();
    }
    return new Map(all.map((one) => [one.id, one]));
  }

  #known(all: ReadonlyMap<string, Configuration>, titleId: string): Configuration {
    const found = all.get(titleId);
    if (found) return found;
    throw new JamfError(`find the patch title ${titleId}`, {
      answer: 'it is not among the patch titles',
      remedy: 'Somebody has removed it: look under Computers > Patch Management.',
    });
  }
}

function isLinked(title: Configuration, definition: Version, wanted: PackageId): boolean {
  return title.packages.some((one) => one.version === definition.text && one.packageId === wanted);
}

function titleOf(title: Configuration): PatchTitle {
  return {
    id: title.id,
    name: title.displayName ?? title.id,
    links: title.packages.flatMap(linkOf),
    ...(title.patchSourceEnabled !== undefined && { sourceEnabled: title.patchSourceEnabled }),
    unaccepted: title.extensionAttributes
      .filter(({ accepted }) => accepted === false)
      .map(({ eaId }) => eaId ?? 'without a name'),
  };
}

/** A link that can't be spoken of is not shown, but goes along unchanged with every change. */
function linkOf(of: Link): PatchTitle['links'] {
  try {
    return [{ version: version(of.version), packageId: packageId(of.packageId) }];
  } catch {
    return [];
  }
}
