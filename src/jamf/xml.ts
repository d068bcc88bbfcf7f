import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type { z } from 'zod';
import { Failure } from './failure.ts';
import type { Answer } from './transport.ts';

/** An element's content in a body for the classic API; what is `undefined` is left out. */
export interface Element {
  readonly [name: string]: unknown;
}

const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true, trimValues: true });
const builder = new XMLBuilder({ suppressEmptyNode: true });

/** A body for the classic API. */
export function xml(document: Element) {
  return {
    text: `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document)}`,
    type: 'application/xml',
  };
}

/** Reads a classic answer; all leaves are texts. @throws Failure as `readJson` does. */
export function readXml<T>({ status, text }: Answer, schema: z.ZodType<T>): T {
  if (XMLValidator.validate(text) !== true)
    throw new Failure('unclear', text.trim() === '' ? 'an empty answer' : 'no XML', { status });
  const parsed = schema.safeParse(parser.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Failure(
    'refused',
    `an answer unlike Jamf's documentation: ${issue?.path.join('.')}: ${issue?.message}`,
    { status },
  );
}
