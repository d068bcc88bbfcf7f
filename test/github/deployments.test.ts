import { describe, expect, it } from 'vitest';
import { given, type Started, started } from './started.ts';

async function wantedOf({ github }: Started) {
  return {
    task: 'promote:google-chrome',
    environment: 'production',
    ref: given(await github.head()),
    description: 'Google Chrome 127.0',
    payload: { version: '127.0', package: '42' },
  };
}

describe('a deployment', () => {
  it('shows a change of production once, however often the stage runs', async () => {
    const on = await started();
    const { github, simulator } = on;
    const wanted = await wantedOf(on);
    const { id } = await github.deployments.begin(wanted);

    expect(await github.deployments.begin(wanted)).toEqual({ id });
    expect(
      await github.deployments.finish(id, 'success', 'Offered to all', 'https://x.example/1'),
    ).toBe(true);
    expect(await github.deployments.finish(id, 'success', 'Offered to all')).toBe(false);
    expect(simulator.deployments).toHaveLength(1);
    expect(await github.deployments.latest(wanted.task, 'production')).toEqual({
      id,
      sha: wanted.ref,
      payload: { version: '127.0', package: '42' },
      state: 'success',
    });
    expect(simulator.unknown).toEqual([]);
  });

  it('is one even when several runs begin it at the same moment', async () => {
    const on = await started();
    const { github, simulator } = on;
    const wanted = await wantedOf(on);
    const begun = await Promise.all([1, 2, 3].map(() => github.deployments.begin(wanted)));

    expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
    expect(simulator.deployments.map(({ id }) => id)).toEqual([begun[0]?.id]);
    expect(simulator.unknown).toEqual([]);
  });

  it('is another one for another version, title or commit', async () => {
    const on = await started();
    const { github, simulator } = on;
    const wanted = await wantedOf(on);
    const first = await github.deployments.begin(wanted);
    await github.deployments.begin({ ...wanted, payload: { version: '128.0' } });
    await github.deployments.begin({ ...wanted, task: 'promote:firefox' });
    await simulator.people.commit('anna', 'Revert', { x: '1' });
    await github.deployments.begin({ ...wanted, ref: given(await github.head()) });

    expect(simulator.deployments).toHaveLength(4);
    expect((await github.deployments.latest('promote:firefox', 'production'))?.id).not.toBe(
      first.id,
    );
    expect(await github.deployments.latest('promote:slack', 'production')).toBeUndefined();
  });

  it('can fail, be tried again and succeed', async () => {
    const on = await started();
    const { id } = await on.github.deployments.begin(await wantedOf(on));
    await on.github.deployments.finish(id, 'failure', 'Jamf answered 500');
    await on.github.deployments.finish(id, 'in_progress', 'Again');
    await on.github.deployments.finish(id, 'success', 'Offered to all');

    expect((await on.github.deployments.latest('promote:google-chrome', 'production'))?.state).toBe(
      'success',
    );
  });

  it('does not put out the light of another title in the same environment', async () => {
    const on = await started();
    const wanted = await wantedOf(on);
    const chrome = await on.github.deployments.begin(wanted);
    await on.github.deployments.finish(chrome.id, 'success', 'Offered');
    const firefox = await on.github.deployments.begin({ ...wanted, task: 'promote:firefox' });
    await on.github.deployments.finish(firefox.id, 'success', 'Offered');

    expect((await on.github.deployments.latest(wanted.task, 'production'))?.state).toBe('success');
  });

  it('has a description of the length that GitHub takes', async () => {
    const on = await started();
    const { id } = await on.github.deployments.begin(await wantedOf(on));
    const long = 'Jamf said no. '.repeat(40);

    expect(await on.github.deployments.finish(id, 'failure', long)).toBe(true);
    expect(await on.github.deployments.finish(id, 'failure', long)).toBe(false);
  });

  it.each(['reset-after', 'status-after', 'truncate', 'reset', 'status', 'refuse'] as const)(
    'is made once, with one status, when any one call fails (%s)',
    async (kind) => {
      const run = async (on: Started) => {
        const { id } = await on.github.deployments.begin(await wantedOf(on));
        await on.github.deployments.finish(id, 'success', 'Offered to all');
      };
      const undisturbed = await started();
      await run(undisturbed);
      for (let after = 0; after < undisturbed.simulator.requests.length; after += 1) {
        const on = await started();
        on.simulator.faults.next({ kind, after });
        await run(on);

        expect(on.simulator.faults.pending).toBe(0);
        expect(on.simulator.deployments).toHaveLength(1);
        const statuses = on.simulator.requests.filter(
          ({ method, path, status }) =>
            method === 'POST' && /statuses/.test(path) && status === 201,
        );
        expect(statuses.length).toBeLessThanOrEqual(1);
      }
    },
  );
});
