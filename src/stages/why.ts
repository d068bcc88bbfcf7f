import { calendar, forecast } from '../lifecycle/forecast.ts';
import { nextStep } from '../lifecycle/next-step.ts';
import { needsOrder } from '../lifecycle/rolling-back.ts';
import type { JamfFacts } from '../lifecycle/title.ts';
import { why } from '../lifecycle/why.ts';
import { openingText } from '../lifecycle/window.ts';
import { type FoundTitle, gatherJamf, gatherStates } from './gather.ts';
import { askForEach, Outcome } from './outcome.ts';
import { momentOf, type Run } from './run.ts';

/** Says of each title in sentences what it waits for, and what would move it. Changes nothing, ever. */
export async function explain(run: Run): Promise<Outcome> {
  const outcome = new Outcome('why', true);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  for (const { found, jamf } of await askForEach(outcome, titles, (one) => informed(run, one)))
    for (const sentence of why(found.title, found.state, jamf, momentOf(run)))
      outcome.add(found.title, 'nothing', sentence);
  return outcome;
}

/** Lists the coming promotions by date, and then what has none, and why. Changes nothing, ever. */
export async function foresee(run: Run): Promise<Outcome> {
  const outcome = new Outcome('forecast', true);
  const titles = await gatherJamf(run, outcome, await gatherStates(run, outcome));
  const asked = await askForEach(outcome, titles, (one) => informed(run, one));
  const foreseen = asked.map(({ found, jamf }) => ({
    title: found.title,
    forecast: forecast(found.title, found.state, jamf, momentOf(run)),
  }));
  for (const { title, forecast: its } of [...calendar(foreseen), ...foreseen]) {
    if (outcome.rows.some(({ slug }) => slug === title.slug)) continue;
    const version = its.version?.text;
    if (its.comes === 'not') outcome.add(title, 'waits', its.reason, version);
    else {
      const needs = its.needs.length > 0 ? `, needs ${its.needs.join(' and ')}` : '';
      outcome.add(title, 'would', `${openingText(its.at)}${needs}`, version);
    }
  }
  return outcome;
}

/** What Jamf says of the title, its patch definitions where a decision needs them. */
async function informed(
  run: Run,
  found: FoundTitle,
): Promise<{ found: FoundTitle; title: FoundTitle['title']; jamf: JamfFacts }> {
  const { title, state, jamf, patchTitle } = found;
  const step = nextStep(title, state, jamf, momentOf(run));
  const isNeeded = step.step === 'look-up-definition' || needsOrder(state);
  if (!isNeeded || !patchTitle) return { found, title, jamf };
  return {
    found,
    title,
    jamf: { ...jamf, definitions: await run.jamf.definitions(patchTitle.id) },
  };
}
