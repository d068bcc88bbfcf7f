import type { Schema } from './schema.ts';
import { nodeId } from './users.ts';
import { userId, type World } from './world.ts';

/** A team of the organization, as GitHub shows one within other answers. */
export function team(world: World, slug: string): Schema<'team'> {
  const id = userId(slug);
  const url = `${world.url}/organizations/${userId(world.owner)}/team/${id}`;
  return {
    id,
    node_id: nodeId('Team', id),
    url,
    html_url: `https://github.com/orgs/${world.owner}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    permission: 'push',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    parent: null,
  };
}
