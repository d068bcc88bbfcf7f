import { headOf, readFile } from './branches.ts';
import { commit, type WantedCommit } from './commits.ts';
import { type GitHubSettings, openConnection } from './connection.ts';
import { type Deployments, deploymentsOf } from './deployments.ts';
import { type Identity, identityOf } from './identity.ts';
import { type Requests, requestsOf } from './requests.ts';
import { listFolder, type Sha } from './tree.ts';

export { type Annotation, annotate } from './annotations.ts';
export { branchOf } from './branch-name.ts';
export type { WantedCommit } from './commits.ts';
export type { GitHubSettings } from './connection.ts';
export type { Deployment, DeploymentState, Deployments, WantedDeployment } from './deployments.ts';
export { GitHubError } from './error.ts';
export type { Identity } from './identity.ts';
export { type Proposal, requestBody, requestTitle } from './request-body.ts';
export type { PromotionRequest, Requests, WantedRequest } from './requests.ts';
export { type Summary, type SummaryRow, summaryText, writeSummary } from './summary.ts';
export { type Sha, sha } from './tree.ts';

/** One repository on GitHub: its commits, promotion requests and deployments. */
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
  readonly requests: Requests;
  readonly deployments: Deployments;
}

/** Connects to a repository; nothing is sent before the first call. */
export function connect(settings: GitHubSettings): GitHub {
  const connection = openConnection(settings);
  return {
    slug: `${settings.owner}/${settings.repo}`,
    base: connection.base,
    who: () => identityOf(connection),
    head: (branch = connection.base) => headOf(connection, branch),
    readFile: (path, ref) => readFile(connection, path, ref),
    list: (folder, commit) => listFolder(connection, folder, commit),
    commit: (wanted) => commit(connection, wanted),
    requests: requestsOf(connection),
    deployments: deploymentsOf(connection),
  };
}
