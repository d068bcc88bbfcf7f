import { z } from 'zod';
import { readCommit } from './commit-object.ts';
import { notFound, Refusal, unprocessable } from './errors.ts';
import { gitCommit, inLines } from './git-data.ts';
import { commitSha, refSha } from './refs.ts';
import { type Answer, type Call, ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { editTree, entryType, readTree, type TreeEntry } from './trees.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/repos/contents

function entry(world: World, path: string, ref: string, { mode, sha }: TreeEntry, size: number) {
  const type = entryType(mode);
  const self = world.api(`/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`);
  const git = world.api(`/git/${type}s/${sha}`);
  const html = world.html(`/${type}/${ref}/${encodeURI(path)}`);
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size,
    url: self,
    html_url: html,
    git_url: git,
    download_url: type === 'blob' ? world.html(`/raw/${ref}/${encodeURI(path)}`) : null,
    _links: { self, git, html },
  };
}

async function find(world: World, commit: string, path: string): Promise<TreeEntry | undefined> {
  let found: TreeEntry | undefined = { mode: '040000', sha: commit };
  for (const name of path.split('/').filter(Boolean)) {
    if (!found || entryType(found.mode) !== 'tree') return undefined;
    found = (await readTree(world.git, found.sha)).get(name);
  }
  return found;
}

async function read(world: World, call: Call, path: string): Promise<Answer> {
  const ref = call.query('ref') ?? 'main';
  const commit = await commitSha(world.git, ref);
  if (!commit) throw notFound(`No commit found for the ref ${ref}`);
  const found = await find(world, commit, path);
  if (!found) throw notFound();
  if (entryType(found.mode) === 'tree') {
    const listing: Schema<'content-directory'> = [];
    for (const [name, inner] of await readTree(world.git, found.sha)) {
      const size = (await world.git.size(inner.sha)) ?? 0;
      const type = entryType(inner.mode) === 'tree' ? 'dir' : 'file';
      const whole = path ? `${path}/${name}` : name;
      listing.push({ type, ...entry(world, whole, ref, inner, type === 'dir' ? 0 : size) });
    }
    return ok(listing);
  }
  const content = (await world.git.object(found.sha))?.content ?? Buffer.alloc(0);
  if (call.headers.accept?.includes('raw')) return { status: 200, raw: content };
  // From one megabyte on, GitHub gives the content only raw, or as a blob.
  const small = content.length <= 1024 * 1024;
  const file: Schema<'content-file'> = {
    type: 'file',
    encoding: small ? 'base64' : 'none',
    content: small ? inLines(content) : '',
    ...entry(world, path, ref, found, content.length),
  };
  return ok(file);
}

const person = z.strictObject({
  name: z.string(),
  email: z.string(),
  date: z.string().optional(),
});

const writeBody = z.strictObject({
  message: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  committer: person.optional(),
  author: person.optional(),
});

async function write(world: World, call: Call): Promise<Answer> {
  const { git } = world;
  const path = call.param('path');
  const body = call.read(writeBody);
  const branch = body.branch ?? 'main';
  const ref = `refs/heads/${branch}`;
  const head = await refSha(git, ref);
  if (!head) throw notFound(`Branch ${branch} not found`);
  const old = await find(world, head, path);
  const deletes = call.method === 'DELETE';
  if (deletes && !old) throw notFound();
  if (!body.sha && (old || deletes))
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  if (body.sha && body.sha !== old?.sha)
    throw new Refusal(409, old ? `${path} does not match ${body.sha}` : `${path} does not exist`);
  if (!deletes && body.content === undefined)
    throw unprocessable('Invalid request.\n\n"content" wasn\'t supplied.');
  const bytes = Buffer.from(body.content ?? '', 'base64');
  const put = deletes ? null : { mode: old?.mode ?? '100644', sha: await git.writeBlob(bytes) };
  const tree = await editTree(git, head, new Map([[path, put]]));
  const bot = world.signature(world.bot.login);
  const given = body.author ?? body.committer;
  const author = given ? { name: given.name, email: given.email, date: bot.date } : bot;
  const sha = await git.commit(
    tree,
    [head],
    body.message,
    author,
    given ? author : world.webFlow(),
  );
  if (!given) world.signed.add(sha);
  await git.updateRefs([{ ref, from: head, to: sha }]);
  const commit = await readCommit(git, sha);
  if (!commit) throw new Error(`the commit ${sha} was not written`);
  const answer: Schema<'file-commit'> = {
    content: put && { type: 'file', ...asText(entry(world, path, branch, put, bytes.length)) },
    commit: gitCommit(world, commit),
  };
  return { status: old ? 200 : 201, body: answer };
}

const asText = ({ download_url, ...rest }: ReturnType<typeof entry>) => ({
  ...rest,
  download_url: download_url ?? '',
});

export const contentsRoutes: readonly Route[] = [
  route('GET', 'contents', (world, call) => read(world, call, '')),
  route('GET', 'contents/{+path}', (world, call) => {
    return read(world, call, call.param('path').replace(/\/+$/, ''));
  }),
  route('PUT', 'contents/{+path}', write),
  route('DELETE', 'contents/{+path}', write),
];
