import { Temporal } from 'temporal-polyfill';
import type { Connection } from './connection.ts';
import { GitHubError } from './error.ts';

/** What guards the branch that holds the truth, and whether what must start by itself does. */
export interface Guard {
  /** The rules in force on the branch, of all rulesets. */
  readonly rules: readonly BranchRule[];
  /** What is wrong in CODEOWNERS; absent when there is no such file. */
  readonly owners?: readonly string[];
  /** The workflows; absent when the token may not see them ("Actions: read"). */
  readonly workflows?: readonly ScheduledWorkflow[];
}

/** A rule as GitHub names it: "pull_request", "non_fast_forward". */
export interface BranchRule {
  readonly type: string;
  /** Of "pull_request". */
  readonly approvals?: number;
  /** Of "pull_request": whether the code owners must approve. */
  readonly byOwners?: boolean;
  /** Of "required_status_checks". */
  readonly checks?: readonly string[];
}

/** A workflow that starts by schedule, among other things. */
export interface ScheduledWorkflow {
  /** ".github/workflows/daily.yml". */
  readonly path: string;
  /** "active", "disabled_inactivity", "disabled_manually". */
  readonly state: string;
  /** When a schedule last started it; absent when none ever did. */
  readonly lastStart?: Temporal.Instant;
}

/**
 * Reads what guards the branch. Changes nothing.
 * - https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch
 * - https://docs.github.com/en/rest/repos/repos#list-codeowners-errors
 * - https://docs.github.com/en/rest/actions/workflow-runs
 *
 * @param scheduled the file names of the workflows to look at: "daily.yml".
 * @throws GitHubError when GitHub does not answer.
 */
export async function guardOf(
  connection: Connection,
  scheduled: readonly string[],
): Promise<Guard> {
  const { octokit, owner, repo, base } = connection;
  const { data: rules } = await connection.ask(`read the rules of ${base}`, 'read', () =>
    octokit.rest.repos.getBranchRules({ owner, repo, branch: base, per_page: 100 }),
  );
  const owners = await connection.find('read what is wrong in CODEOWNERS', () =>
    octokit.rest.repos.codeownersErrors({ owner, repo }),
  );
  const workflows = await workflowsOf(connection, scheduled);
  return {
    rules: rules.map(ruleOf),
    ...(owners && {
      owners: owners.data.errors.map(
        ({ path, line, kind, suggestion }) =>
          `${path}:${line}: ${kind}${suggestion ? `: ${suggestion}` : ''}`,
      ),
    }),
    ...(workflows && { workflows }),
  };
}

function ruleOf(rule: { readonly type: string; readonly parameters?: unknown }): BranchRule {
  const given = (rule.parameters ?? {}) as {
    readonly required_approving_review_count?: number;
    readonly require_code_owner_review?: boolean;
    readonly required_status_checks?: readonly { readonly context: string }[];
  };
  return {
    type: rule.type,
    ...(given.required_approving_review_count !== undefined && {
      approvals: given.required_approving_review_count,
    }),
    ...(given.require_code_owner_review !== undefined && {
      byOwners: given.require_code_owner_review,
    }),
    ...(given.required_status_checks && {
      checks: given.required_status_checks.map(({ context }) => context),
    }),
  };
}

async function workflowsOf(
  connection: Connection,
  scheduled: readonly string[],
): Promise<readonly ScheduledWorkflow[] | undefined> {
  const { octokit, owner, repo } = connection;
  const found: ScheduledWorkflow[] = [];
  try {
    for (const file of scheduled) {
      const workflow = await connection.find(`read the workflow ${file}`, () =>
        octokit.rest.actions.getWorkflow({ owner, repo, workflow_id: file }),
      );
      if (!workflow) continue;
      const { data } = await connection.ask(`read the runs of ${file}`, 'read', () =>
        octokit.rest.actions.listWorkflowRuns({
          owner,
          repo,
          workflow_id: file,
          event: 'schedule',
          per_page: 1,
        }),
      );
      const started = data.workflow_runs[0]?.created_at;
      const { path, state } = workflow.data;
      found.push({
        path,
        state,
        ...(started && { lastStart: Temporal.Instant.from(started) }),
      });
    }
  } catch (error) {
    // PatchBot's App can do without the permission to see workflows; a person at a terminal has it.
    if (error instanceof GitHubError && error.status === 403) return undefined;
    throw error;
  }
  return found;
}
