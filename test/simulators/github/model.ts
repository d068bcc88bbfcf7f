import type { Schema } from './schema.ts';

/** What the simulated GitHub remembers, in the words of its API; times are ISO instants. */

export interface Reaction {
  readonly id: number;
  readonly user: string;
  readonly content: Schema<'reaction'>['content'];
  readonly created_at: string;
}

export interface Comment {
  readonly id: number;
  readonly user: string;
  body: string;
  readonly created_at: string;
  updated_at: string;
  readonly reactions: Reaction[];
}

/** What issues and pull requests have in common. */
export interface Thread {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  readonly user: string;
  readonly created_at: string;
  updated_at: string;
  closed_at: string | null;
  closed_by: string | null;
  /** Who edited the text last. */
  editor?: string;
  labels: string[];
  assignees: string[];
  comments: Comment[];
  readonly reactions: Reaction[];
}

export interface Issue extends Thread {
  readonly kind: 'issue';
  state_reason: Schema<'issue'>['state_reason'];
}

export interface Review {
  readonly id: number;
  readonly user: string;
  readonly body: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly submitted_at: string;
  readonly commit_id: string;
}

/** Somebody was asked for a review: a person or a team. */
export type ReviewRequest = {
  readonly id: number;
  readonly by: string;
  readonly created_at: string;
} & ({ readonly login: string } | { readonly team: string });

export interface Pull extends Thread {
  readonly kind: 'pull';
  /** The branch with the changes, and the commit it was last seen at. */
  readonly head: string;
  head_sha: string;
  /** The branch to merge into, and the commit it was last seen at. */
  base: string;
  base_sha: string;
  draft: boolean;
  merged: boolean;
  merged_at: string | null;
  merged_by: string | null;
  merge_commit_sha: string | null;
  requested_reviewers: string[];
  requested_teams: string[];
  readonly reviews: Review[];
  /** Every request for a review there ever was, oldest first. */
  readonly asked: ReviewRequest[];
  /** How often `mergeable` is still answered with null. */
  computing: number;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: Schema<'deployment-status'>['state'];
  readonly description: string;
  readonly environment: string;
  readonly log_url: string;
  readonly environment_url: string;
  readonly creator: string;
  readonly created_at: string;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly payload: Schema<'deployment'>['payload'];
  readonly environment: string;
  readonly description: string | null;
  readonly transient_environment: boolean;
  readonly production_environment: boolean;
  readonly creator: string;
  readonly created_at: string;
  updated_at: string;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
  readonly creator: string;
  readonly created_at: string;
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  status: Schema<'check-run'>['status'];
  conclusion: Schema<'check-run'>['conclusion'];
  external_id: string | null;
  details_url: string | null;
  started_at: string | null;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
}
