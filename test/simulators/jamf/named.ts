import { ClassicRefusal } from './errors.ts';
import type { Call } from './router.ts';

/**
 * What a classic call asks for by id or by name. Names compare without case, as in the database
 * behind Jamf Pro.
 *
 * @throws ClassicRefusal (404) when there is none
 */
export function named<T>(
  all: ReadonlyMap<string, T>,
  nameOf: (one: T) => string,
  { id, params: { name } }: Call,
): T {
  const wanted = name === undefined ? undefined : decodeURIComponent(name).toLowerCase();
  const found =
    wanted === undefined
      ? all.get(id)
      : [...all.values()].find((one) => nameOf(one).toLowerCase() === wanted);
  if (found === undefined) throw new ClassicRefusal(404);
  return found;
}
