import type { components } from '@octokit/openapi-types';

/** One of GitHub's published REST schemas, by its name there: every answer is typed by one. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
