import type { Connection } from './connection.ts';

/** Who wrote something, as GitHub gives it; null when the account is gone. */
export type Writer = { readonly login: string; readonly type?: string } | null | undefined;

/**
 * Tells what PatchBot wrote from what others did. Anybody may write a hidden marker into a comment of
 * their own, so a marker counts only in what is PatchBot's.
 *
 * A token that does not tell whose it is belongs to an App: then any App's writing is taken for it.
 */
export async function ownWriting(connection: Connection): Promise<(writer: Writer) => boolean> {
  const { login } = await connection.who();
  if (login === undefined) return (writer) => writer?.type === 'Bot';
  return (writer) => writer?.login.toLowerCase() === login.toLowerCase();
}
