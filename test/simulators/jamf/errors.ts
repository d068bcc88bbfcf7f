/** One cause in an answer of the Jamf Pro API (schema `ApiErrorCause`). */
export interface Cause {
  readonly code: string;
  readonly field: string;
  readonly description: string;
  readonly id?: string | null;
}

/** The Jamf Pro API says no: `{httpStatus, errors}`. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly errors: readonly Cause[];

  constructor(status: number, code?: string, description = '', field = '') {
    super(description || `answered ${status}`);
    this.status = status;
    this.errors = code === undefined ? [] : [{ code, field, description, id: '0' }];
  }

  get body(): { httpStatus: number; errors: readonly Cause[] } {
    return { httpStatus: this.status, errors: this.errors };
  }
}

/** The token end point says no, as RFC 6749 section 5.2 has it: not the Jamf Pro API's form. */
export class OAuthRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }

  get body(): Record<string, string> {
    return {
      error: this.code,
      error_description: this.message,
      error_uri: 'https://datatracker.ietf.org/doc/html/rfc6749#section-5.2',
    };
  }
}

/** The classic API says no, in HTML; the reason is in `<p>Error: …</p>` when there is one. */
export class ClassicRefusal extends Error {
  readonly status: number;

  constructor(status: number, reason = '') {
    super(reason);
    this.status = status;
  }

  get html(): string {
    const [title, standard] = CLASSIC_PAGES[this.status] ?? ['Error', 'Something went wrong'];
    const reason = this.message ? `Error: ${this.message}` : standard;
    return [
      '<html>',
      '<head>',
      '   <title>Status page</title>',
      '</head>',
      '<body style="font-family: sans-serif;">',
      `<p style="font-size: 1.2em;font-weight: bold;margin: 1em 0px;">${title}</p>`,
      `<p>${reason}</p>`,
      '<p>You can get technical details <a href="https://www.rfc-editor.org/rfc/rfc9110">here</a>.<br>',
      'Please continue your visit at our <a href="/">home page</a>.',
      '</p>',
      '</body>',
      '</html>',
      '',
    ].join('\n');
  }
}

const CLASSIC_PAGES: Readonly<Record<number, readonly [string, string]>> = {
  400: ['Bad Request', 'The request could not be understood by the server'],
  401: ['Unauthorized', 'The request requires user authentication'],
  403: ['Forbidden', 'The server understood the request, but is refusing to fulfill it'],
  404: ['Not Found', 'The server has not found anything matching the request URI'],
  409: ['Conflict', 'The request could not be completed due to a conflict with the resource'],
  429: ['Too Many Requests', 'Slow down'],
  500: ['Internal Server Error', 'The server encountered an unexpected condition'],
  502: ['Bad Gateway', 'The server got an invalid answer from upstream'],
  503: ['Service Unavailable', 'The server is temporarily unable to serve the request'],
  504: ['Gateway Timeout', 'The server got no answer from upstream'],
};
