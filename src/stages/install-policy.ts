import type { Title } from '../lifecycle/title.ts';
import type { Run } from './run.ts';

/**
 * Finds the policy that installs a title on new Macs.
 *
 * @returns its id; `undefined` when the title has none.
 * @throws Error that says what is missing and what to do.
 */
export async function findInstallPolicy(run: Run, title: Title): Promise<string | undefined> {
  const name = title.policies.install;
  if (name === 'none') return undefined;
  const matches = (await run.jamf.policies()).filter((policy) => policy.name === name);
  const [only] = matches;
  if (only && matches.length === 1) return only.id;
  throw new Error(
    matches.length > 1
      ? `Jamf Pro has ${matches.length} policies named "${name}": rename all but one`
      : `Jamf Pro has no policy "${name}", which installs ${title.name} on new Macs: create it, name the right one as "policies: {install: …}" in recipes/titles/${title.slug}.yaml, or write "install: none" there`,
  );
}
