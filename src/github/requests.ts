import { branchPrefix } from './branch-name.ts';
import { ensureComment, sameText } from './comments.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { ensureLabels, ensureNoLabel } from './labels.ts';
import { markerIn, withMarker } from './marker.ts';
import { mergeRequest } from './merging.ts';
import { ensureBranch, type WantedBranch } from './request-branch.ts';
import { type Asked, askReviewers } from './reviewers.ts';
import { type Sha, sha } from './tree.ts';

/** A pull request that asks people to approve a promotion. */
export interface PromotionRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly headSha: Sha;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly labels: readonly string[];
  /** The hidden marker of its body. */
  readonly marker?: string;
}

/** A promotion request as it should be. */
export interface WantedRequest extends WantedBranch {
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Whom to ask: a login, or a team as "acme/mac-admins". */
  readonly reviewers?: readonly string[];
}

/** The promotion requests of the repository; each call is an ensure that may be repeated for ever. */
export interface Requests {
  /** All that are open, from branches of this repository (never a fork's). */
  open(): Promise<readonly PromotionRequest[]>;
  /** The newest one from that branch, whatever became of it. */
  latestOf(branch: string): Promise<PromotionRequest | undefined>;
  /**
   * Makes sure that an open request shows exactly the wanted file, title, body and labels; its own is
   * found by branch, never doubled. When the base has that content already, the newest request is
   * given as it is.
   *
   * @returns `wrote`: whether anything had to be written.
   */
  ensure(wanted: WantedRequest): Promise<{ request: PromotionRequest; wrote: boolean }>;
  /** The login of whoever closed it. */
  closedBy(number: number): Promise<string | undefined>;
  /** @returns whether the label had to be added. */
  label(number: number, label: string): Promise<boolean>;
  /** @returns whether the label was there to be taken away. */
  unlabel(number: number, label: string): Promise<boolean>;
  /** One comment by hidden marker. @returns whether it had to be written or edited. */
  comment(number: number, marker: string, body: string): Promise<boolean>;
  /** Closes it unmerged. @returns whether it was open. */
  close(number: number): Promise<boolean>;
  /**
   * Merges it, if its head is this very commit.
   * @returns whether it is merged; `false` when GitHub does not let it (yet): checks, reviews, another head.
   */
  merge(number: number, head: Sha): Promise<boolean>;
}

/** What GitHub says of a pull request, as far as it is read here. */
interface Pull extends Asked {
  html_url: string;
  title: string;
  body: string | null;
  state: string;
  merged_at: string | null;
  head: { ref: string; sha: string; repo: { full_name: string } | null };
  labels: readonly { name?: string | null }[];
}

