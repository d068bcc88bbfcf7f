import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of Jamf's published schemas. They are not ours to redistribute, so they lie beside the
 * repository, in ../shared/reference/jamf, or where PATCHBOT_REFERENCE says.
 */
export const folder = join(
  process.env['PATCHBOT_REFERENCE'] ??
    join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'reference'),
  'jamf',
);

const PRO = 'jamf-pro-openapi.json';
const CLASSIC = 'classic-openapi.json';

/** Why nothing can be checked against the schemas; `undefined` when they are there. */
export const missing: string | undefined = [PRO, CLASSIC].every((file) =>
  existsSync(join(folder, file)),
)
  ? undefined
  : `Jamf's schemas are not in ${folder}: set PATCHBOT_REFERENCE to where they are`;

/** A schema object as OpenAPI 3.0 has it. */
export type Schema = { readonly [keyword: string]: unknown };

export interface Content {
  readonly [type: string]: { readonly schema?: Schema };
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content?: Content; readonly required?: boolean };
  readonly responses: { readonly [status: string]: { readonly content?: Content } };
  readonly deprecated?: boolean;
  readonly 'x-required-privileges'?: readonly string[];
}

export interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: {
    readonly schemas: { readonly [name: string]: Schema };
    readonly parameters?: { readonly [name: string]: Parameter };
  };
}

/** What Jamf says of a call, and where it says so. */
export interface Published {
  readonly operation: Operation;
  readonly document: Document;
  readonly api: 'pro' | 'classic';
  /** Of the same path; the classic API's schema has the bodies of a PUT only at its GET. */
  readonly get: Operation | undefined;
}

/** Read once a process, and not before somebody asks. */
const read = new Map<string, { document: Document; byPath: Map<string, string> }>();

function published(file: string) {
  const before = read.get(file);
  if (before) return before;
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Document;
  const byPath = new Map(Object.keys(document.paths).map((path) => [nameless(path), path]));
  const both = { document, byPath };
  read.set(file, both);
  return both;
}

/** Parameters are called otherwise here and there. */
const nameless = (path: string): string => path.replace(/\{[^}]*\}/g, '{}');

/**
 * Finds a call in the published schemas; `template` is its path with `{id}` and the like, as a
 * client asks for it: `/api/v1/packages/{id}`, `/JSSResource/policies/id/{id}`.
 */
export function find(method: string, template: string): Published | undefined {
  const api = template.startsWith('/JSSResource') ? 'classic' : 'pro';
  const { document, byPath } = published(api === 'classic' ? CLASSIC : PRO);
  // The classic schema is the gateway's, which has the tenant in the path.
  const path =
    api === 'classic'
      ? template.replace('/JSSResource', '/tenant/{tenantId}')
      : template.replace(/^\/api/, '');
  const item = document.paths[byPath.get(nameless(path)) ?? ''];
  const operation = item?.[method.toLowerCase()];
  return operation && { operation, document, api, get: item?.['get'] };
}

/** The last part of a `$ref`. */
export const nameIn = (ref: string): string => ref.split('/').at(-1) ?? '';

export function parametersOf({ operation, document }: Published): readonly Parameter[] {
  return (operation.parameters ?? []).map((parameter) => {
    if (!('$ref' in parameter)) return parameter;
    const named = document.components.parameters?.[nameIn(parameter.$ref)];
    if (!named) throw new Error(`the schema has no parameter ${parameter.$ref}`);
    return named;
  });
}
