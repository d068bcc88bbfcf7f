import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An annotation as the runner reads it off the log: `::error title=…,file=…::message`. */
export interface ReadAnnotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What is left of an action that ran as the runner runs it. */
export interface ActionRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly annotations: readonly ReadAnnotation[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The job summary, in Markdown. */
  readonly summary: string;
}

/** Runs a program as an action: inputs by `INPUT_…`, outputs and summary by files. */
export async function runAsAction(
  program: string,
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  dir: string,
): Promise<ActionRun> {
  const folder = await mkdtemp(join(dir, 'action-'));
  const outputFile = join(folder, 'output');
  const summaryFile = join(folder, 'summary');
  for (const file of [outputFile, summaryFile]) await writeFile(file, '');
  const env: Record<string, string> = {
    ...environment,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: outputFile,
    GITHUB_STEP_SUMMARY: summaryFile,
  };
  // The runner's own spelling: upper case, and only spaces become underscores.
  for (const [name, value] of Object.entries(inputs))
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value;
  try {
    const ran = await new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) =>
      execFile(
        process.execPath,
        [program],
        { env, maxBuffer: 256 * 1024 * 1024 },
        (error, stdout, stderr) =>
          resolve({ exitCode: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      ),
    );
    return {
      ...ran,
      annotations: annotationsIn(ran.stdout),
      outputs: outputsIn(await readFile(outputFile, 'utf8')),
      summary: await readFile(summaryFile, 'utf8'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function annotationsIn(log: string): ReadAnnotation[] {
  return [...log.matchAll(/^::(error|warning|notice)(?: ([^:]*(?::[^:]+)*?))?::(.*)$/gm)].map(
    ([, level, properties = '', message = '']) => ({
      level: level as ReadAnnotation['level'],
      properties: Object.fromEntries(
        properties
          .split(',')
          .filter(Boolean)
          .map((pair) => {
            const at = pair.indexOf('=');
            return [pair.slice(0, at), decoded(pair.slice(at + 1))];
          }),
      ),
      message: decoded(message),
    }),
  );
}

function decoded(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

/** `name<<delimiter`, the value, the delimiter. */
function outputsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n?\2$/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  );
}