/** GitHub's own limits: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
const longestTitle = 256;

export function requestsOf(connection: Connection): Requests {
  const { octokit, owner, repo } = connection;

  async function listed(tried: string, filter: { state: 'open' | 'all'; head?: string }) {
    const pulls: readonly Pull[] = await connection.ask(tried, 'read', () =>
      octokit.paginate(octokit.rest.pulls.list, {
        owner,
        repo,
        base: connection.base,
        ...filter,
        sort: 'created',
        direction: 'desc',
        per_page: 100,
      }),
    );
    const ours = `${owner}/${repo}`.toLowerCase();
    // A fork may name its branch as it likes. A branch's repository is null when a fork is gone.
    return pulls.filter(({ head }) => head.repo?.full_name.toLowerCase() === ours);
  }

  async function ofBranch(branch: string): Promise<Pull | undefined> {
    const pulls = await listed(`read the requests of ${branch}`, {
      state: 'all',
      head: `${owner}:${branch}`,
    });
    const newest = pulls
      .filter(({ head }) => head.ref === branch)
      .sort((a, b) => b.number - a.number);
    return newest.find(({ state }) => state === 'open') ?? newest[0];
  }

  async function create(wanted: WantedRequest, title: string, body: string): Promise<Pull> {
    return await connection.createOnce(
      `open a request for ${wanted.branch}`,
      async () => {
        const found = await ofBranch(wanted.branch);
        return found?.state === 'open' ? found : undefined;
      },
      async () => {
        const { data } = await octokit.rest.pulls.create({
          owner,
          repo,
          base: connection.base,
          head: wanted.branch,
          title,
          body,
        });
        return data;
      },
    );
  }

  async function ensure(wanted: WantedRequest) {
    const title = wanted.title.replace(/\s+/g, ' ').trim().slice(0, longestTitle);
    const body = withMarker(wanted.body, wanted.marker);
    const branch = await ensureBranch(connection, wanted);
    const before = await ofBranch(wanted.branch);
    if (branch === 'nothing to propose') {
      if (before) return { request: read(before), wrote: false };
      throw new GitHubError(`open a request for ${wanted.branch}`, {
        answer: `${connection.base} has this ${wanted.path} already`,
        remedy: 'There is nothing to approve; run the promotion instead.',
      });
    }
    const open = before?.state === 'open' ? before : undefined;
    let pull = open ?? (await create(wanted, title, body));
    let wrote = branch.wrote || !open;
    if (pull.title !== title || !sameText(pull.body ?? '', body)) {
      const { number } = pull;
      const { data } = await connection.ask(`update request #${number}`, 'repeatable', () =>
        octokit.rest.pulls.update({ owner, repo, pull_number: number, title, body }),
      );
      pull = data;
      wrote = true;
    }
    const labels = namesOf(pull.labels);
    const added = await ensureLabels(connection, pull.number, labels, wanted.labels);
    const asked = await askReviewers(connection, pull, wanted.reviewers ?? []);
    const request = {
      ...read(pull),
      headSha: branch.head,
      labels: [...labels, ...added],
    };
    return { request, wrote: wrote || added.length > 0 || asked };
  }

  async function issue(number: number) {
    const { data } = await connection.ask(`read request #${number}`, 'read', () =>
      octokit.rest.issues.get({ owner, repo, issue_number: number }),
    );
    return data;
  }

  async function labelsOn(number: number): Promise<readonly string[]> {
    const { labels } = await issue(number);
    return namesOf(labels.map((one) => (typeof one === 'string' ? { name: one } : one)));
  }

  return {
    async open() {
      const pulls = await listed('read the open requests', { state: 'open' });
      return pulls.filter(({ head }) => head.ref.startsWith(branchPrefix)).map(read);
    },
    async latestOf(branch) {
      const pull = await ofBranch(branch);
      return pull && read(pull);
    },
    ensure,
    async closedBy(number) {
      return (await issue(number)).closed_by?.login;
    },
    async label(number, label) {
      return (await ensureLabels(connection, number, await labelsOn(number), [label])).length > 0;
    },
    async unlabel(number, label) {
      return ensureNoLabel(connection, number, await labelsOn(number), label);
    },
    comment: (number, marker, body) => ensureComment(connection, number, marker, body),
    async close(number) {
      if ((await issue(number)).state !== 'open') return false;
      await connection.ask(`close request #${number}`, 'repeatable', () =>
        octokit.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' }),
      );
      return true;
    },
    merge: (number, head) => mergeRequest(connection, number, head),
  };
}

function namesOf(labels: readonly { name?: string | null }[]): string[] {
  return labels.flatMap(({ name }) => (name ? [name] : []));
}

function read(pull: Pull): PromotionRequest {
  const body = pull.body ?? '';
  const marker = markerIn(body);
  return {
    number: pull.number,
    url: pull.html_url,
    branch: pull.head.ref,
    headSha: sha(pull.head.sha),
    title: pull.title,
    body,
    state: pull.merged_at ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
    labels: namesOf(pull.labels),
    ...(marker === undefined ? {} : { marker }),
  };
}
