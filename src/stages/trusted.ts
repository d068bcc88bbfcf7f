import { Catalog, type Distrust } from '../autopkg/catalog.ts';
import { missingOverride, recipeName } from '../autopkg/override.ts';
import type { Title } from '../lifecycle/title.ts';
import type { Recipes } from '../recipes/read.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run.ts';
import { overrideBranch } from './trust-request.ts';

/**
 * The catalog of pinned recipe repositories; undefined when recipes/repos.yaml is broken, which is told:
 * then no recipe can run.
 */
export function openCatalog(run: Run, outcome: Outcome): Catalog | undefined {
  const { pins } = run.recipes;
  if (!pins.ok) {
    outcome.problems(pins.problems);
    return undefined;
  }
  return new Catalog(
    {
      repositories: pins.pins,
      overridesDir: run.autopkg.overridesDir,
      ...(run.checkoutsDir !== undefined && { checkoutsDir: run.checkoutsDir }),
    },
    run.log,
  );
}

/**
 * That a title's recipe has no override; undefined when it has, and where no repository is pinned: then
 * it may name a recipe that AutoPkg finds elsewhere.
 *
 * @param overridesDir the folder of the overrides.
 */
export async function lacksOverride(
  title: Title,
  { pins }: Pick<Recipes, 'pins'>,
  overridesDir: string,
): Promise<string | undefined> {
  if (!pins.ok || pins.pins.length === 0) return undefined;
  const missing = await missingOverride(title.recipe, overridesDir);
  return (
    missing &&
    `${sentence(missing)} It is the "recipe:" in recipes/titles/${title.slug}.yaml; to make an override: patchbot add`
  );
}

/** A title's recipe was not run: nobody has vouched for what it would run. */
export class NotVouchedFor extends Error {
  override readonly name = 'NotVouchedFor';
  constructor(title: Title, distrust: Distrust, remedy = remedyFor(distrust)) {
    super(`${title.recipe} was not run: ${sentence(distrust.message)} ${remedy}`);
  }
}

/** The error with the request that shows what changed, if the trust stage has opened it already. */
export async function notVouchedFor(
  run: Run,
  title: Title,
  distrust: Distrust,
): Promise<NotVouchedFor> {
  const isAsked = distrust.kind === 'trust changed' || distrust.kind === 'trust missing';
  // A link is a help: that it can't be had must not hide what is wrong.
  const request = isAsked
    ? await run.github?.requests
        .latestOf(overrideBranch(recipeName(title.recipe)))
        .catch(() => undefined)
    : undefined;
  return request?.state === 'open'
    ? new NotVouchedFor(title, distrust, `Read what changed, and vouch for it: ${request.url}`)
    : new NotVouchedFor(title, distrust);
}

function remedyFor(distrust: Distrust): string {
  switch (distrust.kind) {
    case 'trust missing':
      return 'Make an override that vouches for them: patchbot add';
    case 'trust changed':
      return 'Look at the request of the trust stage, which shows what changed; if there is none, start that stage';
    case 'parent missing':
      return `Add the repository that has ${distrust.parent} to recipes/repos.yaml; to find it: autopkg search ${distrust.parent}`;
    case 'repository not in place':
      return 'Look at its pin in recipes/repos.yaml, and whether the runner reaches it: git ls-remote';
    case 'invalid recipe':
      return 'Mend the override; to see where it is broken on a Mac: plutil -lint';
  }
}

function sentence(text: string): string {
  return text.endsWith('?') ? text : `${text}.`;
}
