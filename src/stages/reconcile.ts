import {
  differencesBody,
  differencesLabel,
  differencesMarker,
  differencesTitle,
  type ListedDifference,
} from '../github/github.ts';
import type { Package } from '../lifecycle/package.ts';
import { type Difference, differences, type JamfSight } from '../lifecycle/reconciling.ts';
import { unfinishedTest } from '../lifecycle/testing.ts';
import type { Slug, Title } from '../lifecycle/title.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { findInstallPolicy } from './install-policy.ts';
import { askForEach, attempt, Outcome } from './outcome.ts';
import { type PackagesThere, packagesOf } from './package-check.ts';
import { disableTestOf, offer } from './promote.ts';
import { momentOf, type Run } from './run.ts';
import { tell } from './tell.ts';
import { offerTest } from './test.ts';

/**
 * The reconcile stage: says each difference between what main says and what Jamf has, and keeps one
 * issue that lists them all. It changes nothing in Jamf, unless it is asked to repair: then Jamf is
 * made to follow, by the same calls as promote and test use.
 */
export async function reconcile(run: Run, { repair }: { repair: boolean }): Promise<Outcome> {
  const outcome = new Outcome('reconcile', run.dryRun);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const packages = await packagesOf(run, titles.flatMap(namedPackages));
  const looked = await askForEach(outcome, titles, async (found) => ({
    title: found.title,
    found,
    differs: differences(
      found.title,
      found.state,
      await sight(run, found, packages),
      momentOf(run),
    ),
  }));
  const left = new Map<Slug, readonly Difference[]>();
  for (const { title, found, differs } of looked)
    await attempt(outcome, title, async () => {
      left.set(title.slug, differs);
      if (differs.length === 0) outcome.add(title, 'nothing', 'Jamf Pro has what main says');
      for (const one of differs) outcome.add(title, 'warned', sentence(one));
      if (!repair || run.dryRun) return;
      await mend(run, outcome, found, differs, packages);
      left.set(
        title.slug,
        differs.filter((one) => one.repair === 'none'),
      );
    });
  await keepIssue(
    run,
    outcome,
    looked.flatMap(({ title }) => (left.get(title.slug) ?? []).map((one) => listed(title, one))),
  );
  await tell(run, outcome, {
    audience: 'admins',
    heading: 'Repaired in Jamf Pro',
    section: 'As main says again',
  });
  return outcome;
}

/** One issue lists what differs; it is closed when nothing does. A run for some titles knows too little. */
async function keepIssue(
  run: Run,
  outcome: Outcome,
  differences: readonly ListedDifference[],
): Promise<void> {
  if (run.dryRun || run.only || !run.github) return;
  const { issues, slug } = run.github;
  if (differences.length > 0) {
    const body = differencesBody(differences, `${run.serverUrl}/${slug}`);
    await issues.ensure({
      label: differencesLabel,
      marker: differencesMarker,
      title: differencesTitle,
      body,
    });
  } else if (!outcome.failed) await issues.close(differencesLabel, differencesMarker);
}

function listed({ name }: Title, { what, wanted, found, repair }: Difference): ListedDifference {
  return { title: name, what, wanted, found, repairable: repair !== 'none' };
}

/** Makes Jamf follow main, where that can be done without a person. */
async function mend(
  run: Run,
  outcome: Outcome,
  found: FoundTitle,
  differs: readonly Difference[],
  packages: PackagesThere,
): Promise<void> {
  const { title, state } = found;
  const wants = new Set(differs.map(({ repair }) => repair));
  if (wants.has('offer production') && state.production) {
    await offer(run, found, state.production, packages);
    outcome.did(title, 'production is offered as main says', state.production.package.version.text);
  }
  const testing = unfinishedTest(state);
  if (wants.has('offer test') && testing) {
    await offerTest(run, found, testing, packages);
    outcome.did(title, 'is offered to the testers as main says', testing.package.version.text);
  }
  if (wants.has('disable test') && state.production) {
    await disableTestOf(run, found, state.production.package.version);
    outcome.did(title, 'its test policy is disabled again');
  }
}

/** All that Jamf has of the title. */
async function sight(run: Run, found: FoundTitle, packages: PackagesThere): Promise<JamfSight> {
  const policy = await findInstallPolicy(run, found.title);
  return {
    links: found.patchTitle?.links ?? [],
    ...(found.jamf.rings && { rings: found.jamf.rings }),
    ...(found.productionPolicy && { production: found.productionPolicy }),
    packages,
    ...(policy !== undefined && {
      install: (await run.jamf.packagesOfPolicy(policy)).map(({ id }) => id),
    }),
  };
}

function namedPackages({ state }: FoundTitle): readonly Package[] {
  return [
    state.package,
    state.testing?.package,
    state.production?.package,
    state.previous?.package,
  ].filter((one) => one !== undefined);
}

function sentence({ what, wanted, found, repair }: Difference): string {
  const next =
    repair === 'none'
      ? 'somebody changed it there: look who and why'
      : 'somebody changed it there: run "reconcile" with "repair" to put it back';
  return `${what}: main says ${wanted}, Jamf Pro has ${found}; ${next}`;
}
