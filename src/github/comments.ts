import type { Connection } from './connection.ts';
import { markerIn, withMarker } from './marker.ts';

/**
 * Makes sure that a request has one comment with this marker and text: written once, edited when the
 * text differs. @returns whether anything was written.
 */
export async function ensureComment(
  connection: Connection,
  number: number,
  marker: string,
  text: string,
): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  const body = withMarker(text, marker);
  const find = async () => {
    const comments = await connection.ask(`read the comments of #${number}`, 'read', () =>
      octokit.paginate(octokit.rest.issues.listComments, {
        owner,
        repo,
        issue_number: number,
        per_page: 100,
      }),
    );
    return comments.find((comment) => markerIn(comment.body ?? '') === marker);
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
