/**
 * A message or title in which nothing tells GitHub to start no workflows: a reason, a name or a version
 * that says so would keep Jamf from following what was committed.
 *
 * https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
 */
export function heeded(text: string): string {
  return text
    .replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, '($1)')
    .replace(/^(\s*)skip-checks(?=\s*:)/gim, '$1skip checks');
}
