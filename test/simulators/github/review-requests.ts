import type { Pull } from './model.ts';
import { type Call, page } from './router.ts';
import type { Schema } from './schema.ts';
import { team } from './teams.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

/** Asks people and teams for a review, in the name of who is acting; GitHub keeps it as an event. */
export function requestReviews(
  world: World,
  pull: Pull,
  { people = [], teams = [] }: { people?: readonly string[]; teams?: readonly string[] },
): void {
  const news = <Name>(wanted: readonly Name[], present: readonly Name[]) =>
    wanted.filter((name) => !present.includes(name));
  for (const login of news(people, pull.requested_reviewers)) {
    pull.requested_reviewers.push(login);
    pull.asked.push({ id: world.nextId(), by: world.actor, login, created_at: world.now() });
  }
  for (const slug of news(teams, pull.requested_teams)) {
    pull.requested_teams.push(slug);
    pull.asked.push({ id: world.nextId(), by: world.actor, team: slug, created_at: world.now() });
  }
}

/** The events of a request, oldest first: of GitHub's many, the review requests alone. */
export function eventsPage(world: World, call: Call, pull: Pull) {
  return page(world, call, pull.asked, (slice) =>
    slice.map(
      ({ id, by, created_at, ...whom }): Schema<'issue-event'> => ({
        id,
        node_id: nodeId('ReviewRequestedEvent', id),
        url: world.api(`/issues/events/${id}`),
        actor: user(world, by),
        event: 'review_requested',
        commit_id: null,
        commit_url: null,
        created_at,
        review_requester: user(world, by),
        ...('login' in whom
          ? { requested_reviewer: user(world, whom.login) }
          : { requested_team: team(world, whom.team) }),
      }),
    ),
  );
}

/**
 * Whom CODEOWNERS on the base branch names for these paths: the last line that matches counts. Of its
 * patterns, paths, folders and `*` are known here.
 *
 * https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function codeOwners(text: string, paths: readonly string[]): string[] {
  const rules = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([pattern]) => pattern);
  const owners = paths.flatMap((path) => {
    const [, ...names] =
      rules.findLast(([pattern = '']) => {
        const wanted = pattern.replace(/^\//, '');
        return (
          wanted === '*' || path === wanted || (wanted.endsWith('/') && path.startsWith(wanted))
        );
      }) ?? [];
    return names.map((name) => name.replace(/^@/, ''));
  });
  return [...new Set(owners)];
}
