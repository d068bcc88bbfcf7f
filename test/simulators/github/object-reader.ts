import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** An object of a git repository. */
export interface GitObject {
  readonly sha: string;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  /** In bytes. */
  readonly size: number;
  readonly content: Buffer;
}

interface Question {
  readonly command: 'contents' | 'info';
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Reads objects through one `git cat-file --batch-command` that lives as long as the repository. */
export class ObjectReader {
  readonly #dir: string;
  readonly #env: Record<string, string | undefined>;
  #child: ChildProcessWithoutNullStreams | undefined;
  #questions: Question[] = [];
  #received: Buffer = Buffer.alloc(0);
  #closed = false;

  constructor(dir: string, env: Record<string, string | undefined>) {
    this.#dir = dir;
    this.#env = env;
  }

  contents(name: string): Promise<GitObject | undefined> {
    return this.#ask('contents', name);
  }

  /** Like `contents`, the content left empty. */
  info(name: string): Promise<GitObject | undefined> {
    return this.#ask('info', name);
  }

  close(): void {
    this.#closed = true;
    this.#child?.stdin.end();
  }

  #ask(command: Question['command'], name: string): Promise<GitObject | undefined> {
    if (name === '' || /[\n\0]/.test(name)) return Promise.resolve(undefined);
    if (this.#closed) return Promise.reject(new Error(`the repository ${this.#dir} is closed`));
    return new Promise((resolve, reject) => {
      this.#questions.push({ command, resolve, reject });
      this.#running().stdin.write(`${command} ${name}\n`);
    });
  }

  #running(): ChildProcessWithoutNullStreams {
    if (this.#child) return this.#child;
    const args = [`--git-dir=${this.#dir}`, 'cat-file', '--batch-command'];
    const child = spawn('git', args, { env: this.#env });
    child.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#answer();
    });
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    const ended = (why: unknown) => {
      this.#child = undefined;
      const left = this.#questions;
      this.#questions = [];
      this.#received = Buffer.alloc(0);
      for (const { reject } of left) reject(new Error(`git cat-file ended: ${why}`));
    };
    child.on('error', ended);
    child.on('close', ended);
    this.#child = child;
    return child;
  }

  #answer(): void {
    for (;;) {
      const question = this.#questions[0];
      const end = this.#received.indexOf(10);
      if (!question || end < 0) return;
      const header = this.#received.subarray(0, end).toString();
      const found = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(header);
      let next = end + 1;
      let object: GitObject | undefined;
      if (found) {
        const size = Number(found[3]);
        const follows = question.command === 'contents' ? size + 1 : 0;
        if (this.#received.length < next + follows) return;
        const content = Buffer.from(this.#received.subarray(next, next + Math.max(0, follows - 1)));
        object = { sha: found[1] ?? '', type: found[2] as GitObject['type'], size, content };
        next += follows;
      }
      this.#received = this.#received.subarray(next);
      this.#questions.shift();
      question.resolve(object);
    }
  }
}
