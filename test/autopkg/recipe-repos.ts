import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A recipe repository: a real one, in git, on this disk. */
export interface RecipeRepo {
  /** The https address by which recipes/repos.yaml knows it. */
  readonly url: string;
  readonly folder: string;
  /** Commits files (null takes one away) and gives the commit's id. */
  commit(files: Readonly<Record<string, string | null>>, message?: string): Promise<string>;
  git(...args: string[]): Promise<string>;
}

/** Some recipe repositories, and an internet in which their https addresses lead to this disk. */
export interface RecipeRepos {
  readonly folder: string;
  add(name: string): Promise<RecipeRepo>;
  close(): Promise<void>;
}

/** The addresses lead here by git's own `insteadOf`, set in the environment as a company's mirror would be. */
export async function startRecipeRepos(): Promise<RecipeRepos> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbot-repos-'));
  const before = { ...process.env };
  process.env['GIT_CONFIG_COUNT'] = '2';
  process.env['GIT_CONFIG_KEY_0'] = `url.file://${folder}/.insteadOf`;
  process.env['GIT_CONFIG_VALUE_0'] = 'https://recipes.example/';
  // What GitHub's servers do, and git's own don't unless asked.
  process.env['GIT_CONFIG_KEY_1'] = 'uploadpack.allowFilter';
  process.env['GIT_CONFIG_VALUE_1'] = 'true';
  return {
    folder,
    async add(name) {
      const path = join(folder, name);
      await mkdir(path, { recursive: true });
      const git = async (...args: string[]) =>
        (await run('git', ['-C', path, ...args])).stdout.trimEnd();
      await git('init', '--quiet', '--initial-branch=main');
      await git('config', 'user.name', 'Vendor');
      await git('config', 'user.email', 'vendor@example.com');
      await git('config', 'uploadpack.allowFilter', 'true');
      await git('config', 'uploadpack.allowAnySHA1InWant', 'true');
      return {
        url: `https://recipes.example/${name}`,
        folder: path,
        git,
        async commit(files, message = 'Change recipes') {
          for (const [file, text] of Object.entries(files)) {
            const target = join(path, file);
            await mkdir(dirname(target), { recursive: true });
            if (text === null) await rm(target);
            else await writeFile(target, text);
          }
          await git('add', '--all', '--force');
          await git('commit', '--quiet', '--message', message);
          return git('rev-parse', 'HEAD');
        },
      };
    },
    async close() {
      for (const name of Object.keys(process.env))
        if (name.startsWith('GIT_CONFIG_') && before[name] === undefined) delete process.env[name];
      await rm(folder, { recursive: true, force: true });
    },
  };
}
