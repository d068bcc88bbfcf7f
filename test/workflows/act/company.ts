import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fleet } from '../../simulators/fleet.ts';
import type { Permissions } from '../../simulators/github/permissions.ts';
import { startCompany, three } from '../../stages/company.ts';
import { readManifest } from '../manifest.ts';
import { root } from '../workflow.ts';
import { Runner } from './runner.ts';

/** A company whose repository has the workflows and actions as they are shipped. */
export interface WorkflowCompany {
  readonly fleet: Fleet;
  readonly runner: Runner;
  /** Whatever must not be seen anywhere. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const clientId = 'Iv23liPatchBot';

/** Brings it up, with three titles, an installed GitHub App and a machine that has `act`. */
export async function openCompany(act: string): Promise<WorkflowCompany> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const fleet = await startCompany(three, {
    files: await shipped(['.github', 'actions']),
    app: { clientId, publicKey, permissions: await grantedPermissions() },
  });
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-act-'));
  const { webhooks } = fleet;
  const secrets = {
    PATCHBOT_APP_PRIVATE_KEY: privateKey,
    JAMF_CLIENT_SECRET: 'client-secret-for-tests',
    PATCHBOT_WEBHOOK_ADMINS: webhooks.url('admins'),
    PATCHBOT_WEBHOOK_TESTERS: webhooks.url('testers'),
    PATCHBOT_WEBHOOK_EVERYONE: webhooks.url('everyone'),
  };
  const variables = {
    PATCHBOT_APP_CLIENT_ID: clientId,
    JAMF_CLIENT_ID: 'patchbot',
    PATCHBOT_AUTOPKG_CACHE: fleet.cache,
  };
  return {
    fleet,
    runner: new Runner({ act, fleet, dir, variables, secrets }),
    secrets: Object.values(secrets),
    async close() {
      await fleet.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The files of these folders, as git has them here. */
async function shipped(folders: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)('git', ['-C', root, 'ls-files', '-z', ...folders], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = stdout.split('\0').filter(Boolean);
  const files = paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')]);
  return Object.fromEntries(await Promise.all(files));
}

/** What a company grants the App when it makes it from the manifest. */
async function grantedPermissions(): Promise<Permissions> {
  return (await readManifest()).default_permissions;
}
