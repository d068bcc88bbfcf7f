import { describe, expect, it } from 'vitest';
import { hiddenMarker } from '../../src/github/marker.ts';
import { started } from './started.ts';

const wanted = {
  marker: 'dashboard',
  label: 'patch dashboard',
  title: 'Patch dashboard',
  body: '- [ ] Chrome',
};

describe('an issue that PatchBot keeps', () => {
  it('is opened once, and written again only when it says something else', async () => {
    const { github, simulator } = await started();
    expect(await github.issues.find(wanted.label, wanted.marker)).toBeUndefined();
    expect(await github.issues.ensure(wanted)).toMatchObject({
      issue: { number: 1, state: 'open' },
      wrote: true,
    });
    simulator.resetCounts();
    expect(await github.issues.ensure(wanted)).toMatchObject({ wrote: false });
    expect(simulator.writes).toBe(0);

    expect(await github.issues.ensure({ ...wanted, body: 'Other' })).toMatchObject({ wrote: true });
    expect(simulator.issues).toHaveLength(1);
    expect(simulator.issues[0]?.body).toMatch(/^Other\n/);
    expect(simulator.issues[0]?.labels).toEqual(['patch dashboard']);
  });

  it('is opened again when somebody has closed it', async () => {
    const { github, simulator } = await started();
    await github.issues.ensure(wanted);
    await simulator.people.close(1, 'anna');
    expect(await github.issues.ensure(wanted)).toMatchObject({ issue: { number: 1 }, wrote: true });
    expect(simulator.issues[0]?.state).toBe('open');
  });

  it('is not another one that carries its label and its marker, but is somebody else’s', async () => {
    const { github, simulator } = await started();
    const fake = await simulator.people.openIssue(
      'mallory',
      'Patch dashboard',
      `- [x] all\n${hiddenMarker(wanted.marker)}`,
    );
    await github.requests.label(fake, wanted.label);

    expect(await github.issues.find(wanted.label, wanted.marker)).toBeUndefined();
    expect(await github.issues.ensure(wanted)).toMatchObject({ issue: { number: 2 }, wrote: true });
  });

  it('is opened once when the answer is lost', async () => {
    const { github, simulator } = await started();
    simulator.faults.next({ kind: 'reset-after', method: 'POST', path: /issues$/ });
    await github.issues.ensure(wanted);
    expect(simulator.issues).toHaveLength(1);
  });

  it('keeps what somebody has ticked since it was read', async () => {
    const { github, simulator } = await started();
    const made = await github.issues.ensure(wanted);
    if (made === 'edited') throw new Error('nobody has edited it');
    const seen = made.issue.body;
    await simulator.people.edit(1, 'anna', (body) => body.replace('[ ]', '[x]'));

    expect(await github.issues.ensure({ ...wanted, body: 'Other' }, seen)).toBe('edited');
    const found = await github.issues.find(wanted.label, wanted.marker);
    expect(found?.body).toContain('- [x] Chrome');
    expect(await github.issues.ensure({ ...wanted, body: 'Other' }, found?.body)).toMatchObject({
      wrote: true,
    });
  });

  it('tells who edited it last', async () => {
    const { github, simulator } = await started();
    await github.issues.ensure(wanted);
    expect(await github.issues.editor(1)).toBeUndefined();
    await simulator.people.edit(1, 'anna', (body) => body.replace('[ ]', '[x]'));
    expect(await github.issues.editor(1)).toBe('anna');
    await github.issues.ensure(wanted);
    expect(await github.issues.editor(1)).toBe('patchbot');
  });
});
