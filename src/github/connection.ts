import { setTimeout as sleep } from 'node:timers/promises';
import { Octokit } from '@octokit/rest';
import { GitHubError, remedyFor } from './error.ts';
import { CutOffAnswer, failureOf } from './failure.ts';
import { type Identity, identityOf } from './identity.ts';

/** Where the repository is, and who asks. */
export interface GitHubSettings {
  /** A GitHub App's installation token, or a person's: never shown. */
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** The REST API's address, as Actions gives it in GITHUB_API_URL; https://api.github.com when absent. */
  readonly apiUrl?: string;
  /** The branch that holds the truth; "main" when absent. */
  readonly base?: string;
  /** Where waiting and trying again is told, a line at a time. */
  readonly log?: (line: string) => void;
  /** Waits so many milliseconds; for tests. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** A dry run: any write throws before it leaves. */
  readonly readOnly?: boolean;
}

/**
 * How often a request may be sent: a `read` and a `repeatable` write may be sent again whenever the
 * answer is lost; one that must go `once` may be sent again only when it surely was not done.
 */
export type Manner = 'read' | 'repeatable' | 'once';

/** One repository over one token: every request of this folder goes through `ask`. */
export interface Connection {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly base: string;
  readonly token: string;
  readonly log: (line: string) => void;
  /** Waits so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Whose token it is, as far as GitHub tells, asked once; never throws. */
  who(): Promise<Identity>;
  /** @throws GitHubError when it is refused, or fails more often than is worth waiting for. */
  ask<T>(tried: string, manner: Manner, send: () => Promise<T>): Promise<T>;
  /** Like `ask`, with `undefined` where GitHub answers 404. */
  find<T>(tried: string, send: () => Promise<T>): Promise<T | undefined>;
  /**
   * A write that must not happen twice: after an unclear answer it looks whether it was done, before
   * it is sent again.
   */
  createOnce<T>(
    tried: string,
    look: () => Promise<T | undefined>,
    send: () => Promise<T>,
  ): Promise<T>;
}

const attempts = 4;
const pauses = [1_000, 3_000, 9_000];
/** The longest that one request waits for GitHub's limits, in milliseconds. */
const patience = 5 * 60_000;
const answerWithin = 60_000;

/** Opens no socket yet; the first request does. */
export function openConnection(settings: GitHubSettings): Connection {
  const { owner, repo } = settings;
  const log = settings.log ?? (() => {});
  const wait = settings.wait ?? (async (milliseconds: number) => void (await sleep(milliseconds)));
  const octokit = new Octokit({
    auth: settings.token,
    userAgent: 'patchbot',
    ...(settings.apiUrl ? { baseUrl: settings.apiUrl.replace(/\/+$/, '') } : {}),
    log: { debug() {}, info() {}, warn: log, error() {} },
  });

  octokit.hook.wrap('request', async (request, options) => {
    const reads = ['GET', 'HEAD'].includes(options.method) || options.url.endsWith('/graphql');
    if (settings.readOnly && !reads)
      throw new GitHubError(`${options.method} ${options.url}`, {
        answer: 'this is a dry run',
        remedy: 'Nothing was sent. Run it without dry-run to change anything.',
      });
    options.request = { ...options.request, signal: AbortSignal.timeout(answerWithin) };
    const response = await request(options);
    const promisedJson = /^application\/(\S+\+)?json/.test(response.headers['content-type'] ?? '');
    if (promisedJson && typeof response.data === 'string') throw new CutOffAnswer();
    return response;
  });

  async function ask<T>(tried: string, manner: Manner, send: () => Promise<T>): Promise<T> {
    let waited = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        if (error instanceof GitHubError) throw error;
        const failure = failureOf(error, Date.now());
        const answer = failure.answer.replaceAll(settings.token, '***');
        const status = failure.status === undefined ? {} : { status: failure.status };
        const again =
          failure.kind === 'limited' ||
          failure.kind === 'unreached' ||
          (failure.kind === 'unclear' && manner !== 'once');
        const pause = failure.pause ?? pauses[attempt - 1] ?? 0;
        if (again && attempt < attempts && waited + pause <= patience) {
          log(
            `GitHub: could not ${tried} (${[failure.status, answer].filter(Boolean).join(' ')}); trying again in ${Math.ceil(pause / 1000)} s`,
          );
          waited += pause;
          await wait(pause);
          continue;
        }
        throw new GitHubError(tried, {
          ...status,
          answer,
          remedy:
            failure.kind === 'limited'
              ? `GitHub's rate limit is used up: run it again in ${Math.ceil(pause / 60_000)} min.`
              : remedyFor(failure.status),
          unclear: failure.kind === 'unclear',
        });
      }
    }
  }

  let identity: Promise<Identity> | undefined;
  const connection: Connection = {
    octokit,
    owner,
    repo,
    base: settings.base ?? 'main',
    token: settings.token,
    log,
    wait,
    who() {
      identity ??= identityOf(connection);
      return identity;
    },
    ask,
    async find(tried, send) {
      try {
        return await ask(tried, 'read', send);
      } catch (error) {
        if (error instanceof GitHubError && error.status === 404) return undefined;
        throw error;
      }
    },
    async createOnce(tried, look, send) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await ask(tried, 'once', send);
        } catch (error) {
          if (!(error instanceof GitHubError) || !error.unclear) throw error;
          const pause = pauses[attempt - 1] ?? 0;
          log(`${error.message} Looking whether it was done, in ${pause / 1000} s`);
          await wait(pause);
          const found = await look();
          if (found !== undefined) return found;
          if (attempt >= attempts) throw error;
        }
      }
    },
  };
  return connection;
}
