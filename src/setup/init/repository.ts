import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A repository on GitHub, as its remote names it. */
export interface Remote {
  /** "acme/patchbot". */
  readonly repository: string;
  readonly serverUrl: string;
}

/** Reads the address of a remote: https://github.com/acme/patchbot.git, git@github.com:acme/patchbot. */
export function remoteOf(address: string): Remote | undefined {
  const found =
    /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[\w.-]+@)([\w.-]+)(?::\d+)?[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      address.trim(),
    );
  const [, host, owner, name] = found ?? [];
  if (!host || !owner || !name) return undefined;
  return { repository: `${owner}/${name}`, serverUrl: `https://${host}` };
}

/** The repository that a folder's `origin` is; `undefined` when there is none. */
export async function originOf(folder: string): Promise<Remote | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', [
      '-C',
      folder,
      'remote',
      'get-url',
      'origin',
    ]);
    return remoteOf(stdout);
  } catch {
    return undefined;
  }
}
