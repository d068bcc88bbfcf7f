import type { z } from 'zod';
import { Failure } from './failure.ts';
import type { Answer } from './transport.ts';
import { wordsOf } from './words.ts';

/**
 * Reads an answer's JSON.
 *
 * @throws Failure: `unclear` when it is no JSON at all (cut off, or a proxy's), `refused` when it
 *   is not what Jamf documents, with the place that is wrong.
 */
export function readJson<T>(answer: Answer, schema: z.ZodType<T>): T {
  const { status, text } = answer;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const what = text.trim() === '' ? 'an empty answer' : `no JSON: ${wordsOf(status, text)}`;
    throw new Failure('unclear', what, { status });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the whole of it';
  throw new Failure(
    'refused',
    `an answer unlike Jamf's documentation: ${where}: ${issue?.message}`,
    {
      status,
    },
  );
}
