import { createHash } from 'node:crypto';
import type { BuiltPackage } from '../autopkg/autopkg.ts';
import type { Chain } from '../autopkg/chain.ts';
import { madeFrom as readMadeFrom } from '../autopkg/made-from.ts';
import { type CustodyProposal, custodyBody, custodyTitle } from '../github/github.ts';
import { acceptSource } from '../lifecycle/changes.ts';
import { judgeBuilt } from '../lifecycle/custody.ts';
import { type MadeFrom, sourceOf } from '../lifecycle/made-from.ts';
import type { PackageId } from '../lifecycle/package.ts';
import type { TitleState } from '../lifecycle/title.ts';
import { editState } from '../state/edit.ts';
import { parseState, statePath } from '../state/read.ts';
import { problemText } from '../yaml/checked.ts';
import type { KnownTitle } from './gather.ts';
import { type Run, repositoryOf, trailersOf } from './run.ts';

/** What every branch of these requests starts with. */
const branchPrefix = 'patchbot-custody/';

/** Where a package comes from: known and good, or to be accepted by a person first. */
export type Examined =
  | { readonly ok: true; readonly madeFrom: MadeFrom }
  | {
      readonly ok: false;
      /** In words, with the number of the request. */
      readonly text: string;
      readonly link: string;
      /** Whether a person has said no to it already. */
      readonly isDeclined: boolean;
    };

/**
 * Looks where a package comes from that was just built. If from elsewhere than those before it, people
 * are asked by a pull request to accept that; until then it goes nowhere.
 */
export async function examine(
  run: Run,
  known: KnownTitle,
  built: BuiltPackage,
  chain: Chain | undefined,
): Promise<Examined> {
  const madeFrom = await readMadeFrom(built.receipt, chain);
  const custody = judgeBuilt(known.state, madeFrom);
  if (custody.custody !== 'broken') {
    await closeSettled(run, known);
    return { ok: true, madeFrom };
  }
  const { requests } = repositoryOf(run);
  const { title } = known;
  const proposal = proposalOf(known, built, madeFrom, custody.reason);
  const branch = `${branchPrefix}${title.slug}-${digestOf(madeFrom)}`;
  const before = await requests.latestOf(branch);
  if (before?.state === 'closed')
    return {
      ok: false,
      text: `not uploaded: ${custody.reason}; that was declined in #${before.number}`,
      link: before.url,
      isDeclined: true,
    };
  const heading = custodyTitle(proposal);
  const { request } = await requests.ensure({
    branch,
    marker: proposal.marker,
    title: heading,
    body: custodyBody(proposal),
    labels: ['custody'],
    reviewers: run.recipes.settings.reviewers,
    files: new Map([[statePath(title.slug), acceptedText(known, madeFrom)]]),
    message: [heading, '', ...trailersOf(run)].join('\n'),
  });
  return {
    ok: false,
    text: `not uploaded: ${custody.reason}; a person must accept that in #${request.number}`,
    link: request.url,
    isDeclined: false,
  };
}

/** Closes a title's requests to accept what its newest package no longer needs to have accepted. */
async function closeSettled(run: Run, { title }: KnownTitle): Promise<void> {
  const { requests } = repositoryOf(run);
  const mine = `${branchPrefix}${title.slug}-`;
  for (const { branch, number } of await requests.open(mine)) {
    // "zoom-" begins the branches of "zoom-rooms", too.
    if (!/^[0-9a-f]{8}$/.test(branch.slice(mine.length))) continue;
    const why = 'its newest package comes from where packages came from before';
    await requests.comment(number, 'superseded', `Closed by PatchBot: ${why}.`);
    await requests.close(number);
  }
}

/** What it was made from, with the digest that Jamf Pro gives of what it has stored. */
export async function storedAs(run: Run, id: PackageId, madeFrom: MadeFrom): Promise<MadeFrom> {
  const stored = (await run.jamf.packageById(id))?.digest;
  return stored === undefined ? madeFrom : { ...madeFrom, storedDigest: stored };
}

/** The title's state file once its new source is accepted. */
function acceptedText({ title }: KnownTitle, madeFrom: MadeFrom) {
  return (onBase: string | undefined): string => {
    const read = parseState(onBase, title.slug);
    if (!read.ok) throw new Error(read.problems.map(problemText).join('\n'));
    const after = acceptSource(sourceOf(madeFrom))(read.state);
    return editState(read.document, title.name, read.state, after);
  };
}

function proposalOf(
  { title, state }: KnownTitle,
  built: BuiltPackage,
  madeFrom: MadeFrom,
  reason: string,
): CustodyProposal {
  const before = lastKnown(state);
  return {
    title: title.name,
    version: built.version.text,
    reason,
    downloads: madeFrom.downloads,
    before: before ? sourceOf(before) : { origins: [], signers: [] },
    now: sourceOf(madeFrom),
    recipes: madeFrom.recipes,
    marker: `custody:${title.slug}:${digestOf(madeFrom)}`,
  };
}

function lastKnown({ package: newest, production }: TitleState): MadeFrom | undefined {
  return newest?.madeFrom ?? production?.package.madeFrom;
}

/** The same for the same source, whatever the version: who has said no is not asked again. */
function digestOf(madeFrom: MadeFrom): string {
  return createHash('sha256')
    .update(JSON.stringify(sourceOf(madeFrom)))
    .digest('hex')
    .slice(0, 8);
}
