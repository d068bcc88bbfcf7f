/** Something that GitHub did not do, in words for the person who is on call. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  /** What was tried: "read the branch main of acme/patchbot". */
  readonly tried: string;
  /** The HTTP status, when GitHub answered at all. */
  readonly status?: number;
  /** What GitHub answered, or why no answer came. */
  readonly answer?: string;
  /** What to do next. */
  readonly remedy: string;
  /** Whether it may have been done all the same: the answer was lost, or the server stumbled. */
  readonly unclear: boolean;

  constructor(
    tried: string,
    facts: { status?: number; answer?: string; remedy: string; unclear?: boolean; cause?: unknown },
  ) {
    const answered = [facts.status, facts.answer].filter((part) => part !== undefined).join(' ');
    super(
      `GitHub: could not ${tried}${answered ? `: ${withoutDot(answered)}` : ''}. ${facts.remedy}`,
      { cause: facts.cause },
    );
    this.tried = tried;
    this.remedy = facts.remedy;
    this.unclear = facts.unclear ?? false;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.answer !== undefined) this.answer = facts.answer;
  }
}

function withoutDot(text: string): string {
  return text.trim().replace(/\.$/, '');
}

/** What a person can do about a status; the permissions are the ones that PatchBot's GitHub App needs. */
export function remedyFor(status: number | undefined): string {
  switch (status) {
    case 401:
      return "The token is wrong or has expired: check the GitHub App's id and private key in the workflow's secrets, then run again.";
    case 403:
      return 'The token may not do this: give the GitHub App the permissions contents, pull requests, issues, deployments and commit statuses (read and write) on this repository, then run again.';
    case 404:
      return 'The repository does not exist, or the token does not see it: check its name and that the GitHub App is installed on it.';
    case 409:
    case 422:
      return 'GitHub does not accept it as things stand: read its answer; rulesets and branch protection are the usual reason.';
    default:
      return 'Nothing is lost: run it again. If it stays so, see https://www.githubstatus.com and whether the runner reaches GitHub.';
  }
}
