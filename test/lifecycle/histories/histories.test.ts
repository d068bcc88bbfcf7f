import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rings } from '../../../src/lifecycle/rings.ts';
import type { Title } from '../../../src/lifecycle/title.ts';
import { sameFacts } from '../../../src/state/edit.ts';
import { firefox, oneRing, windows } from '../given.ts';
import { anything, type Happening } from './events.ts';
import { World } from './world.ts';

/** How many histories; set it high to look for what is rare. */
const runs = Number(process.env['PATCHBOT_HISTORIES'] ?? 40);

/** The same histories each time, so that a change is judged by itself; others, when one looks for them. */
const seed = Number(process.env['PATCHBOT_HISTORIES'] ? Date.now() : 7);

const soak = (days: number) => ({ days, kind: 'days' }) as const;

/** Titles of every kind that the rules know. */
const titles: fc.Arbitrary<Title> = fc
  .record({
    days: fc.integer({ min: 0, max: 5 }),
    early: fc.option(fc.integer({ min: 1, max: 3 })),
    approval: fc.constantFrom('review' as const, 'auto' as const),
    newer: fc.constantFrom('finish' as const, 'finish' as const, 'restart' as const),
    patience: fc.integer({ min: 0, max: 14 }),
    hasPatch: fc.constantFrom(true, true, false),
  })
  .map(({ days, early, approval, newer, patience, hasPatch }) => {
    const rings: Rings = oneRing(soak(days));
    return firefox({
      rings:
        early === null || days === 0
          ? rings
          : [rings[0], { name: 'early', soak: soak(early), policy: 'Early' }],
      approval,
      newer,
      patience,
      windows: windows([1, 2, 3, 4], '08:00', '16:00'),
      ...(!hasPatch && { patch: 'none' }),
    });
  });

const histories = fc.array(anything, { minLength: 300, maxLength: 340, size: 'max' });

/** Lives through a history; every rule is looked after by what the world writes down as true. */
function live(title: Title, history: readonly Happening[], after?: (world: World) => void): World {
  const world = new World(title);
  for (const { happen } of history) {
    happen(world);
    after?.(world);
  }
  return world;
}

function snapshot(world: World): string {
  const { rings, production, installs, requests } = world;
  return JSON.stringify([
    [...rings],
    production,
    installs,
    requests.map(({ production: its, state, settled }) => [its.package.digest, state, settled]),
  ]);
}

describe('whatever happens, in at least 300 steps,', () => {
  it('the fleet gets what has soaked in full, is not held, in the window, and exactly what was tested', {
    timeout: 300_000,
  }, () => {
    let promotions = 0;
    fc.assert(
      fc.property(titles, histories, (title, history) => {
        promotions += live(title, history).truth.promotions.length;
      }),
      { numRuns: runs, seed },
    );
    // Rules that stop everything would be kept by a lifecycle that does nothing.
    expect(promotions).toBeGreaterThan(runs);
  });

  it('every stage that runs twice changes nothing the second time', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(titles, histories, (title, history) => {
        live(title, history, (world) => {
          for (const stage of ['build', 'test', 'propose', 'promote'] as const) {
            world[stage]();
            const [state, rest] = [world.state, snapshot(world)];
            world[stage]();
            expect(sameFacts(state, world.state), `${stage} twice: state`).toBe(true);
            expect(snapshot(world), `${stage} twice: the rest`).toBe(rest);
          }
        });
      }),
      { numRuns: Math.ceil(runs / 4), seed },
    );
  });
});

describe('a title with a release every week', () => {
  it('still reaches production every week', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (days, weekday, isAuto) => {
          const world = new World(
            firefox({
              rings: oneRing(soak(days)),
              approval: isAuto ? 'auto' : 'review',
              windows: windows([1, 2, 3, 4], '08:00', '16:00'),
            }),
          );
          const weeks = 12;
          for (let day = 0; day < 7 * weeks; day += 1) {
            world.now = world.now.add({ days: 1 }).with({ hour: 9 });
            if (world.now.dayOfWeek === weekday) {
              world.released += 1;
              world.definitions = [
                {
                  version: world.newest.version,
                  releaseDate: world.moment.today.toString(),
                  absoluteOrderId: 1000 - world.released,
                },
                ...world.definitions,
              ];
            }
            world.runAll();
            world.merge();
            world.promote();
          }
          const weeksOf = world.truth.promotions.map(
            ({ yearOfWeek, weekOfYear }) => `${yearOfWeek}-${weekOfYear}`,
          );
          // The first version is on its way for up to two weeks; from then on no week is without one.
          expect(new Set(weeksOf).size).toBeGreaterThanOrEqual(weeks - 3);
        },
      ),
      { numRuns: 84, seed },
    );
  });
});
