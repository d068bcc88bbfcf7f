import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Permissions } from '../simulators/github/permissions.ts';
import { root } from './workflow.ts';

/** The GitHub App as a company makes it. */
export interface Manifest {
  readonly public: boolean;
  readonly default_events: readonly string[];
  readonly default_permissions: Permissions;
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, 'docs', 'github-app.json'), 'utf8'));
}
