import { branchKind, type GitHub, type PullChanges } from '../github/github.ts';
import { type Approval, approvalOf } from '../lifecycle/approval.ts';
import { approve, takeBack } from '../lifecycle/changes.ts';
import type { Title, TitleState } from '../lifecycle/title.ts';
import { editState } from '../state/edit.ts';
import { type ReadState, statePath } from '../state/read.ts';
import { failState, stateChanges } from './check-states.ts';
import type { Merged } from './merged.ts';
import type { Outcome } from './outcome.ts';

/**
 * A promotion request is exactly what PatchBot would propose: it changes state files alone, each by
 * nothing but the approval of what is in test (or of an emergency), letter by letter. The same goes for
 * a request that takes promotions back.
 */
export async function checkPromotion(
  github: GitHub,
  outcome: Outcome,
  changes: PullChanges,
  merged: Merged,
): Promise<void> {
  const isRollback = branchKind(changes.branch)?.kind === 'rollback';
  const states = await stateChanges(github, outcome, changes, merged);
  const known = new Set(states.map(({ title }) => statePath(title.slug) as string));
  for (const path of [...changes.edited, ...changes.gone])
    if (!known.has(path))
      outcome.failures.push({
        slug: 'patchbot',
        title: 'PatchBot',
        message: `a promotion request changes nothing but the state of its titles, and this one changes ${path}: take that out again, or propose it by itself`,
        file: path,
      });
  for (const { title, before, after, text } of states) {
    const approval = approvalOf(title, before.state, after.state);
    const wrong = wrongWith(approval, title, before, after.state, text, isRollback);
    if (wrong === undefined) {
      const version = 'version' in approval ? approval.version.text : undefined;
      outcome.add(title, 'nothing', 'this is exactly what PatchBot proposes', version);
    } else failState(outcome, title, wrong);
  }
  if (states.length === 0 && !outcome.failed)
    outcome.failRun(new Error('this request is named like a promotion, and promotes nothing'));
}

/** What makes the file another one than PatchBot's own; undefined when nothing does. */
function wrongWith(
  approval: Approval,
  title: Title,
  before: ReadState & { ok: true },
  after: TitleState,
  text: string,
  isRollback: boolean,
): string | undefined {
  if (approval.approves === 'something else') return approval.reason;
  const own = isRollback
    ? rolledBack(approval, before.state, after)
    : approved(approval, before.state, after);
  if (!own)
    return isRollback
      ? `it does not take the promotion of ${title.name} back`
      : `it approves no version of ${title.name}`;
  return editState(before.document, title.name, before.state, own) === text
    ? undefined
    : `the file says more than ${isRollback ? 'the rollback to' : 'the approval of'} ${'version' in approval ? approval.version.text : 'nothing'}: close this request, and PatchBot makes it anew`;
}

/** The state with nothing but the approval of what `after` wants in production. */
function approved(approval: Approval, before: TitleState, after: TitleState) {
  const { production } = after;
  const isApproval = approval.approves === 'tested' || approval.approves === 'emergency';
  return isApproval && production ? approve(production)(before) : undefined;
}

/** The state with nothing but the way back to what production was before, and the hold that goes with it. */
function rolledBack(approval: Approval, before: TitleState, after: TitleState) {
  const from = before.production?.package.version;
  if (approval.approves !== 'previous' || !from) return undefined;
  return { ...takeBack(from)(before), ...(after.holds && { holds: after.holds }) };
}
