import { ApiRefusal } from './errors.ts';
import type { Call } from './router.ts';
import { type Fields, filtered, order } from './rsql.ts';

const LARGEST_PAGE = 2000;

/** `{totalCount, results}` of a collection, filtered, sorted and cut as the query asks. */
export function paged<T>(
  call: Call,
  items: Iterable<T>,
  fields: Fields<T>,
  show: (item: T) => unknown,
  usualSort = 'id:asc',
): { totalCount: number; results: unknown[] } {
  const found = filtered([...items], call.query.get('filter') ?? '', fields);
  const sorted = inOrder(found, call.query.getAll('sort').join(',') || usualSort, fields);
  const page = whole(call, 'page', 0);
  const size = Math.min(whole(call, 'page-size', 100), LARGEST_PAGE);
  const results = sorted.slice(page * size, (page + 1) * size).map(show);
  return { totalCount: found.length, results };
}

function inOrder<T>(items: readonly T[], sort: string, fields: Fields<T>): T[] {
  const criteria = sort.split(',').map((criterion) => {
    const [name = '', direction = 'asc'] = criterion.trim().split(':');
    const value = fields[name];
    if (!value) throw new ApiRefusal(400, 'INVALID_FIELD', `Can not sort by ${name}`, 'sort');
    return { value, sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  return [...items].sort((one, other) => {
    for (const { value, sign } of criteria) {
      const difference = order(value(one), value(other));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
}

function whole(call: Call, name: string, usual: number): number {
  const given = call.query.get(name);
  if (given === null) return usual;
  if (!/^\d+$/.test(given))
    throw new ApiRefusal(400, 'INVALID_PARAMETER', `${name} must be a whole number`, name);
  return Number(given);
}
