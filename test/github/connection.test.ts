import { describe, expect, it } from 'vitest';
import { GitHubError } from '../../src/github/github.ts';
import { started } from './started.ts';

describe('a connection', () => {
  it('asks again after connection errors and server errors, and tells so', async () => {
    const { github, simulator, log, pauses } = await started();
    simulator.faults.next({ kind: 'reset' });
    simulator.faults.next({ kind: 'status', status: 502 });

    expect(await github.head()).toMatch(/^[0-9a-f]{40}$/);
    expect(pauses).toEqual([1000, 3000]);
    expect(log).toHaveLength(2);
    expect(log[0]).toMatch(
      /could not read the branch main .*ECONNRESET|other side closed.*again in 1 s/,
    );
  });

  it('gives up in the end, and names what was tried, what was answered and what to do', async () => {
    const { github, simulator, pauses } = await started();
    simulator.faults.next({ kind: 'status', status: 503, times: 99 });
    const failed = await github.head().catch((error: unknown) => error);

    expect(failed).toBeInstanceOf(GitHubError);
    expect(failed).toMatchObject({ tried: 'read the branch main', status: 503, unclear: true });
    expect(String(failed)).toMatch(/could not read the branch main: 503 .*run it again/);
    expect(pauses).toEqual([1000, 3000, 9000]);
  });

  it('waits as long as GitHub asks when it has asked too much', async () => {
    const { github, simulator, pauses, log } = await started();
    simulator.faults.next({ kind: 'status', status: 403, headers: { 'retry-after': '17' } });
    simulator.faults.next({ kind: 'status', status: 429, headers: { 'retry-after': '5' } });

    await github.head();
    expect(pauses).toEqual([17_000, 5_000]);
    expect(log[0]).toContain('trying again in 17 s');
  });

  it('waits a minute when GitHub speaks of a secondary limit without saying how long', async () => {
    const { github, simulator, pauses } = await started();
    simulator.faults.next({
      kind: 'status',
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit.' },
    });
    await github.head();
    expect(pauses).toEqual([60_000]);
  });

  it('does not wait for an hour, but says when to come back', async () => {
    const { github, simulator, pauses } = await started();
    const reset = Math.floor(Date.now() / 1000) + 1800;
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` };
    simulator.faults.next({ kind: 'status', status: 403, headers, times: 9 });

    await expect(github.head()).rejects.toThrow(/rate limit is used up: run it again in 3[01] min/);
    expect(pauses).toEqual([]);
  });

  it('sends a limited write again, as it was not done', async () => {
    const { github, simulator } = await started();
    simulator.faults.next({
      kind: 'status',
      status: 429,
      method: 'POST',
      headers: { 'retry-after': '1' },
    });
    const ref = await github.head();
    if (!ref) throw new Error('main has a commit');
    await github.deployments.begin({
      task: 'promote:x',
      environment: 'production',
      ref,
      description: 'x',
      payload: { version: '1' },
    });
    expect(simulator.deployments).toHaveLength(1);
  });

  it('says what to do when the token is wrong, without showing it', async () => {
    const { connect, pauses } = await started();
    const token = 'ghs_a-secret-that-nobody-may-see';
    const failed = await connect({ token })
      .head()
      .catch((error: unknown) => error);

    expect(failed).toMatchObject({ status: 401 });
    expect(String(failed)).toMatch(/private key/);
    expect(JSON.stringify(failed) + String(failed)).not.toContain(token);
    expect(pauses).toEqual([]);
  });

  it('says so when nobody answers at all', async () => {
    const { connect, log } = await started();
    const github = connect({ apiUrl: 'http://127.0.0.1:9' });

    await expect(github.head()).rejects.toThrow(/no answer.*githubstatus/);
    expect(log).toHaveLength(3);
  });
});

describe('whose token it is', () => {
  it('is not guessed where GitHub does not tell', async () => {
    const { github, simulator, connect } = await started();
    for (const path of [/graphql/, /user/])
      simulator.faults.next({ kind: 'status', status: 403, path, times: 3 });
    expect(await github.who()).toEqual({ kind: 'unknown' });
    expect(await connect({ token: 'ghs_whatever' }).who()).toEqual({ kind: 'unknown' });
    expect(await connect({ token: 'ghp_whatever' }).who()).toEqual({ kind: 'user' });
  });

  it('is an app when GitHub names one', async () => {
    const { github } = await started();
    expect(await github.who()).toEqual({ kind: 'app', login: 'patchbot[bot]' });
  });

  it('is a person when GitHub names one', async () => {
    const { github } = await started({ bot: { login: 'anna' } });
    expect(await github.who()).toEqual({ kind: 'user', login: 'anna' });
  });
});
