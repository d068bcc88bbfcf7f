import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How a program is to be run. */
export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** In milliseconds; then the program is ended, and all that it has started. */
  readonly limit: number;
  /** Gets the output line by line, standard error included. */
  readonly onLine: (line: string) => void;
  /** Gets the id of the process group as soon as there is one. */
  readonly onStart?: (group: number) => void;
}

/** What is left of a program that ran. */
export interface Ended {
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its time was over, so it was ended. */
  readonly timedOut: boolean;
}

/** As much is kept of either output: a program that prints for ever must not fill the memory. */
const mostKept = 4_000_000;

/** How long a program may take to clean up (unmount its disk images) once it is told to end. */
const grace = 5_000;

/** The process groups that run now. */
const running = new Set<number>();

/**
 * Runs a program in a process group of its own, without input, so that it can be ended with all that
 * it has started. When a signal ends this process (somebody cancels the job), the groups end first.
 *
 * @throws Error when the program can't be started.
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<Ended> {
  const { cwd, env, limit, onLine, onStart } = options;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const group = child.pid;
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const stdout = kept(child.stdout, onLine);
  const stderr = kept(child.stderr, onLine);
  if (group === undefined) {
    await exited;
    throw new Error(`${command} could not be started`);
  }
  began(group);
  onStart?.(group);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end(group);
  }, limit);
  try {
    const exitCode = await exited;
    // What it started and left behind would go on writing, and keep its output open.
    signalGroup(group, 'SIGKILL');
    await Promise.race([closed, wait(grace)]);
    return {
      ...(exitCode !== null && { exitCode }),
      stdout: stdout(),
      stderr: stderr(),
      timedOut,
    };
  } finally {
    clearTimeout(timer);
    child.stdout.destroy();
    child.stderr.destroy();
    ended(group);
  }
}

/** Ends a process group: as Ctrl-C does, so that what it has mounted is unmounted, and then for good. */
export function end(group: number): void {
  signalGroup(group, 'SIGINT');
  setTimeout(() => {
    if (running.has(group)) signalGroup(group, 'SIGKILL');
  }, grace).unref();
}

/** Sends a signal to all that is left of a process group, if anything is. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // All of it is over.
  }
}

/** Keeps the end of an output, and passes its lines on. */
function kept(output: Readable, onLine: (line: string) => void): () => string {
  let text = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    text = (text + chunk).slice(-mostKept);
  });
  createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  return () => text;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let received: NodeJS.Signals | undefined;

/** A runner that cancels a job sends SIGINT, some seconds later SIGTERM, and soon after SIGKILL. */
function onSignal(signal: NodeJS.Signals): void {
  received ??= signal;
  for (const group of running) end(group);
}

function began(group: number): void {
  if (running.size === 0) for (const signal of signals) process.on(signal, onSignal);
  running.add(group);
  if (received) end(group);
}

function ended(group: number): void {
  running.delete(group);
  if (running.size > 0) return;
  for (const signal of signals) process.off(signal, onSignal);
  // Nothing is left behind: now this process ends as it would have done.
  if (received) process.kill(process.pid, received);
}
