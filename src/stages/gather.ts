import type { PatchPolicy, PatchTitle } from '../jamf/jamf.ts';
import type { Ring } from '../lifecycle/rings.ts';
import type { JamfFacts, Title, TitleState } from '../lifecycle/title.ts';
import { readStates } from '../state/read.ts';
import { attempt, type Outcome } from './outcome.ts';
import { type Run, titlesOf } from './run.ts';

/** A title with where it stands. */
export interface KnownTitle {
  readonly title: Title;
  readonly state: TitleState;
}

/** A test ring, and what offers it the version in test. */
export interface RingPolicy {
  readonly ring: Ring;
  readonly policy: PatchPolicy;
}

/** A title with where it stands and what Jamf has of it. */
export interface FoundTitle extends KnownTitle {
  /** Absent for titles without a patch title. */
  readonly patchTitle?: PatchTitle;
  /** The patch policies of its test rings, in their order; none for titles without a patch title. */
  readonly rings: readonly RingPolicy[];
  readonly productionPolicy?: PatchPolicy;
  readonly jamf: JamfFacts;
}

/** Reads where the titles of the run stand; broken files become failures of their titles. */
export async function gatherStates(run: Run, outcome: Outcome): Promise<readonly KnownTitle[]> {
  const wanted = run.only;
  outcome.problems(
    run.recipes.problems.filter(
      (problem) => !wanted || wanted.some((one) => one === problem.title),
    ),
  );
  const failed = new Set(outcome.failedTitles);
  const titles = titlesOf(run).filter((title) => !failed.has(title.slug));
  const states = await readStates(
    run.folder,
    titles.map((title) => title.slug),
    run.github,
  );
  const known: KnownTitle[] = [];
  for (const title of titles) {
    const read = states.get(title.slug);
    if (!read) continue;
    if (read.ok) known.push({ title, state: read.state });
    else outcome.problems(read.problems);
  }
  return known;
}

/**
 * Finds the titles in Jamf: two bulk reads for the whole fleet, however many titles there are. A
 * title whose patch title or policies are not there is that title's failure.
 */
export async function gatherJamf(
  run: Run,
  outcome: Outcome,
  titles: readonly KnownTitle[],
): Promise<readonly FoundTitle[]> {
  if (!titles.some(({ title }) => title.patch !== 'none'))
    return titles.map((known) => ({ ...known, rings: [], jamf: {} }));
  const patchTitles = await run.jamf.patchTitles();
  const policies = await run.jamf.patchPolicies();
  const found: FoundTitle[] = [];
  for (const known of titles)
    await attempt(outcome, known.title, async () => {
      found.push(findInJamf(known, patchTitles, policies));
    });
  return found;
}

/** Finds one title among what Jamf has. @throws Error that says what is missing and what to do. */
function findInJamf(
  known: KnownTitle,
  patchTitles: readonly PatchTitle[],
  policies: readonly PatchPolicy[],
): FoundTitle {
  const { title } = known;
  if (title.patch === 'none') return { ...known, rings: [], jamf: {} };
  const patchTitle = findPatchTitle(title, patchTitles);
  const ofTitle = policies.filter((policy) => policy.title === patchTitle.id);
  const rings = title.rings.map((ring) => ({
    ring,
    policy: findPolicy(title, ofTitle, ring.policy, ring.name),
  }));
  const productionPolicy = findPolicy(title, ofTitle, title.policies.production, 'production');
  return {
    ...known,
    patchTitle,
    rings,
    productionPolicy,
    jamf: {
      rings: new Map(rings.map(({ ring, policy }) => [ring.name, policy])),
      production: productionPolicy,
    },
  };
}

function findPatchTitle(title: Title, patchTitles: readonly PatchTitle[]): PatchTitle {
  const matches = /^\d+$/.test(title.patch)
    ? patchTitles.filter((one) => one.id === title.patch)
    : patchTitles.filter((one) => one.name === title.patch);
  const [only] = matches;
  if (only && matches.length === 1) return only;
  if (matches.length > 1)
    throw new Error(
      `Jamf Pro has ${matches.length} patch titles named "${title.patch}" (configuration ids ${matches.map((one) => one.id).join(', ')}): write the id of the right one as "patch:" in recipes/titles/${title.slug}.yaml, and a "name:"`,
    );
  const near = patchTitles
    .map((one) => one.name)
    .filter((name) => alike(name, title.patch))
    .slice(0, 3);
  const hint =
    near.length > 0
      ? `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
      : 'add it in Jamf Pro under Computers > Patch Management, or write its display name there';
  throw new Error(
    `Jamf Pro has no patch title "${title.patch}" ("patch:" in recipes/titles/${title.slug}.yaml): ${hint}`,
  );
}

function findPolicy(
  title: Title,
  ofTitle: readonly PatchPolicy[],
  name: string,
  group: string,
): PatchPolicy {
  const matches = ofTitle.filter((policy) => policy.name === name);
  const [only] = matches;
  if (only && matches.length === 1) return only;
  const others = ofTitle.map((policy) => `"${policy.name}"`).join(', ');
  throw new Error(
    matches.length > 1
      ? `Jamf Pro has ${matches.length} patch policies "${name}" for "${title.patch}": rename all but one in Jamf Pro`
      : `Jamf Pro has no patch policy "${name}" for the patch title "${title.patch}" (it has ${others || 'none'}): create it in Jamf Pro with the ${group} group as its scope, or name the right one under "policies:" in recipes/titles/${title.slug}.yaml`,
  );
}

/** Whether two names share most of their words, for a hint. */
function alike(a: string, b: string): boolean {
  const words = (text: string) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean);
  const wanted = words(b);
  const has = new Set(words(a));
  return wanted.length > 0 && wanted.filter((word) => has.has(word)).length * 2 >= wanted.length;
}
