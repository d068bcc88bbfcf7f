import type { Connection } from './connection.ts';
import { markerIn, withMarker } from './marker.ts';
import { ownWriting } from './own.ts';

/** What somebody wrote below an issue or a pull request. */
export interface Comment {
  readonly id: number;
  /** Of the issue or pull request. */
  readonly number: number;
  readonly author: string;
  /** Whether PatchBot wrote it. */
  readonly own: boolean;
  readonly body: string;
}

/** How PatchBot shows that it has read a comment: done, refused, not understood. */
export type Reaction = '+1' | '-1' | 'confused';

/** Comments of people, and PatchBot's answers to them; each call may be repeated for ever. */
export interface Comments {
  /** `undefined` when it is gone. */
  read(id: number): Promise<Comment | undefined>;
  /** Whether it carries PatchBot's own reaction: then it has been answered. */
  isAnswered(id: number): Promise<boolean>;
  /** Replies below it, and reacts last: a comment that carries the reaction is done with. */
  answer(comment: Comment, reaction: Reaction, text: string): Promise<void>;
}

/** https://docs.github.com/en/rest/issues/comments and https://docs.github.com/en/rest/reactions/reactions */
export function commentsOf(connection: Connection): Comments {
  const { octokit, owner, repo } = connection;
  return {
    async read(id) {
      const found = await connection.find(`read the comment ${id}`, () =>
        octokit.rest.issues.getComment({ owner, repo, comment_id: id }),
      );
      if (!found) return undefined;
      const { user, body, issue_url } = found.data;
      const isOwn = await ownWriting(connection);
      return {
        id,
        number: Number(issue_url.replace(/^.*\//, '')),
        author: user?.login ?? 'ghost',
        own: isOwn(user),
        body: body ?? '',
      };
    },
    async isAnswered(id) {
      const reactions = await connection.ask(`read the reactions to comment ${id}`, 'read', () =>
        octokit.paginate(octokit.rest.reactions.listForIssueComment, {
          owner,
          repo,
          comment_id: id,
          per_page: 100,
        }),
      );
      const isOwn = await ownWriting(connection);
      return reactions.some(({ user }) => isOwn(user));
    },
    async answer({ id, number }, reaction, text) {
      await ensureComment(connection, number, `answer:${id}`, text);
      // GitHub keeps one reaction of a kind and user, so it may be repeated.
      await connection.ask(`react to the comment ${id}`, 'repeatable', () =>
        octokit.rest.reactions.createForIssueComment({
          owner,
          repo,
          comment_id: id,
          content: reaction,
        }),
      );
    },
  };
}

/**
 * Makes sure that PatchBot has one comment with this marker and text below an issue or request: written
 * once, edited when the text differs. @returns whether anything was written.
 */
export async function ensureComment(
  connection: Connection,
  number: number,
  marker: string,
  text: string,
): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  const body = withMarker(text, marker);
  const isOwn = await ownWriting(connection);
  const find = async () => {
    const comments = await connection.ask(`read the comments of #${number}`, 'read', () =>
      octokit.paginate(octokit.rest.issues.listComments, {
        owner,
        repo,
        issue_number: number,
        per_page: 100,
      }),
    );
    return comments.find(
      (comment) => isOwn(comment.user) && markerIn(comment.body ?? '') === marker,
    );
  };
  const present = await find();
  if (!present) {
    await connection.createOnce(`comment on #${number}`, find, async () => {
      const { data } = await octokit.rest.issues.createComment({
        owner,
        repo,
        issue_number: number,
        body,
      });
      return data;
    });
    return true;
  }
  if (sameText(present.body ?? '', body)) return false;
  await connection.ask(`edit a comment on #${number}`, 'repeatable', () =>
    octokit.rest.issues.updateComment({ owner, repo, comment_id: present.id, body }),
  );
  return true;
}

/** Whether two texts are the same to a reader: the web editor writes CRLF, and drops what is at the ends. */
export function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim();
  return plain(a) === plain(b);
}
