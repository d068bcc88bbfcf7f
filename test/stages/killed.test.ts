import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import { promote } from '../../src/stages/promote.ts';
import { propose } from '../../src/stages/propose.ts';
import type { Run } from '../../src/stages/run.ts';
import { test } from '../../src/stages/test.ts';
import type { Fleet } from '../simulators/fleet.ts';
import { type CompanyTitle, later, monday, openRequest, release, startCompany } from './company.ts';

type Stage = (run: Run) => Promise<Outcome>;

const firefox: CompanyTitle = { slug: 'firefox', name: 'Mozilla Firefox' };

/** Each stage with what must have happened before it has something to do. */
const stages: readonly { name: string; stage: Stage; prepare: (fleet: Fleet) => Promise<void> }[] =
  [
    { name: 'build', stage: build, prepare: (fleet) => release(fleet, firefox, '2.0') },
    {
      name: 'test',
      stage: test,
      prepare: async (fleet) => {
        await release(fleet, firefox, '2.0');
        await fleet.run(build);
      },
    },
    { name: 'propose', stage: propose, prepare: ready },
    {
      name: 'promote',
      stage: promote,
      prepare: async (fleet) => {
        await ready(fleet);
        await fleet.run(propose);
        await fleet.github.people.merge(openRequest(fleet, 'firefox'), 'anna');
      },
    },
  ];

async function ready(fleet: Fleet): Promise<void> {
  await release(fleet, firefox, '2.0');
  await fleet.run(build);
  await fleet.run(test);
  fleet.now = later(monday, 7, 4);
}

/** Where everything stands, less the ids of commits, which are never twice the same. */
async function whole(fleet: Fleet) {
  return {
    jamf: fleet.jamf.snapshot(),
    files: await fleet.github.files(),
    requests: fleet.github.pulls.map(({ number, head, title, body, state, merged, labels }) => {
      return { number, head, title, body, state, merged, labels };
    }),
    deployments: fleet.github.deployments.map(({ task, payload, statuses }) => {
      return { task, payload, state: statuses.at(-1)?.state };
    }),
  };
}

/** Runs a stage as a process of its own, which dies as its nth call arrives. @returns whether it died. */
async function killedAt(fleet: Fleet, name: string, nth: number): Promise<boolean> {
  let calls = 0;
  let killed = false;
  const child = await fleet.spawn([name]);
  const said: string[] = [];
  child.stderr?.on('data', (chunk) => said.push(String(chunk)));
  const arrives = () => {
    calls += 1;
    if (calls !== nth) return;
    killed = true;
    child.kill('SIGKILL');
    throw new Error('the caller is dead');
  };
  const servers = [fleet.jamf, fleet.github, fleet.webhooks];
  for (const server of servers) server.onRequest = arrives;
  const [code] = await once(child, 'exit');
  for (const server of servers) server.onRequest = undefined;
  if (!killed && code !== 0) throw new Error(`${name} failed by itself: ${said.join('')}`);
  return killed;
}

describe.concurrent('a stage that is killed', () => {
  it.each(stages)(
    'between any two of its calls ends, at the next run, where it would have ended: $name',
    { timeout: 900_000 },
    async ({ name, stage, prepare }) => {
      const undisturbed = await startCompany([firefox]);
      await prepare(undisturbed);
      expect((await undisturbed.run(stage)).failures).toEqual([]);
      const wanted = await whole(undisturbed);
      await undisturbed.close();

      for (let nth = 1; ; nth += 1) {
        const fleet = await startCompany([firefox]);
        try {
          await prepare(fleet);
          const killed = await killedAt(fleet, name, nth);
          if (killed) expect((await fleet.run(stage)).failures).toEqual([]);
          expect(await whole(fleet), `killed at call ${nth}`).toEqual(wanted);
          if (!killed) {
            // So many calls there are: fewer would mean that nothing was tried.
            expect(nth).toBeGreaterThan(5);
            break;
          }
        } finally {
          await fleet.close();
        }
      }
    },
  );
});
