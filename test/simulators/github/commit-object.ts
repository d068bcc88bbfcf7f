import type { Git } from './git.ts';

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: { name: string; email: string; date: string };
  readonly committer: { name: string; email: string; date: string };
  readonly message: string;
}

/** Reads a commit, or undefined where `sha` is none. */
export async function readCommit(git: Git, sha: string): Promise<CommitObject | undefined> {
  const object = await git.object(sha);
  if (object?.type !== 'commit') return undefined;
  const text = object.content.toString();
  const blank = text.indexOf('\n\n');
  const headers = text.slice(0, blank).split('\n');
  const all = (name: string) =>
    headers
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.slice(name.length + 1));
  return {
    sha: object.sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: signature(all('author')[0] ?? ''),
    committer: signature(all('committer')[0] ?? ''),
    message: text.slice(blank + 2),
  };
}

function signature(line: string) {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+) /.exec(line) ?? [];
  const date = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  return { name, email, date };
}
