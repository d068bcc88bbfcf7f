import { branchOf } from '../github/github.ts';
import { approve } from '../lifecycle/changes.ts';
import { definitionOf } from '../lifecycle/definition.ts';
import { holdOn, holdText } from '../lifecycle/hold.ts';
import type { Package } from '../lifecycle/package.ts';
import type { Production } from '../lifecycle/title.ts';
import { sameVersion, type Version } from '../lifecycle/version.ts';
import type { TitleChange } from '../state/commit.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { checkPackage, packagesOf } from './package-check.ts';
import { record } from './record.ts';
import { promotionRequest } from './request.ts';
import { momentOf, type Run, repositoryOf } from './run.ts';
import { tell } from './tell.ts';

/** A person says: now. */
export interface EmergencyRequest {
  readonly reason: string;
  /** `pull-request` asks for a merge at once; `direct` approves it in the name of who asked. */
  readonly mode: 'pull-request' | 'direct';
  /** This version, which must be the newest package or the one in test; the newest when absent. */
  readonly version?: Version;
}

/**
 * The emergency stage: approves the newest package of each named title (or asks for its approval),
 * skipping soak, window and freeze. A hold is never skipped: release it by name first. What is
 * approved, the promote stage then offers at once.
 */
export async function emergency(run: Run, request: EmergencyRequest): Promise<Outcome> {
  const outcome = new Outcome('emergency', run.dryRun);
  if (!run.only || run.only.length === 0)
    throw new Error('an emergency is for titles named one by one: say which');
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const changes: TitleChange[] = [];
  for (const found of titles)
    await attempt(outcome, found.title, async () => {
      const change = await hurry(run, outcome, found, request);
      if (change) changes.push(change);
    });
  await record(run, outcome, changes);
  await tell(run, outcome, {
    audience: 'admins',
    heading: `EMERGENCY by ${run.actor}: ${request.reason}`,
    section: request.mode === 'direct' ? 'Approved' : 'To be approved now',
  });
  return outcome;
}

async function hurry(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  request: EmergencyRequest,
): Promise<TitleChange | undefined> {
  const { title, state } = found;
  const wanted = packageFor(found, request);
  const { version } = wanted;
  if (sameVersion(version, state.production?.package.version)) {
    outcome.add(title, 'nothing', `${version.text} is approved already`, version.text);
    return undefined;
  }
  const hold = holdOn(version, state.holds, momentOf(run).today);
  if (hold)
    throw new Error(
      `${title.name} ${version.text} is ${holdText(hold)}. An emergency does not skip a hold: release it first, by name, if it no longer counts`,
    );
  const to = await emergencyProduction(run, found, wanted, request);
  if (run.dryRun) {
    outcome.did(title, `would be approved in an emergency: ${request.reason}`, version.text);
    return undefined;
  }
  checkPackage(title, wanted, await packagesOf(run, [wanted]));
  if (found.patchTitle && to.definition)
    await run.jamf.ensureLinked(found.patchTitle.id, to.definition, wanted.jamfId);

  if (request.mode === 'direct') {
    outcome.did(title, `approved in an emergency by ${run.actor}: ${request.reason}`, version.text);
    return {
      slug: title.slug,
      name: title.name,
      what: `EMERGENCY: ${version.text} is approved by ${run.actor}: ${request.reason}`,
      change: approve(to),
    };
  }
  const github = repositoryOf(run);
  const asked = await promotionRequest(run, [{ found, to }], branchOf(title.slug, version));
  const ensured = await github.requests.ensure(asked.request);
  const { number, url, headSha } = ensured.request;
  await github.statuses.ensure(headSha, asked.statuses);
  if (ensured.wrote)
    outcome.did(title, `merge #${number} now: ${request.reason}`, version.text, url);
  else outcome.add(title, 'waits', `waits for approval in #${number}`, version.text, url);
  return undefined;
}

/** Which package is meant. @throws Error when PatchBot has none of that version. */
function packageFor({ title, state }: FoundTitle, { version }: EmergencyRequest): Package {
  const known = [state.package, state.testing?.package].filter((one) => one !== undefined);
  const [newest] = known;
  if (!newest)
    throw new Error(
      `PatchBot has no package of ${title.name} yet: run the build stage for it first (the emergency workflow does)`,
    );
  const meant = version ? known.find((one) => sameVersion(one.version, version)) : newest;
  if (meant) return meant;
  throw new Error(
    `${title.name} ${version?.text} is neither the newest package nor in test any more (${known.map((one) => one.version.text).join(', ')}): say which of those is meant`,
  );
}

/** What is to be offered. @throws Error when Jamf has no patch definition to offer it by. */
async function emergencyProduction(
  run: Run,
  { title, patchTitle }: FoundTitle,
  wanted: Package,
  request: EmergencyRequest,
): Promise<Production> {
  const marked = { package: wanted, emergency: { by: run.actor, reason: request.reason } };
  if (!patchTitle) return marked;
  const definitions = await run.jamf.definitions(patchTitle.id);
  const match = definitionOf(wanted.version, definitions, title.definitionVersion);
  if (match.found === 'one') return { ...marked, definition: match.definition.version };
  const several = match.found === 'several';
  throw new Error(
    several
      ? `several patch definitions of "${patchTitle.name}" could be ${wanted.version.text}: ${match.candidates.map((one) => `"${one.version.text}"`).join(', ')}. Say which by "definition-version" in recipes/titles/${title.slug}.yaml`
      : `Jamf Pro has no patch definition of ${title.name} ${wanted.version.text} yet, and without one it can offer it to nobody. Add the version to the patch source (Title Editor), or install it by the policy "${title.policies.install}" by hand`,
  );
}
