import { decidePromotion } from './promoting.ts';
import { decideProposal } from './proposing.ts';
import type { Step } from './step.ts';
import { decideTest } from './testing.ts';
import type { JamfFacts, Moment, Title, TitleState } from './title.ts';

/**
 * The one next step of a title: what a person has approved comes first, then what is in test, then
 * what is new. A newer package that may take the place of the one in test comes before it.
 */
export function nextStep(title: Title, state: TitleState, jamf: JamfFacts, moment: Moment): Step {
  const promotion = decidePromotion(title, state, jamf, moment);
  if (promotion.step !== 'idle') return promotion;
  const test = decideTest(title, state, jamf, moment);
  const moves: readonly Step['step'][] = ['start-test', 'look-up-definition', 'enter-ring'];
  const movesTest = moves.includes(test.step);
  const proposal = decideProposal(title, state, jamf, moment);
  if (proposal.step !== 'idle' && !movesTest) return proposal;
  if (test.step !== 'idle') return test;
  return promotion.reason.startsWith('production') ? promotion : test;
}
