import { type Document, nameIn, type Schema } from './published.ts';

/** A request may not send what only the server writes, an answer not what only a client does. */
export type Direction = 'request' | 'answer';

/**
 * A schema of OpenAPI 3.0 as one of JSON Schema 2019-09 in which nothing is allowed that is not
 * said: OpenAPI lets any field pass that a schema does not know, which hides every slip of the pen.
 */
export function closed(document: Document, schema: Schema, direction: Direction): object {
  return new Conversion(document, direction).whole(schema);
}

class Conversion {
  readonly #document: Document;
  readonly #hidden: 'readOnly' | 'writeOnly';
  readonly #definitions: Record<string, unknown> = {};

  constructor(document: Document, direction: Direction) {
    this.#document = document;
    this.#hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
  }

  whole(schema: Schema): object {
    return { ...this.#schema(schema, true), $defs: this.#definitions };
  }

  /** `closes`: whether fields are refused that are not known; a part of an `allOf` can not say. */
  #schema(schema: Schema, closes: boolean): Record<string, unknown> {
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], closes);
    const result: Record<string, unknown> = {};
    for (const keyword of KEPT) if (keyword in schema) result[keyword] = schema[keyword];
    if (schema['nullable'] === true && Array.isArray(schema['enum']))
      result['enum'] = [...schema['enum'], null];
    if (typeof schema['nullable'] === 'boolean' && 'type' in schema)
      result['nullable'] = schema['nullable'];
    if (isSchema(schema['items'])) result['items'] = this.#schema(schema['items'], true);
    if (isSchema(schema['properties'])) this.#properties(schema, schema['properties'], result);
    const { additionalProperties: others } = schema;
    if (isSchema(others)) result['additionalProperties'] = this.#schema(others, true);
    for (const combination of ['allOf', 'oneOf', 'anyOf'])
      if (Array.isArray(schema[combination]))
        result[combination] = schema[combination].map((part: Schema) =>
          this.#schema(part, closes && combination !== 'allOf'),
        );
    const hasFields = 'properties' in schema || 'allOf' in schema;
    if (closes && hasFields && others === undefined) result['unevaluatedProperties'] = false;
    return result;
  }

  #properties(schema: Schema, properties: Schema, result: Record<string, unknown>): void {
    const visible = Object.entries(properties).filter(
      ([, property]) => isSchema(property) && property[this.#hidden] !== true,
    );
    result['properties'] = Object.fromEntries(
      visible.map(([name, property]) => [name, this.#schema(property as Schema, true)]),
    );
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    result['required'] = required.filter((name) => visible.some(([known]) => known === name));
  }

  #reference(ref: string, closes: boolean): Record<string, unknown> {
    const name = nameIn(ref);
    const own = closes ? name : `${name} as a part`;
    if (!(own in this.#definitions)) {
      // There before it is filled in: schemas refer to themselves.
      this.#definitions[own] = {};
      const named = this.#document.components.schemas[name];
      if (!named) throw new Error(`the schema has no ${ref}`);
      this.#definitions[own] = this.#schema(named, closes);
    }
    return { $ref: `#/$defs/${encodeURIComponent(own)}` };
  }
}

/** Keywords that mean the same in both. */
const KEPT = [
  'type',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
];

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
