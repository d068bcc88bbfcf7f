import { isAtLeast, leastPrivileges, needOf } from '../jamf/jamf.ts';
import type { Title } from '../lifecycle/title.ts';
import { gatherJamf, gatherStates } from './gather.ts';
import { guardFindings, scheduledWorkflows } from './guard-check.ts';
import { askForEach, Outcome } from './outcome.ts';
import type { Run } from './run.ts';
import { type Finding, findingsOf } from './title-check.ts';

/**
 * The doctor: looks whether Jamf Pro has all that the stages will need, whether main is guarded and the
 * schedules still run, and says for each lack what to do. Changes nothing, ever.
 */
export async function doctor(run: Run): Promise<Outcome> {
  const outcome = new Outcome('doctor', true);
  await checkJamf(run, outcome);
  await checked(outcome, () => checkGitHub(run, outcome));
  return outcome;
}

async function checkJamf(run: Run, outcome: Outcome): Promise<void> {
  // Who can't even connect needs to hear that once, not with every question.
  if (!(await checked(outcome, () => checkVersion(run, outcome)))) return;
  await checked(outcome, () => checkPrivileges(run, outcome));
  await checked(outcome, () => checkStorage(run, outcome));
  await checked(outcome, () => checkTitles(run, outcome));
}

/** Without a token there is nobody to ask; what was not looked at must not pass for sound. */
async function checkGitHub(run: Run, outcome: Outcome): Promise<void> {
  if (!run.github) {
    outcome.rows.push({
      slug: 'patchbot',
      title: 'GitHub',
      did: 'warned',
      text: 'not looked at: set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN (export GITHUB_TOKEN="$(gh auth token)")',
    });
    return;
  }
  const guard = await run.github.guard(scheduledWorkflows);
  const findings = guardFindings(guard, run.now().toInstant());
  for (const { kind, text } of findings)
    if (kind === 'lack') outcome.failRun(new Error(text));
    else outcome.rows.push({ slug: 'patchbot', title: 'GitHub', did: 'warned', text });
  if (findings.length === 0)
    outcome.rows.push({
      slug: 'patchbot',
      title: 'GitHub',
      did: 'nothing',
      text: `${run.github.base} is guarded as it should be${guard.workflows ? ', and the schedules run' : ''}`,
    });
}

async function checked(outcome: Outcome, check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    outcome.failRun(error);
    return false;
  }
}

async function checkVersion(run: Run, outcome: Outcome): Promise<void> {
  const version = await run.jamf.setup.version();
  if (!isAtLeast(version, 11, 5))
    throw new Error(
      `Jamf Pro is ${version.text}, and packages can be uploaded only from 11.5 on: update it`,
    );
  const older = isAtLeast(version, 11, 30) ? '' : ', so the calls that 11.30 has replaced are used';
  tellAll(outcome, 'nothing', `connected; Jamf Pro is ${version.text}${older}`);
}

async function checkPrivileges(run: Run, outcome: Outcome): Promise<void> {
  const granted = await run.jamf.setup.privileges();
  if (!granted)
    return tellAll(
      outcome,
      'warned',
      'Jamf Pro does not tell what the API role may do: compare it with docs/jamf-privileges.md',
    );
  const needed = leastPrivileges();
  for (const privilege of needed.filter((one) => !granted.has(one))) {
    const { askers, purpose } = needOf(privilege);
    outcome.failRun(
      new Error(
        `the API role lacks "${privilege}", which ${listed(askers)} ${askers.length > 1 ? 'need' : 'needs'} to ${purpose}: add it under Settings > System > API roles and clients`,
      ),
    );
  }
  const tooMuch = [...granted].filter((one) => !needed.includes(one)).sort();
  if (tooMuch.length > 0)
    tellAll(
      outcome,
      'warned',
      `the API role may do more than PatchBot needs: take away ${firstOf(tooMuch.map((one) => `"${one}"`))} under Settings > System > API roles and clients`,
    );
  else if (needed.every((one) => granted.has(one)))
    tellAll(outcome, 'nothing', 'the API role has the privileges that are needed, and no others');
}

async function checkStorage(run: Run, outcome: Outcome): Promise<void> {
  const kind = await run.jamf.setup.distributionPoint();
  if (kind === 'NONE')
    throw new Error(
      'there is no cloud distribution point, so packages can not be uploaded: set one up under Settings > Server > Cloud distribution point',
    );
  tellAll(outcome, 'nothing', `packages go to ${kind ?? 'a distribution point of unknown kind'}`);
}

async function checkTitles(run: Run, outcome: Outcome): Promise<void> {
  const known = await gatherStates(run, outcome);
  const found = await gatherJamf(run, outcome, known);
  // The titles' questions go out together; what they find is told in the order of the titles.
  const checked = await askForEach(outcome, known, async ({ title }) => ({
    title,
    findings: await findingsOf(
      run,
      title,
      found.find((one) => one.title.slug === title.slug),
    ),
  }));
  for (const { title, findings } of checked) tellFindings(outcome, title, findings);
}

function tellFindings(outcome: Outcome, title: Title, findings: readonly Finding[]): void {
  for (const { kind, text } of findings)
    if (kind === 'lack') outcome.fail(title, text);
    else outcome.add(title, 'warned', text);
  const isSound = findings.length === 0 && !outcome.failedTitles.includes(title.slug);
  if (isSound) outcome.add(title, 'nothing', 'Jamf Pro has all that it needs');
}

function tellAll(outcome: Outcome, did: 'nothing' | 'warned', text: string): void {
  outcome.rows.push({ slug: 'patchbot', title: 'Jamf Pro', did, text });
}

/** The first few of many, in words. */
function firstOf(items: readonly string[]): string {
  const most = 12;
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ');
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
