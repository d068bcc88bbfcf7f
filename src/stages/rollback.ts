import { rollbackBody, rollbackBranchOf, rollbackTitle } from '../github/github.ts';
import { type Change, placeHold, takeBack } from '../lifecycle/changes.ts';
import type { Production } from '../lifecycle/title.ts';
import { sameVersion, type Version } from '../lifecycle/version.ts';
import { changedText } from '../state/changed.ts';
import type { TitleChange } from '../state/commit.ts';
import { statePath } from '../state/read.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { attempt, Outcome } from './outcome.ts';
import { record } from './record.ts';
import { momentOf, type Run, repositoryOf, trailersOf } from './run.ts';
import { tell } from './tell.ts';

/** A person says: back to what it was. */
export interface RollbackRequest {
  readonly reason: string;
  /** `pull-request` asks for a merge; `direct` does it in the name of who asked. */
  readonly mode: 'pull-request' | 'direct';
}

/** A title that can go back. */
interface Back {
  readonly found: FoundTitle;
  readonly from: Version;
  readonly to: Production;
}

/**
 * The rollback stage: takes the last promotion of each named title back, on main, as GitHub's own Revert
 * button would; the promote stage then makes Jamf follow, at once. It refuses where Jamf no longer has
 * what it would take.
 */
export async function rollback(run: Run, request: RollbackRequest): Promise<Outcome> {
  const outcome = new Outcome('rollback', run.dryRun);
  if (!run.only || run.only.length === 0)
    throw new Error('a rollback is for titles named one by one: say which');
  if (!run.dryRun) repositoryOf(run);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const going: Back[] = [];
  for (const found of titles)
    await attempt(outcome, found.title, async () => {
      const back = await wayBack(run, outcome, found);
      if (back) going.push(back);
    });
  if (run.dryRun) for (const back of going) say(outcome, back, 'would be rolled back');
  else if (request.mode === 'direct') await commitBack(run, outcome, request, going);
  else await askBack(run, outcome, request, going);
  await tell(run, outcome, {
    audience: 'admins',
    heading: `ROLLBACK by ${run.actor}: ${request.reason}`,
    section: request.mode === 'direct' ? 'Taken back' : 'To be approved now',
  });
  return outcome;
}

/** Whether the title can go back, and to what. @throws Error that says what is missing in Jamf. */
async function wayBack(run: Run, outcome: Outcome, found: FoundTitle): Promise<Back | undefined> {
  const { title, state, patchTitle } = found;
  const { production, previous: to } = state;
  if (!production) {
    outcome.add(title, 'nothing', 'production offers nothing: there is nothing to take back');
    return undefined;
  }
  const from = production.package.version;
  if (!to) {
    const only = `nothing is known of what production offered before ${from.text}; to offer nothing any more, revert its promotion request on GitHub`;
    outcome.add(title, 'nothing', only, from.text);
    return undefined;
  }
  const { version, file, jamfId, digest } = to.package;
  const cannot = `${title.name} can not go back to ${version.text}`;
  const there = await run.jamf.packageById(jamfId);
  if (!there || there.file !== file)
    throw new Error(
      `${cannot}: its package ${file} (Jamf id ${jamfId}) is ${there ? `another file, "${there.file}",` : 'no longer'} in Jamf Pro. Upload that very file again, or hold ${from.text} and bring a newer version in its place`,
    );
  if (there.digest !== undefined && there.digest !== digest)
    throw new Error(
      `${cannot}: the package ${file} (Jamf id ${jamfId}) has other content in Jamf Pro than what was in production. Find out who replaced it, and why`,
    );
  const { definition } = to;
  if (patchTitle && definition) {
    const known = await run.jamf.definitions(patchTitle.id);
    if (!known.some((one) => sameVersion(one.version, definition)))
      throw new Error(
        `${cannot}: the patch title "${patchTitle.name}" no longer has the definition ${definition.text}. Add it to the patch source again, or hold ${from.text} and bring a newer version in its place`,
      );
  }
  return { found, from, to };
}

/** Production as it was before, and the version rolled back from held in the name of who asked. */
function changeOf(run: Run, { reason }: RollbackRequest, { from }: Back): Change {
  const held = placeHold({
    version: from,
    reason: `rolled back: ${reason}`,
    by: run.actor,
    since: momentOf(run).today,
  });
  return (state) => held(takeBack(from)(state));
}

async function commitBack(
  run: Run,
  outcome: Outcome,
  request: RollbackRequest,
  going: readonly Back[],
): Promise<void> {
  const changes = going.map((back): TitleChange => {
    const { title } = back.found;
    say(outcome, back, `rolled back by ${run.actor}: ${request.reason}`);
    return {
      slug: title.slug,
      name: title.name,
      what: `ROLLBACK: ${wayOf(back)} by ${run.actor}: ${request.reason}`,
      change: changeOf(run, request, back),
    };
  });
  await record(run, outcome, changes);
}

/** One request for all titles: its diff is what the Revert button would make, and the hold. */
async function askBack(
  run: Run,
  outcome: Outcome,
  request: RollbackRequest,
  going: readonly Back[],
): Promise<void> {
  if (going.length === 0) return;
  const branch = rollbackBranchOf(
    going.map(({ found, from, to }) => ({
      slug: found.title.slug,
      from,
      to: to.package.version,
    })),
  );
  const about = {
    titles: going.map(({ found, from, to }) => ({
      name: found.title.name,
      from,
      to: to.package.version,
    })),
    by: run.actor,
    reason: request.reason,
    marker: branch,
  };
  try {
    const ensured = await repositoryOf(run).requests.ensure({
      branch,
      marker: branch,
      title: rollbackTitle(about),
      body: rollbackBody(about),
      labels: ['rollback'],
      reviewers: run.recipes.settings.emergencyReviewers,
      files: new Map(
        going.map((back) => [
          statePath(back.found.title.slug),
          (onBase: string | undefined) =>
            changedText(back.found.title, changeOf(run, request, back), onBase),
        ]),
      ),
      message: [`ROLLBACK: ${going.map(wayOf).join(', ')}`, '', ...trailersOf(run)].join('\n'),
    });
    const { number, url } = ensured.request;
    for (const back of going)
      if (ensured.wrote) say(outcome, back, `merge #${number} now: ${request.reason}`, url);
      else
        outcome.add(
          back.found.title,
          'waits',
          `waits for approval in #${number}`,
          back.from.text,
          url,
        );
  } catch (error) {
    for (const { found } of going) outcome.fail(found.title, error);
  }
}

function say(outcome: Outcome, back: Back, text: string, link?: string): void {
  outcome.did(back.found.title, `${text} (${wayOf(back)})`, back.from.text, link);
}

function wayOf({ found, from, to }: Back): string {
  return `${found.title.name} ${from.text} back to ${to.package.version.text}`;
}
