import { z } from 'zod';
import { notFound, Refusal, unprocessable } from './errors.ts';
import { type Git, GitError } from './git.ts';
import { created, noContent, ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/git/refs

function gitRef(world: World, ref: string, sha: string, type: string): Schema<'git-ref'> {
  return {
    ref,
    node_id: nodeId('Ref', ref),
    url: world.api(`/git/${ref}`),
    object: { sha, type, url: world.api(`/git/${type}s/${sha}`) },
  };
}

/** The sha a ref is at, by its full name; undefined where there is no such ref. */
export async function refSha(git: Git, ref: string): Promise<string | undefined> {
  return (await git.isRefName(ref)) ? git.resolve(ref) : undefined;
}

/** A commit named as the API lets one name it: a sha, a branch, a tag or a full ref. */
export async function commitSha(git: Git, name: string): Promise<string | undefined> {
  const candidates = /^[0-9a-f]{4,40}$/.test(name) ? [name] : [];
  candidates.push(name, `refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`);
  for (const candidate of candidates) {
    const isName = candidate.startsWith('refs/') || /^[0-9a-f]{4,40}$/.test(candidate);
    if (candidate !== 'HEAD' && !isName) continue;
    if (candidate.startsWith('refs/') && !(await git.isRefName(candidate))) continue;
    const sha = await git.resolve(`${candidate}^{commit}`);
    if (sha) return sha;
  }
  return undefined;
}

async function existing(world: World, ref: string) {
  const sha = await refSha(world.git, ref);
  return sha ? { sha, type: (await world.git.type(sha)) ?? 'commit' } : undefined;
}

const shaForm = z.string().regex(/^[0-9a-f]{40}$/, 'is not a sha');

export const refRoutes: readonly Route[] = [
  route('GET', 'git/ref/{+ref}', async (world, call) => {
    const ref = `refs/${call.param('ref')}`;
    const found = await existing(world, ref);
    if (!found) throw notFound();
    return ok(gitRef(world, ref, found.sha, found.type));
  }),

  route('GET', 'git/matching-refs/{+ref}', async (world, call) => {
    const refs = await world.git.refs(`refs/${call.param('ref')}`);
    return ok(refs.map(({ ref, sha, type }) => gitRef(world, ref, sha, type)));
  }),

  route('POST', 'git/refs', async (world, call) => {
    const { ref, sha } = call.read(z.strictObject({ ref: z.string(), sha: shaForm }));
    if (!/^refs\/[^/]+\/.+/.test(ref) || !(await world.git.isRefName(ref)))
      throw unprocessable(`${ref} is not a valid ref name.`);
    const type = await world.git.type(sha);
    if (!type) throw unprocessable('Object does not exist');
    if (await existing(world, ref)) throw unprocessable('Reference already exists');
    await update(world, ref, undefined, sha);
    return created(gitRef(world, ref, sha, type));
  }),

  route('PATCH', 'git/refs/{+ref}', async (world, call) => {
    const { sha, force = false } = call.read(
      z.strictObject({ sha: shaForm, force: z.boolean().optional() }),
    );
    const ref = `refs/${call.param('ref')}`;
    const old = await existing(world, ref);
    if (!old) throw unprocessable('Reference does not exist');
    const type = await world.git.type(sha);
    if (!type) throw unprocessable('Object does not exist');
    if (type !== 'commit' && ref.startsWith('refs/heads/'))
      throw unprocessable('Object is not a commit');
    if (!force && !(await world.git.isAncestor(old.sha, sha)))
      throw unprocessable('Update is not a fast forward');
    await update(world, ref, old.sha, sha);
    return ok(gitRef(world, ref, sha, type));
  }),

  route('DELETE', 'git/refs/{+ref}', async (world, call) => {
    const ref = `refs/${call.param('ref')}`;
    const old = await existing(world, ref);
    if (!old) throw unprocessable('Reference does not exist');
    if (ref === 'refs/heads/main') throw unprocessable('Cannot delete the default branch');
    await update(world, ref, old.sha, undefined);
    return noContent();
  }),
];

async function update(world: World, ref: string, from: string | undefined, to: string | undefined) {
  try {
    await world.git.updateRefs([{ ref, from, to }]);
  } catch (error) {
    // Moved meanwhile by a push into the bare repository, or a name in another one's way.
    if (error instanceof GitError) throw new Refusal(422, 'Reference update failed');
    throw error;
  }
}
