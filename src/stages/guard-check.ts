import type { Temporal } from 'temporal-polyfill';
import type { Guard, ScheduledWorkflow } from '../github/github.ts';
import type { Finding } from './title-check.ts';

/** The workflows that start by themselves, and after how many hours without a start something is wrong. */
const rhythms: Readonly<Record<string, number>> = {
  'daily.yml': 36,
  // Monday to Thursday: from Thursday to Monday it rests.
  'propose.yml': 5 * 24,
};

export const scheduledWorkflows = Object.keys(rhythms);

/** The check that a pull request must pass: the job's name in check.yml. */
const check = 'Check';

/**
 * What is missing of what should guard main (docs/ruleset.json, .github/CODEOWNERS), and which
 * workflow no longer starts by itself: GitHub skips schedules under load, and switches them off after
 * 60 days without a commit. Pure.
 */
export function guardFindings(guard: Guard, now: Temporal.Instant): readonly Finding[] {
  return [
    ...ruleFindings(guard),
    ...ownerFindings(guard),
    ...(guard.workflows ?? []).flatMap((workflow) => scheduleFindings(workflow, now)),
  ];
}

function ruleFindings({ rules }: Guard): readonly Finding[] {
  const lacks = (text: string): Finding => ({
    kind: 'lack',
    text: `${text}: import docs/ruleset.json under Settings > Rules > Rulesets`,
  });
  const requests = rules.filter(({ type }) => type === 'pull_request');
  const checks = rules.flatMap((rule) => rule.checks ?? []);
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const found: Finding[] = [];
  if (requests.length === 0)
    found.push(
      lacks('anybody who may write can change what the fleet gets without a pull request'),
    );
  else {
    if (!requests.some(({ approvals = 0 }) => approvals > 0))
      found.push(lacks('a pull request to main needs no approval'));
    if (!requests.some(({ byOwners }) => byOwners))
      found.push(lacks('a pull request to main does not need the approval of its code owners'));
  }
  if (!checks.includes(check))
    found.push(lacks(`a pull request can be merged without the check "${check}"`));
  if (!has('non_fast_forward'))
    found.push(lacks('the history of main, which is the audit trail, can be written anew'));
  if (!has('deletion')) found.push(lacks('main can be deleted'));
  return found;
}

function ownerFindings({ owners }: Guard): readonly Finding[] {
  if (!owners)
    return [
      {
        kind: 'lack',
        text: 'there is no CODEOWNERS file: say in .github/CODEOWNERS who approves promotions and recipes',
      },
    ];
  return owners.map((text) => ({
    kind: 'lack',
    text: `CODEOWNERS is not understood, so nobody need approve what that line is about: ${text}`,
  }));
}

function scheduleFindings(
  { path, state, lastStart }: ScheduledWorkflow,
  now: Temporal.Instant,
): readonly Finding[] {
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (state === 'disabled_inactivity')
    return [
      {
        kind: 'lack',
        text: `GitHub has switched ${file} off, because nothing was committed for 60 days: gh workflow enable ${file}`,
      },
    ];
  if (state !== 'active')
    return [
      { kind: 'doubt', text: `${file} is switched off (${state}): gh workflow enable ${file}` },
    ];
  const patience = rhythms[file] ?? Number.POSITIVE_INFINITY;
  if (!lastStart)
    return [{ kind: 'doubt', text: `no schedule has started ${file} yet: it should within a day` }];
  const hours = now.since(lastStart).total('hours');
  return hours <= patience
    ? []
    : [
        {
          kind: 'doubt',
          text: `no schedule has started ${file} for ${Math.floor(hours)} hours, the last time at ${lastStart.toString({ smallestUnit: 'minute' })}: GitHub skips schedules under load; gh workflow run ${file}`,
        },
      ];
}
