import { describe, expect, it } from 'vitest';
import type { WantedStatus } from '../../src/github/github.ts';
import { given, started } from './started.ts';

const wanted: readonly WantedStatus[] = [
  { context: 'patchbot/soak', state: 'pending', description: 'soaks until 2026-11-30' },
  { context: 'patchbot/hold', state: 'success', description: 'nobody holds it' },
];

describe('the statuses of a commit', () => {
  it('are written once, and again only where they say something else', async () => {
    const { github, simulator } = await started();
    const head = given(await github.head());

    expect(await github.statuses.ensure(head, wanted)).toEqual(['patchbot/soak', 'patchbot/hold']);
    simulator.resetCounts();
    expect(await github.statuses.ensure(head, wanted)).toEqual([]);
    expect(simulator.writes).toBe(0);

    const [soak] = wanted;
    const over = { ...given(soak), state: 'success', description: 'soaked 7 days' } as const;
    expect(await github.statuses.ensure(head, [over, ...wanted.slice(1)])).toEqual([
      'patchbot/soak',
    ]);
    expect(simulator.statuses.map(({ context, state }) => `${context} ${state}`)).toEqual([
      'patchbot/soak pending',
      'patchbot/hold success',
      'patchbot/soak success',
    ]);
  });

  it('say again what somebody else has overwritten', async () => {
    const { github } = await started();
    const head = given(await github.head());
    await github.statuses.ensure(head, wanted);
    await github.statuses.ensure(head, [
      { context: 'patchbot/soak', state: 'success', description: 'trust me' },
    ]);
    expect(await github.statuses.ensure(head, wanted)).toEqual(['patchbot/soak']);
  });

  it('keep to the length that GitHub takes, and mention nobody', async () => {
    const { github, simulator } = await started();
    const long = {
      context: 'c',
      state: 'failure',
      description: `@anna ${'é'.repeat(300)}`,
    } as const;
    await github.statuses.ensure(given(await github.head()), [long]);

    const [status] = simulator.statuses;
    expect([...(status?.description ?? '')]).toHaveLength(140);
    expect(status?.description).not.toContain('@anna');
    expect(await github.statuses.ensure(given(await github.head()), [long])).toEqual([]);
  });

  it('are the same in the end when an answer is lost', async () => {
    const { github, simulator } = await started();
    simulator.faults.next({ kind: 'reset-after', method: 'POST', path: /statuses/ });
    const head = given(await github.head());
    await github.statuses.ensure(head, wanted);
    expect(await github.statuses.ensure(head, wanted)).toEqual([]);
  });
});
