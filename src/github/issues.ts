import { sameText } from './comments.ts';
import type { Connection } from './connection.ts';
import { markerIn, withMarker } from './marker.ts';
import { ownWriting, type Writer } from './own.ts';

/** An issue that PatchBot keeps. */
export interface KeptIssue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
}

/** An issue as it should be. */
export interface WantedIssue {
  /** Found again by label and hidden marker. */
  readonly marker: string;
  readonly label: string;
  readonly title: string;
  readonly body: string;
}

/** Issues that PatchBot writes once and keeps true; each call is an ensure that may be repeated for ever. */
export interface Issues {
  /** PatchBot's own issue with that label and marker: the open one, else the newest. */
  find(label: string, marker: string): Promise<KeptIssue | undefined>;
  /**
   * Makes sure that it is open and says so: made when there is none, opened again when somebody closed it.
   *
   * @param seen the text that the new one answers; when somebody has edited it since (ticked a box),
   *   nothing is written: `edited`. GitHub has no write that asks this itself, so a gap of one request stays.
   * @returns `wrote`: whether anything had to be written.
   */
  ensure(
    wanted: WantedIssue,
    seen?: string,
  ): Promise<{ issue: KeptIssue; wrote: boolean } | 'edited'>;
  /** Makes sure that none is open. @returns whether one was. */
  close(label: string, marker: string): Promise<boolean>;
  /** Who edited its text last, as far as GitHub tells (it does only by GraphQL). */
  editor(number: number): Promise<string | undefined>;
}

/** What GitHub says of an issue, as far as it is read here. */
interface Listed {
  number: number;
  html_url: string;
  title: string;
  body?: string | null;
  state: string;
  user: Writer;
  pull_request?: unknown;
}

/** https://docs.github.com/en/rest/issues/issues */
export function issuesOf(connection: Connection): Issues {
  const { octokit, owner, repo } = connection;

  async function listed(label: string, marker: string): Promise<Listed | undefined> {
    const issues: readonly Listed[] = await connection.ask(
      `read the issues labelled ${label}`,
      'read',
      () =>
        octokit.paginate(octokit.rest.issues.listForRepo, {
          owner,
          repo,
          labels: label,
          state: 'all',
          per_page: 100,
        }),
    );
    const isOwn = await ownWriting(connection);
    const kept = issues
      .filter((issue) => !issue.pull_request && isOwn(issue.user))
      .filter((issue) => markerIn(issue.body ?? '') === marker)
      .sort((a, b) => b.number - a.number);
    return kept.find(({ state }) => state === 'open') ?? kept[0];
  }

  async function create(wanted: WantedIssue, body: string): Promise<Listed> {
    const { title, label, marker } = wanted;
    return await connection.createOnce(
      `open the issue "${title}"`,
      () => listed(label, marker),
      async () => {
        // Labelled from the start: without its label it would not be found again.
        const { data } = await octokit.rest.issues.create({
          owner,
          repo,
          title,
          body,
          labels: [label],
        });
        return data;
      },
    );
  }

  return {
    async find(label, marker) {
      const found = await listed(label, marker);
      return found && read(found);
    },
    async ensure(wanted, seen) {
      const { title, label, marker } = wanted;
      const body = withMarker(wanted.body, marker);
      const present = await listed(label, marker);
      if (!present) return { issue: read(await create(wanted, body)), wrote: true };
      if (seen !== undefined && !sameText(present.body ?? '', seen)) return 'edited';
      const isOpen = present.state === 'open';
      if (isOpen && present.title === title && sameText(present.body ?? '', body))
        return { issue: read(present), wrote: false };
      const { data } = await connection.ask(`update issue #${present.number}`, 'repeatable', () =>
        octokit.rest.issues.update({
          owner,
          repo,
          issue_number: present.number,
          title,
          body,
          state: 'open',
        }),
      );
      return { issue: read(data), wrote: true };
    },
    async close(label, marker) {
      const present = await listed(label, marker);
      if (present?.state !== 'open') return false;
      await connection.ask(`close issue #${present.number}`, 'repeatable', () =>
        octokit.rest.issues.update({
          owner,
          repo,
          issue_number: present.number,
          state: 'closed',
          state_reason: 'completed',
        }),
      );
      return true;
    },
    async editor(number) {
      const answer = await connection.ask(`read who edited #${number}`, 'read', () =>
        octokit.graphql<{
          repository?: { issue?: { editor?: { login?: string } | null } | null } | null;
        }>(
          'query ($owner: String!, $repo: String!, $number: Int!) { repository(owner: $owner, name: $repo) { issue(number: $number) { editor { login } } } }',
          { owner, repo, number },
        ),
      );
      return answer.repository?.issue?.editor?.login;
    },
  };
}

function read(issue: Listed): KeptIssue {
  return {
    number: issue.number,
    url: issue.html_url,
    title: issue.title,
    body: issue.body ?? '',
    state: issue.state === 'open' ? 'open' : 'closed',
  };
}
