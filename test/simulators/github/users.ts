import { Refusal } from './errors.ts';
import { ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { userId, type World } from './world.ts';

/** An internal number as GitHub's other kind of id. */
export const nodeId = (kind: string, id: number | string) =>
  Buffer.from(`${kind}:${id}`).toString('base64');

/** A user as GitHub shows one within other answers. */
export function user(world: World, login: string): Schema<'simple-user'> {
  const id = userId(login);
  const url = `${world.url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${login.replace(/^(.*)\[bot\]$/, 'apps/$1')}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : login === world.owner ? 'Organization' : 'User',
    site_admin: false,
  };
}

const roles = { admin: 'admin', maintain: 'write', write: 'write', triage: 'read', read: 'read' };

export const userRoutes: readonly Route[] = [
  route('GET', '/user', (world) => {
    // An App's installation token is nobody: GitHub says so.
    if (world.bot.login.endsWith('[bot]'))
      throw new Refusal(403, 'Resource not accessible by integration');
    return ok(user(world, world.bot.login));
  }),
  route('GET', '/users/{login}', (world, call) => ok(user(world, call.param('login')))),
  route('GET', 'collaborators/{login}/permission', (world, call) => {
    const login = call.param('login');
    const role = world.permission(login);
    const permission = role === 'none' ? 'none' : roles[role];
    const answer: Schema<'repository-collaborator-permission'> = {
      permission,
      role_name: role,
      user: { ...user(world, login), role_name: role },
    };
    return ok(answer);
  }),
  route('GET', '/rate_limit', (world) => {
    const reset = Math.floor(world.clock().getTime() / 1000) + 3600;
    const core = { limit: 5000, used: 0, remaining: 5000, reset };
    const answer: Schema<'rate-limit-overview'> = {
      resources: { core, search: { limit: 30, used: 0, remaining: 30, reset } },
      rate: core,
    };
    return ok(answer);
  }),
];
