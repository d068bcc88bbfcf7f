import { z } from 'zod';
import { unprocessable } from './errors.ts';
import type { Pull, Review } from './model.ts';
import { pullSimple } from './pulls.ts';
import { eventsPage, requestReviews } from './review-requests.ts';
import { created, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { team } from './teams.ts';
import { nodeId, user } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/pulls/reviews and https://docs.github.com/rest/pulls/review-requests

function reviewAnswer(world: World, pull: Pull, review: Review): Schema<'pull-request-review'> {
  const html = `${world.html(`/pull/${pull.number}`)}#pullrequestreview-${review.id}`;
  const url = world.api(`/pulls/${pull.number}`);
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: user(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: review.submitted_at,
    commit_id: review.commit_id,
    author_association: 'MEMBER',
  };
}

/** Reviews a pull request, in the name of who is acting; that answers a request for a review. */
export function addReview(world: World, pull: Pull, state: Review['state'], body = ''): Review {
  if (state !== 'COMMENTED' && world.actor === pull.user)
    throw unprocessable(
      `Can not ${state === 'APPROVED' ? 'approve' : 'request changes on'} your own pull request`,
    );
  const review: Review = {
    id: world.nextId(),
    user: world.actor,
    body,
    state,
    submitted_at: world.now(),
    commit_id: pull.head_sha,
  };
  pull.reviews.push(review);
  pull.requested_reviewers = pull.requested_reviewers.filter((login) => login !== world.actor);
  pull.updated_at = review.submitted_at;
  return review;
}

const requestBody = z.strictObject({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

const states = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

const reviewBody = z.strictObject({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
  commit_id: z.string().optional(),
});

export const reviewRoutes: readonly Route[] = [
  route('GET', 'pulls/{number}/reviews', (world, call) => {
    const pull = world.pull(call.number('number'));
    return page(world, call, pull.reviews, (slice) =>
      slice.map((review) => reviewAnswer(world, pull, review)),
    );
  }),
  route('POST', 'pulls/{number}/reviews', (world, call) => {
    const pull = world.pull(call.number('number'));
    const { event, body } = call.read(reviewBody);
    return ok(reviewAnswer(world, pull, addReview(world, pull, states[event], body)));
  }),
  route('GET', 'pulls/{number}/requested_reviewers', (world, call) => {
    const pull = world.pull(call.number('number'));
    return ok({
      users: pull.requested_reviewers.map((login) => user(world, login)),
      teams: pull.requested_teams.map((slug) => team(world, slug)),
    });
  }),
  route('POST', 'pulls/{number}/requested_reviewers', (world, call) => {
    const pull = world.pull(call.number('number'));
    const { reviewers, team_reviewers } = call.read(requestBody);
    if (reviewers.includes(pull.user))
      throw unprocessable('Review cannot be requested from pull request author.');
    if (reviewers.some((login) => world.permission(login) === 'none'))
      throw unprocessable(
        'Reviews may only be requested from collaborators. One or more of the users or teams you ' +
          `specified is not a collaborator of the ${world.owner}/${world.repo} repository.`,
      );
    requestReviews(world, pull, { people: reviewers, teams: team_reviewers });
    return created(pullSimple(world, pull));
  }),
  route('GET', 'issues/{number}/events', (world, call) =>
    eventsPage(world, call, world.pull(call.number('number'))),
  ),
  route('DELETE', 'pulls/{number}/requested_reviewers', (world, call) => {
    const pull = world.pull(call.number('number'));
    const { reviewers, team_reviewers } = call.read(requestBody);
    pull.requested_reviewers = pull.requested_reviewers.filter((one) => !reviewers.includes(one));
    pull.requested_teams = pull.requested_teams.filter((one) => !team_reviewers.includes(one));
    return ok(pullSimple(world, pull));
  }),
];
