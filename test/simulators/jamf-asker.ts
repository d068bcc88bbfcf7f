import type { JamfSimulator } from './jamf/server.ts';

/** What Jamf Pro answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Sent {
  /** Sent as it is, but for its type. */
  readonly json?: unknown;
  readonly xml?: string;
  readonly form?: Readonly<Record<string, string>>;
  /** The one part of a multipart body. */
  readonly file?: { readonly name: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
}

export type Ask = (method: string, path: string, sent?: Sent) => Promise<Answered>;

/** A client that does nothing by itself: no token, no cookie, no second try. */
export function plainly(jamf: JamfSimulator): Ask {
  return async (method, path, sent = {}) => {
    const { body, type } = bodyOf(sent);
    const headers = { ...(type && { 'content-type': type }), ...sent.headers };
    const answer = await fetch(`${jamf.url}${path}`, { method, headers, ...(body && { body }) });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
}

/** A client with a token of its own. */
export async function signedIn(jamf: JamfSimulator): Promise<Ask> {
  const ask = plainly(jamf);
  const { json } = await ask('POST', '/api/v1/oauth/token', {
    form: {
      grant_type: 'client_credentials',
      client_id: jamf.clientId,
      client_secret: jamf.clientSecret,
    },
  });
  return (method, path, sent) =>
    ask(method, path, {
      ...sent,
      headers: { authorization: `Bearer ${json.access_token}`, ...sent?.headers },
    });
}

function bodyOf({ json, xml, form, file }: Sent): {
  body?: string | URLSearchParams | FormData;
  type?: string;
} {
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (xml !== undefined) return { body: xml, type: 'application/xml' };
  if (form !== undefined) return { body: new URLSearchParams(form) };
  if (file === undefined) return {};
  const body = new FormData();
  body.append('file', new Blob([file.content]), file.name);
  return { body };
}

/** The fields that a record of a package must have. */
export const packageRecord = (file: string, more: object = {}): object => ({
  packageName: file,
  fileName: file,
  categoryId: '-1',
  priority: 10,
  fillUserTemplate: false,
  rebootRequired: false,
  osInstall: false,
  suppressUpdates: false,
  suppressFromDock: false,
  suppressEula: false,
  suppressRegistration: false,
  ...more,
});
