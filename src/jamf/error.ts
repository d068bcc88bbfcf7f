import type { Call } from './calls.ts';

/** What is known of a call that failed. */
export interface Facts {
  /** The call, as Jamf documents it. */
  readonly call?: Call;
  /** The HTTP status, when Jamf answered at all. */
  readonly status?: number;
  /** Jamf's own words boiled down, or why no answer came. */
  readonly answer?: string;
  readonly remedy: string;
  readonly unclear?: boolean;
}

/** Something that Jamf Pro did not do, in words for the person who is on call. */
export class JamfError extends Error {
  override readonly name = 'JamfError';
  /** What was tried: 'link package 12 to Firefox 127.0'. */
  readonly tried: string;
  /**
   * The call: "PATCH /api/v3/patch-software-title-configurations/{id}"; absent when none was made.
   */
  readonly call?: string;
  /** The HTTP status, when Jamf answered at all. */
  readonly status?: number;
  /** Jamf's own words boiled down, or why no answer came. */
  readonly answer?: string;
  /** What to do next. */
  readonly remedy: string;
  /** Whether it may have been done all the same: the answer was lost, or the server stumbled. */
  readonly unclear: boolean;

  constructor(tried: string, facts: Facts) {
    const call = facts.call && `${facts.call.method} ${facts.call.path}`;
    const answered = [facts.status, facts.answer].filter((part) => part !== undefined).join(' ');
    super(
      [
        `Jamf Pro: could not ${tried}`,
        answered && `: ${answered.trim().replace(/\.$/, '')}`,
        call && ` (${call})`,
        `. ${facts.remedy}`,
      ].join(''),
    );
    this.tried = tried;
    this.remedy = facts.remedy;
    this.unclear = facts.unclear ?? false;
    if (call !== undefined) this.call = call;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.answer !== undefined) this.answer = facts.answer;
  }
}

/** What a person can do where no request even left. */
export const unreachedRemedy =
  'Nothing is lost. First check the address in JAMF_URL, and whether this machine (the runner, in a workflow) reaches Jamf Pro; if both are well, see https://status.jamf.com, and run it again.';

/** What a person can do about a status. */
export function remedyFor(status: number | undefined, call: Call): string {
  const { privileges } = call;
  const needs = privileges.map((one) => `"${one}"`).join(' and ');
  switch (status) {
    case 401:
      return needs
        ? `The token is no longer good, or the API role lacks ${needs} (the classic API says 401 for both): look at the role under Settings > API roles and clients, then run again.`
        : 'The credentials are wrong, or the API client is disabled: check JAMF_CLIENT_ID and JAMF_CLIENT_SECRET (or user and password), and the client under Settings > API roles and clients.';
    case 403:
      return needs
        ? `The API role may not do this: give it ${needs} under Settings > API roles and clients, then run again.`
        : 'The API client may not do this: look whether it is enabled under Settings > API roles and clients.';
    case 404:
      return 'It is not there, or this Jamf Pro does not know the call: check the address, and that Jamf Pro is 11.5 or newer (patchbot doctor tells).';
    case 413:
      return 'Something between here and Jamf Pro refuses a body of that size: look at the limits of proxies and balancers.';
    case 429:
      return 'Jamf Pro is asked too much: run it again later, or set "connections" lower in recipes/patchbot.yaml.';
    case undefined:
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return 'Nothing is lost: run it again. If it stays so, see https://status.jamf.com and whether this machine reaches Jamf Pro.';
    default:
      if (status < 300)
        return 'Nothing that Jamf documents: look whether something else answers at this address, or whether a newer PatchBot knows this Jamf Pro.';
      if (status < 400)
        return 'PatchBot follows no one, since the token is for Jamf Pro alone: check the address in JAMF_URL.';
      return 'Jamf Pro does not accept it as things stand: read its answer, put it right in Jamf Pro, and run again.';
  }
}
