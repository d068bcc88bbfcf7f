import { ok, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

/** The repository as it stands within other answers. */
export function repository(world: World) {
  const api = (path: string) => world.api(path);
  const clone = `${world.html('')}.git`;
  const open = [...world.issues, ...world.pulls].filter(({ state }) => state === 'open').length;
  return {
    id: world.id,
    node_id: nodeId('Repository', world.id),
    name: world.repo,
    full_name: `${world.owner}/${world.repo}`,
    owner: user(world, world.owner),
    private: true,
    html_url: world.html(''),
    description: null,
    fork: false,
    url: api(''),
    archive_url: api('/{archive_format}{/ref}'),
    assignees_url: api('/assignees{/user}'),
    blobs_url: api('/git/blobs{/sha}'),
    branches_url: api('/branches{/branch}'),
    collaborators_url: api('/collaborators{/collaborator}'),
    comments_url: api('/comments{/number}'),
    commits_url: api('/commits{/sha}'),
    compare_url: api('/compare/{base}...{head}'),
    contents_url: api('/contents/{+path}'),
    contributors_url: api('/contributors'),
    deployments_url: api('/deployments'),
    downloads_url: api('/downloads'),
    events_url: api('/events'),
    forks_url: api('/forks'),
    git_commits_url: api('/git/commits{/sha}'),
    git_refs_url: api('/git/refs{/sha}'),
    git_tags_url: api('/git/tags{/sha}'),
    git_url: clone.replace('https:', 'git:'),
    issue_comment_url: api('/issues/comments{/number}'),
    issue_events_url: api('/issues/events{/number}'),
    issues_url: api('/issues{/number}'),
    keys_url: api('/keys{/key_id}'),
    labels_url: api('/labels{/name}'),
    languages_url: api('/languages'),
    merges_url: api('/merges'),
    milestones_url: api('/milestones{/number}'),
    notifications_url: api('/notifications{?since,all,participating}'),
    pulls_url: api('/pulls{/number}'),
    releases_url: api('/releases{/id}'),
    ssh_url: `git@github.com:${world.owner}/${world.repo}.git`,
    stargazers_url: api('/stargazers'),
    statuses_url: api('/statuses/{sha}'),
    subscribers_url: api('/subscribers'),
    subscription_url: api('/subscription'),
    tags_url: api('/tags'),
    teams_url: api('/teams'),
    trees_url: api('/git/trees{/sha}'),
    clone_url: clone,
    mirror_url: null,
    hooks_url: api('/hooks'),
    svn_url: world.html(''),
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: 'main',
    open_issues: open,
    open_issues_count: open,
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    archived: false,
    disabled: false,
    visibility: 'private',
    pushed_at: world.now(),
    created_at: world.now(),
    updated_at: world.now(),
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: world.deleteBranchOnMerge,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  } satisfies Schema<'repository'>;
}

export const repositoryRoutes: readonly Route[] = [
  route('GET', '', (world) => {
    const now = world.now();
    const answer: Schema<'full-repository'> = {
      ...repository(world),
      has_discussions: false,
      pushed_at: now,
      created_at: now,
      updated_at: now,
      subscribers_count: 0,
      network_count: 0,
    };
    return ok(answer);
  }),
];
