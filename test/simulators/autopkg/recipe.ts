import { createHash } from 'node:crypto';

/** In which way a recipe's runs fail; named after the project's recordings of real AutoPkg. */
export type Failing =
  /** The download's server answers 404. */
  | 'not-found'
  | 'server-error'
  | 'connection-refused'
  | 'missing-trust'
  | 'changed-trust'
  | 'recipe-not-found'
  | 'missing-parent'
  | 'signature-mismatch'
  | 'processor-error'
  | 'unknown-processor'
  | 'minimum-version'
  | 'disk-full'
  /** AutoPkg itself falls over. */
  | 'crash'
  /** The run never ends. */
  | 'hang';

/** A recipe, and what its vendor offers. */
export interface Recipe {
  /** Absent while there is nothing to download. */
  readonly version?: string;
  readonly url?: string;
  /** The code signing requirement that the recipe checks. */
  readonly requirement?: string;
  /** How long each step takes. */
  readonly milliseconds?: number;
  readonly failing?: Failing;
}

/** The download of a version: always the same bytes, which look random and are no valid package. */
export function contentOf(name: string, version: string): Buffer {
  const blocks = [Buffer.from('xar!')];
  for (let index = 0; index < 640; index += 1)
    blocks.push(createHash('sha256').update(`${name} ${version} ${index}`).digest());
  return Buffer.concat(blocks);
}
