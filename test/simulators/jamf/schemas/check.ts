import { Ajv2019, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { parseXml, type Tree, xmlText } from '../xml.ts';
import { otherSchemas, unpublished } from './beside.ts';
import { treeSchema } from './classic.ts';
import { closed, type Direction } from './closed.ts';
import {
  find,
  nameIn,
  type Parameter,
  type Published,
  parametersOf,
  type Schema,
} from './published.ts';

/** A call as it came in, found to be one of `template`. */
export interface Request {
  readonly method: string;
  readonly template: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  /** Absent when it was read as it came in. */
  readonly body: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly xml?: Tree;
}

/** What the published schemas do not know of a request; nothing when all is well. */
export function wrongInRequest(request: Request): string[] {
  const call = published(request.method, request.template);
  if (call === 'unpublished') return [];
  if (!call) return ['no published schema has this call'];
  return [...wrongInQuery(call, request), ...wrongInBody(call, request)];
}

/** What the published schemas do not know of an answer; nothing when all is well. */
export function wrongInAnswer(method: string, template: string, answer: Answer): string[] {
  const call = published(method, template);
  if (call === 'unpublished' || !call) return [];
  const response = call.operation.responses[String(answer.status)];
  if (!response)
    return answer.status < 400
      ? [`no published schema answers ${answer.status} here`]
      : wrongInError(call, answer);
  if (call.api === 'classic') {
    if (answer.xml === undefined) return [];
    const name = otherSchemas[template]?.schema ?? classicName(call);
    // What a write answers is in no schema: the id, where there is anything.
    return name === undefined || method !== 'GET' ? [] : wrongInTree(call, name, answer.xml, false);
  }
  const schema = response.content?.['application/json']?.schema;
  if (!schema) return answer.json === undefined ? [] : ['answers a body where none is published'];
  if (answer.json === undefined) return ['answers no body where one is published'];
  return complaints(validator(call, schema, 'answer'), answer.json);
}

function published(method: string, template: string): Published | 'unpublished' | undefined {
  return `${method} ${template}` in unpublished ? 'unpublished' : find(method, template);
}

/** Errors that any call may answer are not published with each. */
function wrongInError(call: Published, answer: Answer): string[] {
  if (call.api === 'classic') return [];
  const error = call.document.components.schemas['ApiError'] ?? {};
  return complaints(validator(call, error, 'answer'), answer.json);
}

function wrongInQuery(call: Published, { query }: Request): string[] {
  const known = parametersOf(call).filter((parameter) => parameter.in === 'query');
  const unknown = [...new Set(query.keys())]
    .filter((name) => !known.some((parameter) => parameter.name === name))
    .map((name) => `the parameter ${name} is in no published schema`);
  const wrong = known.flatMap((parameter) => wrongInParameter(query, parameter));
  return [...unknown, ...wrong];
}

function wrongInParameter(query: URLSearchParams, parameter: Parameter): string[] {
  const { name, required, schema = {} } = parameter;
  const values = query.getAll(name);
  if (values.length === 0) return required ? [`the parameter ${name} is missing`] : [];
  const isList = schema['type'] === 'array';
  const validate = compiled(parameter, () => ({ ...schema }) as object, coercing);
  return complaints(validate, isList ? values : values[0]).map(
    (what) => `parameter ${name}: ${what}`,
  );
}

function wrongInBody(
  call: Published,
  { method, template, contentType = '', body }: Request,
): string[] {
  if (call.api === 'classic') return wrongInClassicBody(call, method, template, body);
  const { content, required } = call.operation.requestBody ?? {};
  if (!content) return body?.length ? ['sends a body where none is published'] : [];
  if (body?.length === 0) return required ? ['sends no body where one is required'] : [];
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const schema = content[type]?.schema;
  if (!schema)
    return [`sends ${type || 'no content type'}; published: ${Object.keys(content).join(', ')}`];
  if (body === undefined) return [];
  if (type === 'application/x-www-form-urlencoded') {
    const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
    return complaints(validator(call, schema, 'request'), form);
  }
  return withRead(
    () => JSON.parse(body.toString('utf8')) as unknown,
    (value) => complaints(validator(call, schema, 'request'), value),
  );
}

/** What may be written is published as what is read: the schema of the GET of the same path. */
function wrongInClassicBody(
  call: Published,
  method: string,
  template: string,
  body: Buffer | undefined,
): string[] {
  if (method !== 'PUT' && method !== 'POST') return body?.length ? ['sends a body'] : [];
  const name = classicName(call);
  if (!body?.length || name === undefined) return [`sends nothing that ${template} could be told`];
  return withRead(
    () => parseXml(body.toString('utf8'), name),
    (tree) => complaints(treeValidator(call, name, true), tree),
  );
}

const wrongInTree = (call: Published, name: string, xml: Tree, isPartial: boolean): string[] =>
  withRead(
    () => parseXml(xmlText(xml), name),
    (tree) => complaints(treeValidator(call, name, isPartial), tree),
  );

/** The name of the schema is the name of the root element. */
function classicName({ operation, get }: Published): string | undefined {
  for (const one of [operation, get]) {
    const content = one?.responses['200']?.content;
    const schema = content?.['application/xml']?.schema ?? content?.['application/json']?.schema;
    if (typeof schema?.['$ref'] === 'string') return nameIn(schema['$ref']);
  }
  return undefined;
}

function withRead<T>(read: () => T, check: (value: T) => string[]): string[] {
  let value: T;
  try {
    value = read();
  } catch (error) {
    return [`can not be read: ${error instanceof Error ? error.message : String(error)}`];
  }
  return check(value);
}

const settings = { strict: false, allErrors: true, validateFormats: true } as const;
const exact = withFormats(new Ajv2019(settings));
/** What comes in a query is text. */
const coercing = withFormats(new Ajv2019({ ...settings, coerceTypes: true }));

function withFormats(ajv: Ajv2019): Ajv2019 {
  addFormats.default(ajv);
  for (const format of ['base64', 'binary']) ajv.addFormat(format, true);
  return ajv;
}

/** Compiled when it is first needed; a process that never asks pays nothing. */
const validators = new WeakMap<object, Map<string, ValidateFunction>>();

function compiled(
  key: object,
  schema: () => AnySchemaObject,
  ajv = exact,
  variant = '',
): ValidateFunction {
  const known = validators.get(key) ?? new Map<string, ValidateFunction>();
  validators.set(key, known);
  const validate = known.get(variant) ?? ajv.compile(schema());
  known.set(variant, validate);
  return validate;
}

const validator = (
  { document }: Published,
  schema: Schema,
  direction: Direction,
): ValidateFunction =>
  compiled(schema, () => closed(document, schema, direction), exact, direction);

const treeValidator = (
  { document }: Published,
  name: string,
  isPartial: boolean,
): ValidateFunction =>
  compiled(document, () => treeSchema(document, name, isPartial), exact, `${name} ${isPartial}`);

function complaints(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .filter(({ keyword }) => !['if', 'anyOf', 'oneOf'].includes(keyword))
    .map(({ instancePath, message, params }) => {
      const named: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
      const detail = named === undefined ? '' : `: ${String(named)}`;
      return `${instancePath || 'the whole'} ${message ?? 'is wrong'}${detail}`;
    });
}
