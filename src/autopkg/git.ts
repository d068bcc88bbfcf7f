import { spawn } from 'node:child_process';
import { environmentFor } from './environment.ts';
import { plainLine } from './plain-line.ts';

/** git said no, or could not be run. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
  constructor(tried: string, answer: string) {
    super(`git could not ${tried}: ${plainLine(answer) || 'it did not say why'}`);
  }
}

/** What git may know of its user: mirrors (`insteadOf`), proxies and certificates are set there. */
const configuration = /^GIT_(?:CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|SSL_\w+)$/;

function environment(): Record<string, string> {
  const env: Record<string, string> = {
    ...environmentFor(process.env),
    LC_ALL: 'C',
    // Whoever asks for a password gets none, instead of waiting for ever.
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
  };
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && configuration.test(name)) env[name] = value;
  return env;
}

/** Settings that hold whatever the user's own say. */
const always = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.symlinks=true',
  '-c',
  'core.quotePath=false',
  '-c',
  'protocol.version=2',
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
  // A server that sends next to nothing for half a minute is taken for gone.
  '-c',
  'http.lowSpeedLimit=1000',
  '-c',
  'http.lowSpeedTime=30',
];

/**
 * Runs git and gives its standard output.
 *
 * @param tried what this is for, in words: "fetch autopkg/recipes".
 * @param allowed exit codes other than 0 that are answers too.
 * @throws GitFailed with git's last words.
 */
export async function git(
  tried: string,
  args: readonly string[],
  allowed: readonly number[] = [],
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...always, ...args], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
    });
    child.on('error', (error) => reject(new GitFailed(tried, error.message)));
    child.on('close', (code) => {
      if (code === 0 || (code !== null && allowed.includes(code))) resolve(Buffer.concat(out));
      else reject(new GitFailed(tried, reason(said) || `it ended with ${code ?? 'a signal'}`));
    });
  });
}

/** The line in which git says why: hints and progress are not it. */
function reason(said: string): string {
  const lines = said.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^(?:fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? '';
}
