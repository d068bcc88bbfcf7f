import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from '../text/nearest.ts';

/** What is wrong in a file that a person (or PatchBot) wrote, and where. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The title whose file it is; absent for files that belong to all. */
  readonly title?: string;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** The problem as compilers write it: `file:line:column: title: message`. */
export function problemText(problem: Problem): string {
  const title = problem.title ? `${problem.title}: ` : '';
  return `${problem.file}:${problem.line}:${problem.column}: ${title}${problem.message}`;
}

/** A file that was read well, with the document it came from (comments and key order included). */
export type Checked<Value> =
  | {
      readonly ok: true;
      readonly value: Value;
      readonly document: Document.Parsed;
      /** A problem with the value at a path, for what no schema can see. */
      problem(path: readonly (string | number)[], message: string): Problem;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Parses YAML and checks it against a schema. What is wrong comes back as problems with the position
 * of the very key or value, never as an exception.
 *
 * @param file the path to name in problems, as the reader knows it (relative to the repository).
 * @param title the title to name in problems.
 */
export function parseChecked<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  title?: string,
): Checked<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      ...(title !== undefined && { title }),
      message,
    };
  };
  if (document.errors.length > 0) {
    const [first] = document.errors;
    // The first error of broken YAML is the cause, the others are its echoes.
    return {
      ok: false,
      problems: [at(first?.pos[0] ?? 0, `this is not YAML: ${firstLine(first?.message)}`)],
    };
  }
  let plain: unknown;
  try {
    plain = document.toJS();
  } catch (error) {
    // An alias without an anchor, or aliases that grow without end, are only found here.
    return { ok: false, problems: [at(0, `this is not YAML: ${firstLine(String(error))}`)] };
  }
  const parsed = schema.safeParse(plain ?? {});
  if (parsed.success)
    return {
      ok: true,
      value: parsed.data,
      document,
      problem: (path, message) => at(valueOffset(document, path), message),
    };
  const problems = parsed.error.issues.map(deepest).flatMap((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) =>
        at(keyOffset(document, path, key), unknownKey(key, knownKeys(schema, path))),
      );
    const found = document.getIn(path, true);
    const missing = path.length > 0 && found === undefined;
    const message = missing ? `"${path.join('.')}" is missing: ${issue.message}` : issue.message;
    return [at(valueOffset(document, path), message)];
  });
  return { ok: false, problems };
}

/**
 * Of the alternatives of a union, the one that the writer probably meant: whose problem lies deepest. A
 * hold without its reason is a hold, not a failed list of holds.
 */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const found = issue.errors
    .flatMap((issues) => issues.slice(0, 1))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!found || found.path.length === 0) return issue;
  return deepest({ ...found, path: [...issue.path, ...found.path] });
}

function firstLine(message: string | undefined): string {
  return (
    (message ?? 'it cannot be read').split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ??
    ''
  );
}

/** Where the value is, or the nearest thing around it that exists. */
function valueOffset(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function keyOffset(
  document: Document.Parsed,
  path: readonly (string | number)[],
  key: string,
): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map))
    for (const pair of map.items)
      if (isScalar(pair.key) && String(pair.key.value) === key && pair.key.range)
        return pair.key.range[0];
  return valueOffset(document, path);
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  if (near) return `unknown key "${key}": did you mean "${near}"?`;
  return `unknown key "${key}": the keys here are ${known.join(', ')}`;
}

/** The keys that the schema knows at a path. */
function knownKeys(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  let here: z.ZodType | undefined = bare(schema);
  for (const key of path) {
    if (here instanceof z.ZodArray) here = bare(here.element as z.ZodType);
    else if (here instanceof z.ZodObject) here = bare(here.shape[String(key)]);
    else return [];
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** The schema under its optionality, default or transformation. */
function bare(schema: z.ZodType | undefined): z.ZodType | undefined {
  let here = schema;
  while (
    here instanceof z.ZodOptional ||
    here instanceof z.ZodNullable ||
    here instanceof z.ZodDefault ||
    here instanceof z.ZodPipe
  )
    here = (here instanceof z.ZodPipe ? here.in : here.unwrap()) as z.ZodType;
  return here;
}
