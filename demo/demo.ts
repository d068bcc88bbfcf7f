import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { status, type TitleStatus } from '../src/stages/status.ts';
import { Company } from './company.ts';
import { wrongEndings } from './endings.ts';
import { type Narrator, narratorTo } from './narrator.ts';
import { declined, firstDay, firstVersions, lastDay, leftForLater, scenes } from './story.ts';

const root = join(import.meta.dirname, '..');
const repository = '.demo';
const asJson = process.argv.includes('--json');

const narrator = narratorTo(asJson ? () => undefined : (line) => console.log(line));
const company = await Company.open(at(firstDay, 0), narrator);
try {
  await story(company, narrator);
  process.exitCode = await ending(company, narrator);
} finally {
  await company.fleet.close();
}

/** The four weeks, day by day. */
async function story(company: Company, narrator: Narrator): Promise<void> {
  narrator.line('Four simulated weeks with the catalog in recipes/. Lines with * are the world;');
  narrator.line('all others are what PatchBot does, by the stage that does it.');
  for (const [slug, version] of Object.entries(firstVersions)) await company.release(slug, version);
  for (let day = firstDay; day <= lastDay; day = next(day)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    narrator.day(day);
    const happens = async (when: 'night' | 'noon' | 'evening', hour: number) => {
      company.fleet.now = at(day, hour);
      for (const scene of scenes)
        if (scene.day === day && scene.at === when) {
          if (scene.told) narrator.event(scene.told);
          await scene.happens(company);
        }
    };
    // The hours are UTC; the company is in Zurich, two hours ahead.
    await happens('night', 1);
    company.fleet.now = at(day, 4);
    await company.daily();
    company.fleet.now = at(day, 6);
    await company.promote();
    if (weekday <= 4) {
      company.fleet.now = at(day, 7);
      await company.propose();
      company.fleet.now = at(day, 8);
      await answerRequests(company, narrator);
    }
    await happens('noon', 10);
    await happens('evening', 15);
  }
}

/** The admins look at the open requests over their coffee. */
async function answerRequests(company: Company, narrator: Narrator): Promise<void> {
  const { github } = company.fleet;
  const approved: string[] = [];
  for (const { number, head, title, state } of github.pulls) {
    const what = head.split('/').slice(1).join(' ');
    if (state !== 'open' || leftForLater.includes(what)) continue;
    const no = declined[what];
    if (no) {
      narrator.event(`${no.by} closes request #${number} unmerged: ${no.why}.`);
      await github.people.comment(number, no.by, no.why);
      await github.people.close(number, no.by);
      continue;
    }
    await github.people.merge(number, 'anna');
    approved.push(`#${number} ${title}`);
  }
  if (approved.length > 0) narrator.event(`anna merges ${approved.join('; ')}.`);
  await company.promote('anna');
}

/** Shows where everything ended. @returns the exit code: 0 when that is where it must. */
async function ending(company: Company, narrator: Narrator): Promise<number> {
  const { fleet } = company;
  const opened = await fleet.open({ dryRun: true });
  const { titles } = await status(opened.run).finally(() => opened.close());
  const wrong = wrongEndings(titles, company.offered());
  await keepRepository(fleet.github.gitDir);

  const pullRequests = fleet.github.pulls.map(({ head, merged, state }) => ({
    ...company.promotedBy(head),
    state: merged ? 'merged' : state,
  }));
  const { messages } = fleet.webhooks;
  const jamfRequests = fleet.jamf.requests.length;
  if (asJson) {
    const rows = titles.map(({ title, production = null, testing = null, hold = null }) => ({
      title,
      production,
      testing,
      hold,
    }));
    const whole = { titles: rows, pullRequests, messages: messages.length, jamfRequests };
    console.log(JSON.stringify({ ...whole, git: repository }));
  } else {
    tellEnd(narrator, titles);
    const kinds = ['admins', 'testers', 'everyone'].map(
      (channel) => `${messages.filter((one) => one.channel === channel).length} to ${channel}`,
    );
    narrator.line();
    narrator.line(`Messages sent: ${messages.length} (${kinds.join(', ')}).`);
    narrator.line(
      `Requests to Jamf Pro: ${jamfRequests}. Promotion requests: ${pullRequests.length}.`,
    );
    narrator.line(`The git repository is in ${repository}/; its history is the audit trail:`);
    narrator.line(`  git -C ${repository} log`);
  }
  for (const sentence of wrong) console.error(`It ended wrong: ${sentence}`);
  return wrong.length > 0 ? 1 : 0;
}

function tellEnd(narrator: Narrator, titles: readonly TitleStatus[]): void {
  narrator.line();
  narrator.line('Where each title ends:');
  const rows = [
    ['title', 'in production', 'newest in test', 'and next'],
    ...titles.map(({ title, production = '-', testing = '-', reason }) => [
      title,
      production,
      testing === production ? '' : testing,
      reason,
    ]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows)
    narrator.line(
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    );
}

/** Leaves the repository as anybody would clone it. */
async function keepRepository(gitDir: string): Promise<void> {
  const folder = join(root, repository);
  await rm(folder, { recursive: true, force: true });
  const git = promisify(execFile);
  await git('git', ['clone', '--quiet', gitDir, folder]);
  // What it was cloned from goes when the demo ends.
  await git('git', ['-C', folder, 'remote', 'remove', 'origin']);
}

/** An instant of that day, the hour in UTC. */
function at(day: string, hour: number): string {
  return `${day}T${String(hour).padStart(2, '0')}:00:00Z`;
}

function next(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
