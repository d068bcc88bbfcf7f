import { cut } from '../text/one-line.ts';
import type { Connection } from './connection.ts';
import type { Sha } from './tree.ts';

export type DeploymentState = 'success' | 'failure' | 'in_progress';

/** A change of production, as it is to be shown. */
export interface WantedDeployment {
  /** `promote:<slug>`. */
  readonly task: string;
  /** "production". */
  readonly environment: string;
  /** The commit of main that was approved. */
  readonly ref: Sha;
  readonly description: string;
  /** What was deployed; `version` is part of what makes a deployment the same one. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A deployment as GitHub has it. */
export interface Deployment {
  readonly id: number;
  readonly sha: Sha;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of its newest status; absent when it has none yet. */
  readonly state?: string;
}

/**
 * Changes of production, shown as GitHub deployments, failures included.
 * https://docs.github.com/en/rest/deployments/deployments
 */
export interface Deployments {
  /** Found again by task, environment, commit and version, so that a second run adds nothing. */
  begin(wanted: WantedDeployment): Promise<{ id: number }>;
  /** @returns whether the status had to be added: not when the newest one says the same. */
  finish(
    id: number,
    state: DeploymentState,
    description: string,
    logUrl?: string,
  ): Promise<boolean>;
  /** The newest deployment of a task. */
  latest(task: string, environment: string): Promise<Deployment | undefined>;
}

/** GitHub's limit for a description. */
const longestDescription = 140;

export function deploymentsOf(connection: Connection): Deployments {
  const { octokit, owner, repo } = connection;

  async function listed(filter: { task: string; environment: string; sha?: string }, many: number) {
    const { data } = await connection.ask(`read the deployments of ${filter.task}`, 'read', () =>
      octokit.rest.repos.listDeployments({ owner, repo, ...filter, per_page: many }),
    );
    return data;
  }

  async function newestStatus(id: number) {
    const { data } = await connection.ask(`read the status of deployment ${id}`, 'read', () =>
      octokit.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 }),
    );
    return data[0];
  }

  /** The deployments that are the same as one that is wanted, the first one first. */
  async function same({ task, environment, ref, payload: { version } }: WantedDeployment) {
    const all = await listed({ task, environment, sha: ref }, 100);
    return all
      .filter((one) => payloadOf(one.payload).version === version)
      .sort((a, b) => a.id - b.id);
  }

  /** GitHub makes two of the same when two runs ask at once: the later one takes its own away again. */
  async function theOne(wanted: WantedDeployment, made: number): Promise<number> {
    const [first] = await same(wanted);
    if (!first || first.id >= made) return made;
    await connection.ask(
      `take away deployment ${made}, a double of ${first.id}`,
      'repeatable',
      () => octokit.rest.repos.deleteDeployment({ owner, repo, deployment_id: made }),
    );
    return first.id;
  }

  return {
    async begin(wanted) {
      const { task, environment, ref } = wanted;
      const find = async () => (await same(wanted))[0];
      const present = await find();
      if (present) return { id: present.id };
      const made = await connection.createOnce(`begin the deployment ${task}`, find, async () => {
        const { data } = await octokit.rest.repos.createDeployment({
          owner,
          repo,
          ref,
          task,
          environment,
          description: cut(wanted.description, longestDescription),
          payload: { ...wanted.payload },
          // The commit is on main already; checks were its pull request's concern.
          auto_merge: false,
          required_contexts: [],
          production_environment: environment === 'production',
        });
        if ('id' in data) return data;
        throw new Error(data.message ?? 'GitHub accepted the deployment without making it');
      });
      return { id: await theOne(wanted, made.id) };
    },
    async finish(id, state, description, logUrl) {
      const text = cut(description, longestDescription);
      const isSaid = async () => {
        const newest = await newestStatus(id);
        return newest?.state === state && newest.description === text ? newest : undefined;
      };
      if (await isSaid()) return false;
      await connection.createOnce(`set deployment ${id} to ${state}`, isSaid, async () => {
        const { data } = await octokit.rest.repos.createDeploymentStatus({
          owner,
          repo,
          deployment_id: id,
          state,
          description: text,
          // Every title deploys to the same environment: one must not put out another's light.
          auto_inactive: false,
          ...(logUrl ? { log_url: logUrl } : {}),
        });
        return data;
      });
      return true;
    },
    async latest(task, environment) {
      const [newest] = await listed({ task, environment }, 1);
      if (!newest) return undefined;
      const status = await newestStatus(newest.id);
      return {
        id: newest.id,
        sha: newest.sha as Sha,
        payload: payloadOf(newest.payload),
        ...(status ? { state: status.state } : {}),
      };
    },
  };
}

/** GitHub gives the payload back as it got it, older servers as a text. */
function payloadOf(payload: unknown): Record<string, unknown> {
  if (typeof payload === 'string') {
    try {
      return payloadOf(JSON.parse(payload));
    } catch {
      return {};
    }
  }
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
