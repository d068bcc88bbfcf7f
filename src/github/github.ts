import { headOf, readFile } from './branches.ts';
import { changesOf, type PullChanges } from './changes.ts';
import { mayWrite } from './collaborators.ts';
import { type Comments, commentsOf } from './comments.ts';
import { commit, type WantedCommit } from './commits.ts';
import { type GitHubSettings, openConnection } from './connection.ts';
import { type Deployments, deploymentsOf } from './deployments.ts';
import { type Guard, guardOf } from './guard.ts';
import type { Identity } from './identity.ts';
import { type Issues, issuesOf } from './issues.ts';
import { type Requests, requestsOf } from './requests.ts';
import { type Statuses, statusesOf } from './statuses.ts';
import { listFolder, type Sha } from './tree.ts';

export { type AddProposal, addBody, addTitle } from './add-body.ts';
export { type Annotation, annotate } from './annotations.ts';
export {
  type BranchKind,
  branchKind,
  branchOf,
  groupBranchOf,
  rollbackBranchOf,
} from './branch-name.ts';
export type { PullChanges } from './changes.ts';
export type { Comment, Comments, Reaction } from './comments.ts';
export type { WantedCommit } from './commits.ts';
export type { GitHubSettings } from './connection.ts';
export { type CustodyProposal, custodyBody, custodyTitle } from './custody-body.ts';
export {
  type Dashboard,
  dashboardBody,
  dashboardLabel,
  dashboardMarker,
  dashboardTitle,
  type ListedTitle,
  type Tick,
  ticksIn,
} from './dashboard-body.ts';
export type { Deployment, DeploymentState, Deployments, WantedDeployment } from './deployments.ts';
export {
  differencesBody,
  differencesLabel,
  differencesMarker,
  differencesTitle,
  type ListedDifference,
} from './differences-body.ts';
export { GitHubError } from './error.ts';
export type { BranchRule, Guard, ScheduledWorkflow } from './guard.ts';
export type { Identity } from './identity.ts';
export type { Issues, KeptIssue, WantedIssue } from './issues.ts';
export { escaped } from './markdown.ts';
export type { Merge } from './merging.ts';
export { type Plan, type PlannedTitle, planText } from './plan-body.ts';
export { type Proposal, type ProposedTitle, requestBody, requestTitle } from './request-body.ts';
export type {
  EnsuredRequest,
  PromotionRequest,
  Requests,
  WantedRequest,
} from './requests.ts';
export { type Rollback, rollbackBody, rollbackTitle } from './rollback-body.ts';
export type { Statuses, WantedStatus } from './statuses.ts';
export { type Summary, type SummaryRow, summaryText, writeSummary } from './summary.ts';
export { type Sha, sha } from './tree.ts';
export { type TrustProposal, trustBody, trustTitle } from './trust-body.ts';

/** One repository on GitHub: its commits, promotion requests, issues and deployments. */
export interface GitHub {
  /** "acme/patchbot". */
  readonly slug: string;
  /** The branch that holds the truth: "main". */
  readonly base: string;
  /** Whose token it is, as far as GitHub tells; never throws. */
  who(): Promise<Identity>;
  /** The newest commit of a branch, or of the base; `undefined` when there is none. */
  head(branch?: string): Promise<Sha | undefined>;
  /** A file's text at a branch or commit; `undefined` when it is not there. */
  readFile(path: string, ref: string): Promise<string | undefined>;
  /** The files directly in a folder at a commit: path to the git id of its content. */
  list(folder: string, commit: Sha): Promise<ReadonlyMap<string, string>>;
  /**
   * One signed commit, fast-forward only; `moved` when the branch is no longer at `parent`. When
   * nothing would change, `sha` is the parent.
   */
  commit(wanted: WantedCommit): Promise<{ sha: Sha } | 'moved'>;
  /** What a pull request would change; `undefined` when there is none of that number. */
  changes(number: number): Promise<PullChanges | undefined>;
  /** Whether somebody may write to the repository, and so may approve, hold and expedite. */
  mayWrite(login: string): Promise<boolean>;
  /** What guards the base, and whether these workflows ("daily.yml") still start by schedule. */
  guard(scheduled: readonly string[]): Promise<Guard>;
  readonly requests: Requests;
  readonly statuses: Statuses;
  readonly comments: Comments;
  readonly issues: Issues;
  readonly deployments: Deployments;
}

/** Connects to a repository; nothing is sent before the first call. */
export function connect(settings: GitHubSettings): GitHub {
  const connection = openConnection(settings);
  return {
    slug: `${settings.owner}/${settings.repo}`,
    base: connection.base,
    who: () => connection.who(),
    head: (branch = connection.base) => headOf(connection, branch),
    readFile: (path, ref) => readFile(connection, path, ref),
    list: (folder, commit) => listFolder(connection, folder, commit),
    commit: (wanted) => commit(connection, wanted),
    changes: (number) => changesOf(connection, number),
    mayWrite: (login) => mayWrite(connection, login),
    guard: (scheduled) => guardOf(connection, scheduled),
    requests: requestsOf(connection),
    statuses: statusesOf(connection),
    comments: commentsOf(connection),
    issues: issuesOf(connection),
    deployments: deploymentsOf(connection),
  };
}
