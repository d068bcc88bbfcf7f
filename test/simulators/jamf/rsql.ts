import { ApiRefusal } from './errors.ts';

/** What a field of the collection says of an item; only these may be asked for. */
export type Fields<T> = Readonly<Record<string, (item: T) => unknown>>;
type Predicate<T> = (item: T) => boolean;

/**
 * A filter in RSQL: `==`, `!=`, `=in=`, `=out=` and the orders, joined by `;` or `and`, `,` or `or`,
 * grouped by brackets. `*` stands for anything and letters compare without case, as in the database
 * behind Jamf Pro.
 */
export function filtered<T>(items: readonly T[], filter: string, fields: Fields<T>): readonly T[] {
  if (filter.trim() === '') return items;
  return items.filter(new Parser(filter, fields).whole());
}

class Parser<T> {
  readonly #text: string;
  readonly #fields: Fields<T>;
  #at = 0;

  constructor(text: string, fields: Fields<T>) {
    this.#text = text;
    this.#fields = fields;
  }

  whole(): Predicate<T> {
    const predicate = this.#either();
    if (this.#take(/\s*$/y) === undefined) this.#fail();
    return predicate;
  }

  #either(): Predicate<T> {
    const parts = [this.#both()];
    while (this.#take(/\s*,\s*|\s+or\s+/iy) !== undefined) parts.push(this.#both());
    return (item) => parts.some((part) => part(item));
  }

  #both(): Predicate<T> {
    const parts = [this.#one()];
    while (this.#take(/\s*;\s*|\s+and\s+/iy) !== undefined) parts.push(this.#one());
    return (item) => parts.every((part) => part(item));
  }

  #one(): Predicate<T> {
    if (this.#take(/\s*\(\s*/y) !== undefined) {
      const inner = this.#either();
      if (this.#take(/\s*\)/y) === undefined) this.#fail();
      return inner;
    }
    const name = this.#take(/\s*[A-Za-z][\w.]*/y)?.trim() ?? this.#fail();
    const value = this.#fields[name];
    if (!value) throw new ApiRefusal(400, 'INVALID_FIELD', `Can not filter by ${name}`, name);
    const operator = this.#take(/\s*(==|!=|=[a-z]+=|<=|>=|<|>)\s*/y)?.trim() ?? this.#fail();
    const wanted = this.#values();
    const test = comparison(operator, wanted) ?? this.#fail();
    return (item) => test(String(value(item) ?? ''));
  }

  #values(): string[] {
    if (this.#take(/\(\s*/y) === undefined) return [this.#value()];
    const values = [this.#value()];
    while (this.#take(/\s*,\s*/y) !== undefined) values.push(this.#value());
    if (this.#take(/\s*\)/y) === undefined) this.#fail();
    return values;
  }

  #value(): string {
    const quoted = this.#take(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y);
    if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
    return this.#take(/[^\s"'();,=!~<>]+/y) ?? this.#fail();
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #fail(): never {
    throw new ApiRefusal(400, 'INVALID_FILTER', `Can not read the filter at ${this.#at}`, 'filter');
  }
}

function comparison(operator: string, wanted: string[]): Predicate<string> | undefined {
  const patterns = wanted.map(wildcards);
  const [first = ''] = wanted;
  switch (operator) {
    case '==':
    case '=in=':
      return (value) => patterns.some((pattern) => pattern.test(value));
    case '!=':
    case '=out=':
      return (value) => !patterns.some((pattern) => pattern.test(value));
    case '<':
    case '=lt=':
      return (value) => order(value, first) < 0;
    case '<=':
    case '=le=':
      return (value) => order(value, first) <= 0;
    case '>':
    case '=gt=':
      return (value) => order(value, first) > 0;
    case '>=':
    case '=ge=':
      return (value) => order(value, first) >= 0;
    default:
      return undefined;
  }
}

const wildcards = (wanted: string): RegExp =>
  new RegExp(
    `^${wanted
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'is',
  );

/** Numbers by value, everything else by letters. */
export function order(one: unknown, other: unknown): number {
  const [a, b] = [Number(one), Number(other)];
  if (one !== '' && other !== '' && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return String(one ?? '').localeCompare(String(other ?? ''));
}
