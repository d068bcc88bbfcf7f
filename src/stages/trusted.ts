import { Catalog, type Distrust } from '../autopkg/catalog.ts';
import type { Title } from '../lifecycle/title.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run.ts';

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

/** A title's recipe was not run: nobody has vouched for what it would run. */
export class NotVouchedFor extends Error {
  override readonly name = 'NotVouchedFor';
  constructor(title: Title, distrust: Distrust) {
    super(`${title.recipe} was not run: ${distrust.message}. ${remedyFor(distrust)}`);
  }
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
