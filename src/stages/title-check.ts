import type { Title } from '../lifecycle/title.ts';
import type { FoundTitle } from './gather.ts';
import { findInstallPolicy } from './install-policy.ts';
import type { Run } from './run.ts';
import { lacksOverride } from './trusted.ts';

/** What is wrong with a title: a `lack` stops it, a `doubt` is worth a look. */
export interface Finding {
  readonly kind: 'lack' | 'doubt';
  readonly text: string;
}

/**
 * What is wrong with a title in Jamf Pro, and whether its recipe has an override.
 *
 * @param found what Jamf has of it; absent when that is lacking itself, and told already.
 * @throws JamfError when Jamf can't be asked.
 */
export async function findingsOf(
  run: Run,
  title: Title,
  found: FoundTitle | undefined,
): Promise<readonly Finding[]> {
  const all = [
    checkOverride(run, title),
    checkCategory(run, title),
    checkInstallPolicy(run, title),
    ...(found ? [checkPatchTitle(run, found), checkPolicies(run, found)] : []),
  ];
  return (await Promise.all(all)).flat();
}

async function checkOverride(run: Run, title: Title): Promise<Finding[]> {
  const text = await lacksOverride(title, run.recipes, run.autopkg.overridesDir);
  return text === undefined ? [] : [lack(text)];
}

async function checkCategory(run: Run, title: Title): Promise<Finding[]> {
  const names = await run.jamf.setup.categories();
  if (names.includes(title.category)) return [];
  return [
    lack(
      `there is no category "${title.category}": create it under Settings > Global > Categories, or name another one as "category:" in recipes/titles/${title.slug}.yaml or in recipes/patchbot.yaml`,
    ),
  ];
}

async function checkPatchTitle(run: Run, { title, patchTitle }: FoundTitle): Promise<Finding[]> {
  if (!patchTitle) return [];
  const findings: Finding[] = [];
  if (patchTitle.sourceEnabled === false)
    findings.push(
      lack(
        `the patch source of "${patchTitle.name}" is turned off, so new versions never come: turn it on under Settings > Computer management > Patch management`,
      ),
    );
  if (patchTitle.unaccepted.length > 0)
    findings.push(
      doubt(
        `"${patchTitle.name}" has extension attributes that nobody has accepted (${patchTitle.unaccepted.join(', ')}), and counts no Macs until then: accept them in the title, under Computers > Patch management`,
      ),
    );
  const [newest] = await run.jamf.definitions(patchTitle.id);
  if (!newest)
    findings.push(
      lack(
        `"${patchTitle.name}" has no patch definitions, so no version of ${title.name} can be offered: look whether its patch source still has it (Title Editor, or Settings > Computer management > Patch management)`,
      ),
    );
  return findings;
}

async function checkPolicies(run: Run, found: FoundTitle): Promise<Finding[]> {
  const { title, rings, productionPolicy } = found;
  if (!productionPolicy) return [];
  const { scopeOfPatchPolicy } = run.jamf.setup;
  const findings: Finding[] = [];
  for (const { ring, policy } of rings) {
    if (policy.id === productionPolicy.id) {
      findings.push(
        lack(
          `"${policy.name}" is its ${ring.name} and its production policy at once: name two as "policies: {test: …, production: …}" in recipes/titles/${title.slug}.yaml`,
        ),
      );
      continue;
    }
    const scope = await scopeOfPatchPolicy(policy.id);
    if (scope === 'nobody')
      findings.push(
        lack(
          `the patch policy "${policy.name}" is for no Mac, so nobody would test: give it the group of the testers as its scope`,
        ),
      );
    if (scope === 'all')
      findings.push(
        doubt(
          `the patch policy "${policy.name}" is for all Macs, so the whole fleet would test: give it the group of the testers as its scope`,
        ),
      );
  }
  if ((await scopeOfPatchPolicy(productionPolicy.id)) === 'nobody')
    findings.push(
      lack(
        `the patch policy "${productionPolicy.name}" is for no Mac, so nothing would be offered: give it the fleet as its scope`,
      ),
    );
  return findings;
}

async function checkInstallPolicy(run: Run, title: Title): Promise<Finding[]> {
  let policy: string | undefined;
  try {
    policy = await findInstallPolicy(run, title);
  } catch (error) {
    return [lack(error instanceof Error ? error.message : String(error))];
  }
  if (!policy) return [];
  const packages = (await run.jamf.packagesOfPolicy(policy)).map(({ name }) => name);
  if (packages.length <= 1) return [];
  return [
    doubt(
      `the policy "${title.policies.install}" installs ${packages.length} packages (${packages.join(', ')}): PatchBot replaces the one whose name begins like the new one's, and stops where that is not clear; a policy for ${title.name} alone is safer`,
    ),
  ];
}

const lack = (text: string): Finding => ({ kind: 'lack', text });
const doubt = (text: string): Finding => ({ kind: 'doubt', text });
