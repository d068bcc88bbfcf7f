import { z } from 'zod';
import { readJson } from './answer.ts';
import type { Call } from './calls.ts';
import type { Asked, Connection } from './connection.ts';

/** The most that a page holds; a server that gives fewer is asked for more pages. */
const pageSize = 2000;

/**
 * All that a paged list has, page by page. `totalCount` can change in between, so the end is where
 * a page is empty or everything counted has come.
 */
export async function allPages<T>(
  { ask }: Connection,
  call: Call,
  item: z.ZodType<T>,
  asked: Pick<Asked<T>, 'tried' | 'id' | 'query'>,
): Promise<readonly T[]> {
  const page = z.object({ totalCount: z.number(), results: z.array(item) });
  const all: T[] = [];
  for (let number = 0; ; number += 1) {
    const { totalCount, results } = await ask(call, {
      ...asked,
      query: { page: number, 'page-size': pageSize, ...asked.query },
      read: (answer) => readJson(answer, page),
    });
    all.push(...results);
    if (results.length === 0 || all.length >= totalCount) return all;
  }
}

/**
 * The value in an RSQL filter: quoted, with what would end the quotes escaped. `*` still means
 * anything.
 */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
