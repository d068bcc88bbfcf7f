import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder of Jamf's published schemas. They are not ours to redistribute, so they lie beside the
 * repository, in ../shared/reference/jamf, or where PATCHBOT_REFERENCE says.
 */
export const folder = join(
  process.env['PATCHBOT_REFERENCE'] ??
    join(import.meta.dirname, '..', '..', '..', 'shared', 'reference'),
  'jamf',
);

/** Why contract tests are skipped; `undefined` when the schemas are there. */
export const missing = existsSync(join(folder, 'jamf-pro-openapi.json'))
  ? undefined
  : `Jamf's schemas are not in ${folder}: set PATCHBOT_REFERENCE to where they are`;

/** What a published schema says of an operation, as far as tests ask. */
export interface Operation {
  readonly deprecated?: boolean;
  readonly 'x-required-privileges'?: readonly string[];
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

async function pathsIn(file: string): Promise<Paths> {
  const schema = JSON.parse(await readFile(join(folder, file), 'utf8')) as { paths: Paths };
  return schema.paths;
}

let reading: ReturnType<typeof readBoth> | undefined;

/** Finds operations in both schemas by method and path as a client would call them. */
export function published() {
  reading ??= readBoth();
  return reading;
}

async function readBoth() {
  const pro = await pathsIn('jamf-pro-openapi.json');
  const classic = await pathsIn('classic-openapi.json');
  return (method: string, path: string): Operation | undefined => {
    const entry = path.startsWith('/JSSResource')
      ? classic[path.replace('/JSSResource', '/tenant/{tenantId}')]
      : pro[path.replace(/^\/api/, '')];
    return entry?.[method.toLowerCase()];
  };
}
