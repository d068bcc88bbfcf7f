import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { type GitObject, ObjectReader } from './object-reader.ts';

/** git ended with an exit code the caller did not expect. */
export class GitError extends Error {
  readonly code: number;
  readonly stderr: string;

  constructor(args: readonly string[], code: number, stderr: string) {
    super(`git ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
    this.name = 'GitError';
    this.code = code;
    this.stderr = stderr;
  }
}

/** Who wrote a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

/** A change of one ref: `from` and `to` are object names, `undefined` where the ref is not. */
export interface RefChange {
  readonly ref: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const noObject = '0'.repeat(40);

/** git must see nothing of the machine: no user's configuration, no surrounding repository. */
const environment = {
  PATH: process.env.PATH,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Record<string, string>;
  readonly allow?: readonly number[];
}

/** A bare git repository, through the git executable. */
export class Git {
  readonly dir: string;
  readonly #reader: ObjectReader;

  private constructor(dir: string) {
    this.dir = dir;
    this.#reader = new ObjectReader(dir, environment);
  }

  static async init(dir: string): Promise<Git> {
    await mkdir(dir, { recursive: true });
    const git = new Git(dir);
    await git.run(['init', '--quiet', '--bare', '--initial-branch=main']);
    await git.run(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    await git.run(['config', 'gc.auto', '0']);
    return git;
  }

  /** Runs git, its output as text. @throws GitError on an exit code that is not allowed. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return (await this.try(args, options)).stdout;
  }

  async try(
    args: readonly string[],
    { input, env, allow = [0] }: RunOptions = {},
  ): Promise<{ code: number; stdout: string }> {
    const all = [`--git-dir=${this.dir}`, ...args];
    return new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        all,
        { env: { ...environment, ...env }, maxBuffer: 256 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : 127) : 0;
          if (allow.includes(code)) resolve({ code, stdout });
          else reject(new GitError(args, code, stderr || String(error)));
        },
      );
      // git may end before it has read everything; the exit code says what there is to say.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input ?? '');
    });
  }

  /** An object with its content, or undefined where there is none. */
  object(name: string): Promise<GitObject | undefined> {
    return this.#reader.contents(name);
  }

  /** The sha of `name` (a ref's full name, a sha, `<sha>^{tree}`, `<sha>:path`). */
  async resolve(name: string): Promise<string | undefined> {
    return (await this.#reader.info(name))?.sha;
  }

  /** The type of the object with that sha. */
  async type(name: string): Promise<GitObject['type'] | undefined> {
    return (await this.#reader.info(name))?.type;
  }

  /** The size in bytes of the object with that sha. */
  async size(name: string): Promise<number | undefined> {
    return (await this.#reader.info(name))?.size;
  }

  async writeBlob(content: string | Buffer): Promise<string> {
    return (await this.run(['hash-object', '-w', '--stdin'], { input: content })).trim();
  }

  /** Writes a commit, its message byte for byte. */
  async commit(
    tree: string,
    parents: readonly string[],
    message: string,
    author: Signature,
    committer: Signature,
  ): Promise<string> {
    const env = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: seconds(author.date),
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: seconds(committer.date),
    };
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])];
    return (await this.run(args, { env, input: message })).trim();
  }

  /** Changes refs, all or none. @throws GitError when one of them was not at `from` any more. */
  async updateRefs(changes: readonly RefChange[]): Promise<void> {
    const lines = changes.map(({ ref, from, to }) =>
      to === undefined
        ? `delete ${ref} ${from ?? noObject}\n`
        : `update ${ref} ${to} ${from ?? noObject}\n`,
    );
    if (lines.length > 0) await this.run(['update-ref', '--stdin'], { input: lines.join('') });
  }

  /** All refs that begin with `prefix`, in order of name. */
  async refs(prefix: string): Promise<{ ref: string; sha: string; type: string }[]> {
    const format = '--format=%(refname) %(objectname) %(objecttype)';
    const lines = (await this.run(['for-each-ref', format])).split('\n');
    return lines
      .filter((line) => line.startsWith(prefix))
      .map((line) => {
        const [ref = '', sha = '', type = ''] = line.split(' ');
        return { ref, sha, type };
      });
  }

  async isRefName(ref: string): Promise<boolean> {
    return (await this.try(['check-ref-format', ref], { allow: [0, 1] })).code === 0;
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    if (ancestor === descendant) return true;
    const args = ['merge-base', '--is-ancestor', ancestor, descendant];
    return (await this.try(args, { allow: [0, 1] })).code === 0;
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const { stdout } = await this.try(['merge-base', one, other], { allow: [0, 1] });
    return stdout.trim() || undefined;
  }

  /** The tree of a merge of two commits, or undefined when they conflict. */
  async mergeTree(ours: string, theirs: string): Promise<string | undefined> {
    const args = ['merge-tree', '--write-tree', '--no-messages', '--name-only', ours, theirs];
    const { code, stdout } = await this.try(args, { allow: [0, 1] });
    return code === 0 ? stdout.trim() : undefined;
  }

  /** The commits of a `rev-list`, newest first. */
  async revList(args: readonly string[]): Promise<string[]> {
    return (await this.run(['rev-list', ...args])).split('\n').filter(Boolean);
  }

  close(): void {
    this.#reader.close();
  }
}

const seconds = (date: Date) => `${Math.floor(date.getTime() / 1000)} +0000`;
