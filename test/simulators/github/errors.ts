const docs = 'https://docs.github.com/rest';

/** An answer of GitHub that is a refusal: thrown by a handler, sent as it stands. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.body = { message, ...more, documentation_url: docs, status: String(status) };
  }
}

export const notFound = (message = 'Not Found') => new Refusal(404, message);

/** A 422 with a bare sentence, as the git data endpoints give them. */
export const unprocessable = (message: string) => new Refusal(422, message);

/** A 422 "Validation Failed", as pulls, issues and labels give them. */
export const validationFailed = (
  ...errors: { resource: string; field?: string; code: string; message?: string }[]
) => new Refusal(422, 'Validation Failed', { errors });
