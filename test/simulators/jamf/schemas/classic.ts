import { extraElements } from './beside.ts';
import { type Document, nameIn, type Schema } from './published.ts';

/**
 * What a schema of the classic API says of an XML document: a schema of the tree that a parser makes
 * of it, in which all leaves are text and what is not said is not allowed.
 *
 * The published schema writes a list as an array whose items have the list's elements as fields
 * (`size` beside `policy`); on the wire those are the children of one element.
 *
 * @param isPartial a PUT changes what it carries: nothing is required of it
 */
export function treeSchema(document: Document, name: string, isPartial: boolean): object {
  const schema = document.components.schemas[name];
  if (!schema) throw new Error(`the classic schema has no ${name}`);
  return new Trees(document, isPartial).element(schema, [name]);
}

class Trees {
  readonly #document: Document;
  readonly #isPartial: boolean;

  constructor(document: Document, isPartial: boolean) {
    this.#document = document;
    this.#isPartial = isPartial;
  }

  /** @param path the names of the elements down to this one */
  element(given: Schema, path: readonly string[]): object {
    const schema = this.#resolved(given);
    if (schema['type'] === 'array') return this.#list(this.#resolved(itemsOf(schema)), path);
    if (schema['type'] === 'object' || 'properties' in schema) return this.#record(schema, path);
    return leaf(schema);
  }

  #record(schema: Schema, path: readonly string[]): object {
    const properties = Object.fromEntries(
      childrenOf(schema, path).map(([name, child]) => [name, this.element(child, [...path, name])]),
    );
    const required = this.#isPartial ? [] : (schema['required'] ?? []);
    return orEmpty({ type: 'object', properties, required, additionalProperties: false });
  }

  /** Of each of its children there may be one or many. */
  #list(items: Schema, path: readonly string[]): object {
    const properties = Object.fromEntries(
      childrenOf(items, path).map(([name, given]) => {
        const child = this.#resolved(given);
        const each = child['type'] === 'array' ? itemsOf(child) : child;
        const one = this.element(each, [...path, name]);
        return [name, either('array', { items: one }, one)];
      }),
    );
    return orEmpty({ type: 'object', properties, additionalProperties: false });
  }

  #resolved(schema: Schema): Schema {
    if (typeof schema['$ref'] !== 'string') return schema;
    const named = this.#document.components.schemas[nameIn(schema['$ref'])];
    if (!named) throw new Error(`the schema has no ${schema['$ref']}`);
    return this.#resolved(named);
  }
}

const itemsOf = (schema: Schema): Schema => (schema['items'] ?? {}) as Schema;

function childrenOf(schema: Schema, path: readonly string[]): [string, Schema][] {
  const published = (schema['properties'] ?? {}) as Record<string, Schema>;
  const extra = extraElements
    .filter(({ at }) => at.join('/') === path.join('/'))
    .map(({ element, like = '', children }): [string, Schema] => [
      element,
      children ?? published[like] ?? { type: 'string' },
    ]);
  return [...Object.entries(published), ...extra];
}

/** Of a value of this type the one schema, of any other the other. */
const either = (type: 'array' | 'string', one: object, other: object): object => ({
  if: { type },
  // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
  then: one,
  else: other,
});

/** An element without children is read as empty text. */
const orEmpty = (schema: object): object => either('string', { const: '' }, schema);

function leaf({ type, enum: values }: Schema): object {
  if (Array.isArray(values)) return { enum: values.map(String) };
  switch (type) {
    case 'integer':
      return { type: 'string', pattern: '^-?\\d+$' };
    case 'number':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' };
    case 'boolean':
      return { enum: ['true', 'false'] };
    default:
      return { type: 'string' };
  }
}
