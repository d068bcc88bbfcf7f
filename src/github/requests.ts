import { branchPrefix } from './branch-name.ts';
import { ensureComment, sameText } from './comments.ts';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';
import { ensureLabels, ensureNoLabel } from './labels.ts';
import { markerIn, withMarker } from './marker.ts';
import { type Merge, mergeRequest } from './merging.ts';
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
  /** Labels that it must not carry (any more). */
  readonly notLabels?: readonly string[];
  /** Whom to ask: a login, or a team as "acme/mac-admins". */
  readonly reviewers?: readonly string[];
}

/** A request as it now stands, and what had to be done for it. */
export interface EnsuredRequest {
  readonly request: PromotionRequest;
  readonly wrote: boolean;
  readonly opened: boolean;
}

/** The promotion requests of the repository; each call is an ensure that may be repeated for ever. */
export interface Requests {
  /**
   * All that are open, from branches of this repository (never a fork's): those of promotions, or whose
   * branches start otherwise.
   */
  open(startingWith?: string): Promise<readonly PromotionRequest[]>;
  /** The newest one from that branch, whatever became of it. */
  latestOf(branch: string): Promise<PromotionRequest | undefined>;
  /** One by its number, when it is from a branch of PatchBot in this repository. */
  find(number: number): Promise<PromotionRequest | undefined>;
  /** The 100 that changed last, whatever became of them. */
  recent(): Promise<readonly PromotionRequest[]>;
  /**
   * Makes sure that an open request shows exactly the wanted files, title, body and labels; its own is
   * found by branch, never doubled. When the base has that content already, the newest request is
   * given as it is.
   *
   * @returns `wrote`: whether anything had to be written; `opened`: whether the request is new.
   */
  ensure(wanted: WantedRequest): Promise<EnsuredRequest>;
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
  /** Merges it, if its head is this very commit and nothing that GitHub knows speaks against it. */
  merge(number: number, head: Sha): Promise<Merge>;
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

  const anyOf = { owner, repo, base: connection.base, direction: 'desc', per_page: 100 } as const;

  async function listed(tried: string, filter: { state: 'open' | 'all'; head?: string }) {
    const pulls: readonly Pull[] = await connection.ask(tried, 'read', () =>
      octokit.paginate(octokit.rest.pulls.list, { ...anyOf, ...filter, sort: 'created' }),
    );
    return pulls.filter(isHere);
  }

  /** A fork may name its branch as it likes. A branch's repository is null when a fork is gone. */
  function isHere({ head }: Pull): boolean {
    return head.repo?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase();
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
      if (before) return { request: read(before), wrote: false, opened: false };
      throw new GitHubError(`open a request for ${wanted.branch}`, {
        answer: `${connection.base} has this ${[...wanted.files.keys()].join(', ')} already`,
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
    const gone = new Set<string>();
    for (const label of wanted.notLabels ?? [])
      if (await ensureNoLabel(connection, pull.number, labels, label))
        gone.add(label.toLowerCase());
    const asked = await askReviewers(connection, pull, wanted.reviewers ?? []);
    const request = {
      ...read(pull),
      headSha: branch.head,
      labels: [...labels.filter((label) => !gone.has(label.toLowerCase())), ...added],
    };
    const labelled = added.length > 0 || gone.size > 0;
    return { request, wrote: wrote || labelled || asked, opened: !open };
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
    async open(startingWith = branchPrefix) {
      const pulls = await listed('read the open requests', { state: 'open' });
      return pulls.filter(({ head }) => head.ref.startsWith(startingWith)).map(read);
    },
    async find(number) {
      const found = await connection.find(`read request #${number}`, () =>
        octokit.rest.pulls.get({ owner, repo, pull_number: number }),
      );
      const pull: Pull | undefined = found?.data;
      return pull && isHere(pull) && isOurs(pull) ? read(pull) : undefined;
    },
    async recent() {
      const { data } = await connection.ask('read the newest requests', 'read', () =>
        octokit.rest.pulls.list({ ...anyOf, state: 'all', sort: 'updated' }),
      );
      const pulls: readonly Pull[] = data;
      return pulls.filter(isHere).filter(isOurs).map(read);
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

function isOurs({ head }: Pull): boolean {
  return head.ref.startsWith(branchPrefix);
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
