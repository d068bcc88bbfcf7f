import { z } from 'zod';
import { type CommitObject, readCommit } from './commit-object.ts';
import { notFound, unprocessable } from './errors.ts';
import type { Signature } from './git.ts';
import { type Call, created, ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { editTree, entryType, NoSuchPath, readTree, type TreeEntry, walkTree } from './trees.ts';
import { nodeId } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/git: blobs, trees and commits; refs have a file of their own.

/** What GitHub says of a commit's signature: it signs what Apps commit in their own name. */
export function verification(world: World, commit: CommitObject): Schema<'verification'> {
  if (!world.signed.has(commit.sha))
    return {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    };
  return {
    verified: true,
    reason: 'valid',
    signature: '-----BEGIN PGP SIGNATURE-----\n\nsimulated\n-----END PGP SIGNATURE-----\n',
    payload: `tree ${commit.tree}\n`,
    verified_at: commit.committer.date,
  };
}

export function gitCommit(world: World, commit: CommitObject): Schema<'git-commit'> {
  const { sha, tree, parents, author, committer, message } = commit;
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: world.api(`/git/commits/${sha}`),
    html_url: world.html(`/commit/${sha}`),
    author,
    committer,
    tree: { sha: tree, url: world.api(`/git/trees/${tree}`) },
    message,
    parents: parents.map((parent) => ({
      sha: parent,
      url: world.api(`/git/commits/${parent}`),
      html_url: world.html(`/commit/${parent}`),
    })),
    verification: verification(world, commit),
  };
}

async function blob(world: World, sha: string): Promise<Schema<'blob'>> {
  const object = await world.git.object(sha);
  if (object?.type !== 'blob') throw notFound();
  return {
    sha,
    node_id: nodeId('Blob', sha),
    size: object.content.length,
    url: world.api(`/git/blobs/${sha}`),
    content: inLines(object.content),
    encoding: 'base64',
  };
}

/** Base64 as GitHub gives it: in lines of 60. */
export const inLines = (content: Buffer) =>
  content.toString('base64').replace(/.{1,60}/g, (line) => `${line}\n`);

async function tree(world: World, sha: string, recursive: boolean): Promise<Schema<'git-tree'>> {
  const read = recursive ? walkTree : readTree;
  const entries: Schema<'git-tree'>['tree'] = [];
  for (const [path, { mode, sha: object }] of await read(world.git, sha)) {
    const type = entryType(mode);
    const size = type === 'blob' ? await world.git.size(object) : undefined;
    const url = world.api(`/git/${type}s/${object}`);
    entries.push({ path, mode, type, sha: object, ...(size !== undefined && { size }), url });
  }
  return { sha, url: world.api(`/git/trees/${sha}`), tree: entries, truncated: false };
}

const treeBody = z.strictObject({
  base_tree: z.string().optional(),
  tree: z.array(
    z.strictObject({
      path: z.string().min(1),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});

async function writeTree(world: World, call: Call): Promise<Schema<'git-tree'>> {
  const { git } = world;
  const body = call.read(treeBody);
  if (body.tree.length === 0) throw unprocessable('Invalid tree info');
  const base = body.base_tree ? await git.resolve(`${body.base_tree}^{tree}`) : undefined;
  if (body.base_tree && !base) throw unprocessable('base_tree is not a valid tree oid');
  const changes = new Map<string, TreeEntry | null>();
  for (const { path, mode, sha, content } of body.tree) {
    if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part)))
      throw unprocessable('tree.path contains a malformed path component');
    if (content !== undefined && sha)
      throw unprocessable('Must supply either tree.sha or tree.content');
    if (content !== undefined) changes.set(path, { mode, sha: await git.writeBlob(content) });
    else if (sha === null) changes.set(path, null);
    else if (!sha) throw unprocessable('Must supply either tree.sha or tree.content');
    else if ((await git.type(sha)) === entryType(mode)) changes.set(path, { mode, sha });
    else throw unprocessable(`tree.sha ${sha} is not a valid ${entryType(mode)}`);
  }
  try {
    return await tree(world, await editTree(git, base, changes), false);
  } catch (error) {
    if (error instanceof NoSuchPath) throw unprocessable('GitRPC::BadObjectState');
    throw error;
  }
}

const person = z.strictObject({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});

const commitBody = z.strictObject({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).optional(),
  author: person.optional(),
  committer: person.partial().optional(),
  signature: z.string().optional(),
});

async function writeCommit(world: World, call: Call): Promise<Schema<'git-commit'>> {
  const { git } = world;
  const body = call.read(commitBody);
  if ((await git.type(body.tree)) !== 'tree') throw unprocessable('Tree SHA does not exist');
  const parents = body.parents ?? [];
  for (const parent of parents)
    if ((await git.type(parent)) !== 'commit')
      throw unprocessable('Parent SHA does not exist or is not a commit object');
  const bot = world.signature(world.bot.login);
  const author = signature(body.author, bot);
  const committer = signature(body.committer, author);
  const sha = await git.commit(body.tree, parents, body.message, author, committer);
  if (!body.author && !body.committer) world.signed.add(sha);
  const written = await readCommit(git, sha);
  if (!written) throw new Error(`the commit ${sha} was not written`);
  return gitCommit(world, written);
}

function signature(given: z.infer<typeof commitBody>['committer'], fallback: Signature): Signature {
  return {
    name: given?.name ?? fallback.name,
    email: given?.email ?? fallback.email,
    date: given?.date ? new Date(given.date) : fallback.date,
  };
}

const blobBody = z.strictObject({
  content: z.string(),
  encoding: z.enum(['utf-8', 'base64']).default('utf-8'),
});

/** Here GitHub takes nothing but a whole sha. */
function sha(call: Call): string {
  const given = call.param('sha');
  if (!/^[0-9a-f]{40}$/.test(given)) throw notFound();
  return given;
}

export const gitDataRoutes: readonly Route[] = [
  route('GET', 'git/blobs/{sha}', async (world, call) => ok(await blob(world, sha(call)))),

  route('POST', 'git/blobs', async (world, call) => {
    const { content, encoding } = call.read(blobBody);
    const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
    const sha = await world.git.writeBlob(bytes);
    const answer: Schema<'short-blob'> = { sha, url: world.api(`/git/blobs/${sha}`) };
    return created(answer);
  }),

  route('GET', 'git/trees/{+sha}', async (world, call) => {
    const name = call.param('sha');
    const isSha = /^[0-9a-f]{40}$/.test(name);
    const sha = await world.git.resolve(`${isSha ? name : `refs/heads/${name}`}^{tree}`);
    if (!sha) throw notFound();
    return ok(await tree(world, sha, call.query('recursive') !== undefined));
  }),

  route('POST', 'git/trees', async (world, call) => created(await writeTree(world, call))),

  route('GET', 'git/commits/{sha}', async (world, call) => {
    const commit = await readCommit(world.git, sha(call));
    if (!commit) throw notFound();
    return ok(gitCommit(world, commit));
  }),

  route('POST', 'git/commits', async (world, call) => created(await writeCommit(world, call))),
];
