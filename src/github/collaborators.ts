import type { Connection } from './connection.ts';

/**
 * Whether somebody may write to the repository (write, maintain or admin), and so may merge and revert.
 * Of an organization's roles GitHub gives the nearest of its own:
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function mayWrite(connection: Connection, login: string): Promise<boolean> {
  const { octokit, owner, repo } = connection;
  // 404: no such user, or none that has to do with the repository.
  const found = await connection.find(`read what ${login} may do`, () =>
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: login }),
  );
  // "maintain" is given as "write", "triage" as "read".
  return found !== undefined && ['admin', 'write'].includes(found.data.permission);
}
