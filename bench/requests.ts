/**
 * How many requests a run asks of Jamf Pro, and how long it takes when each has 50 ms of latency: the
 * real stages `test` and `promote` against the simulated Jamf Pro and GitHub, with 10, 100 and 500 titles
 * that have no news, and with 500 titles of which 10 and all have.
 *
 * "Per changed title" is the slope from 10 to 500 changed titles: what a fleet pays once (token, lists)
 * is in "idle". Its last line: {"bench":"requests","idle":{…},"testPerTitle":…,"promotePerTitle":…,"seconds":{…}}
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../src/stages/outcome.ts';
import { promote } from '../src/stages/promote.ts';
import type { Run } from '../src/stages/run.ts';
import { test } from '../src/stages/test.ts';
import { companyWithNews, type Stage } from './requests-company.ts';

/** Milliseconds that every answer of Jamf Pro takes longer. */
const latency = 50;

const stages: Readonly<Record<Stage, (run: Run) => Promise<Outcome>>> = { test, promote };

interface Measured {
  readonly requests: number;
  readonly seconds: number;
}

async function measure(stage: Stage, titles: number, news: number): Promise<Measured> {
  const fleet = await companyWithNews(stage, titles, news);
  try {
    fleet.jamf.onRequest = () => sleep(latency);
    fleet.jamf.resetCounts();
    const began = performance.now();
    const outcome = await fleet.run(stages[stage]);
    const seconds = (performance.now() - began) / 1000;
    if (outcome.failed) throw new Error(outcome.failures.map(({ message }) => message).join('\n'));
    if (outcome.movedTitles.length !== news)
      throw new Error(`${stage} moved ${outcome.movedTitles.length} titles of ${news}`);
    if (fleet.jamf.violations.length > 0) throw new Error(fleet.jamf.violations.join('\n'));
    return { requests: fleet.jamf.requests.length, seconds };
  } finally {
    await fleet.close();
  }
}

/** What a stage asks with so many titles and so much news; told as it is known. */
async function row(stage: Stage, titles: number, news: number): Promise<Measured> {
  const measured = await measure(stage, titles, news);
  const { requests, seconds } = measured;
  console.log(
    [
      stage.padEnd(8),
      `${titles} titles`.padStart(11),
      `${news} with news`.padStart(14),
      `${requests} requests`.padStart(15),
      `${seconds.toFixed(1)} s`.padStart(9),
    ].join('  '),
  );
  return measured;
}

const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

console.log(`Requests to Jamf Pro, each with ${latency} ms of latency\n`);
const idle: Record<string, number> = {};
const seconds: Record<string, number> = {};
const slopes: Record<Stage, number> = { test: 0, promote: 0 };
for (const stage of ['test', 'promote'] as const) {
  for (const titles of [10, 100]) take(titles, await row(stage, titles, 0));
  const none = await row(stage, 500, 0);
  take(500, none);
  const some = await row(stage, 500, 10);
  const all = await row(stage, 500, 500);
  slopes[stage] = rounded((all.requests - some.requests) / 490);
  for (const [news, run] of Object.entries({ 0: none, 10: some, 500: all }))
    seconds[news] = rounded((seconds[news] ?? 0) + run.seconds, 1);
}

/** Idle is what the more curious of the two stages asks. */
function take(titles: number, { requests }: Measured): void {
  idle[titles] = Math.max(idle[titles] ?? 0, requests);
}

console.log(`
Idle, a run asks for a token, the titles, the patch policies with their details, and gives the token
back. Titles come in one answer, whatever their number; patch policies in pages of 2,000, so each 2,000
policies (1,000 titles) more are two requests more. The seconds are those of test and promote together.`);
console.log(
  JSON.stringify({
    bench: 'requests',
    idle,
    testPerTitle: slopes.test,
    promotePerTitle: slopes.promote,
    seconds,
  }),
);
