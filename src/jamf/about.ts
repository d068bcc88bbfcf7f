import { z } from 'zod';
import { readJson } from './answer.ts';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';

/** The version of a Jamf Pro: "11.30.1-t1784555528405". */
export interface JamfVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

/** The version of the server. */
export function jamfVersion(connection: Connection): Promise<JamfVersion> {
  return connection.ask(calls.version, {
    tried: 'read the version of Jamf Pro',
    read: (answer) => {
      const { version: text } = readJson(answer, z.object({ version: z.string() }));
      const [major = 0, minor = 0] = text.split(/[.-]/).map((part) => Number.parseInt(part, 10));
      return { text, major, minor };
    },
  });
}

/** Whether a Jamf Pro is of this version or newer. */
export function isAtLeast(version: JamfVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** Schema `AuthorizationV1`, as far as it is needed. */
const authorization = z.object({
  account: z
    .object({ privilegesBySite: z.record(z.string(), z.array(z.string())).nullish() })
    .nullish(),
});

/** What the API role may do, as Jamf spells it; `undefined` where Jamf doesn't tell. */
export function grantedPrivileges(
  connection: Connection,
): Promise<ReadonlySet<string> | undefined> {
  return connection.ask(calls.whoAmI, {
    tried: 'read what the API role may do',
    read: (answer) => {
      const bySite = readJson(answer, authorization).account?.privilegesBySite;
      return bySite ? new Set(Object.values(bySite).flat()) : undefined;
    },
  });
}
