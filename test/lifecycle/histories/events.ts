import fc from 'fast-check';
import { placeHold, releaseHold } from '../../../src/lifecycle/changes.ts';
import { type Hold, inPlay } from '../../../src/lifecycle/hold.ts';
import type { Title } from '../../../src/lifecycle/title.ts';
import { type Version, version } from '../../../src/lifecycle/version.ts';
import { built } from '../given.ts';
import type { World } from './world.ts';

/** Something that happens, by itself or by somebody. */
export interface Happening {
  readonly what: string;
  happen(world: World): void;
}

const event = (what: string, happen: (world: World) => void): Happening => ({
  what,
  happen,
  // What fast-check shows when a history breaks a rule.
  ...{ [fc.toStringMethod]: () => what },
});

const always = (what: string, happen: (world: World) => void) => fc.constant(event(what, happen));

/** A version that somebody may speak of: mostly one of those that matter now. */
function spokenOf(world: World, back: number): Version {
  return world.state.testing && back === 0
    ? world.state.testing.package.version
    : version(`${world.released - back}.0`);
}

function hold(world: World, its: Hold): void {
  world.change(placeHold(its));
  world.truth.held(its);
}

const time = [
  fc
    .integer({ min: 1, max: 40 })
    .map((hours) => event(`${hours} hours pass`, (world) => void pass(world, hours))),
  always('a day begins, and every stage runs', day),
  always('a day begins, every stage runs, and what is asked is approved', (world) => {
    day(world);
    world.merge();
    world.promote();
  }),
];

function day(world: World): void {
  world.now = world.now.add({ days: 1 }).with({ hour: 9, minute: 0 });
  world.runAll();
}

function pass(world: World, hours: number): void {
  world.now = world.now.add({ hours });
}

const vendor = [
  always('a release, known to the patch source', (world) => {
    release(world);
    define(world);
  }),
  always('a release', release),
  always('the patch source catches up', define),
];

function release(world: World): void {
  world.released += 1;
  world.builds = 1;
}

function define(world: World): void {
  const its = version(`${world.released}.0`);
  if (world.definitions.some((one) => one.version.text === its.text)) return;
  const releaseDate = world.moment.today.toString();
  world.definitions = [
    { version: its, releaseDate, absoluteOrderId: 1000 - world.released },
    ...world.definitions,
  ];
}

const stages = (['build', 'test', 'promote'] as const).flatMap((stage) => [
  always(stage, (world) => world[stage]()),
  always(`${stage}, cut short`, (world) => world[stage](true)),
]);

const people = [
  always('propose', (world) => world.propose()),
  always('merge', (world) => world.merge()),
  always('close', (world) => world.close()),
  always('revert', (world) => world.revert()),
  always('emergency', (world) => world.emergency()),
  fc
    .record({
      back: fc.integer({ min: 0, max: 3 }),
      days: fc.option(fc.integer({ min: 1, max: 10 })),
      whole: fc.boolean(),
      by: fc.constantFrom('carl', 'dora'),
    })
    .map(({ back, days, whole, by }) =>
      event(`hold ${whole ? 'the title' : `${back} back`} for ${days ?? 'ever'}`, (world) => {
        const { today } = world.moment;
        hold(world, {
          ...(!whole && { version: spokenOf(world, back) }),
          reason: 'x',
          by,
          since: today,
          ...(days !== null && { until: today.add({ days }) }),
        });
      }),
    ),
  always('release', (world) => {
    const { state } = world;
    world.truth.released((of) =>
      inPlay({ reason: '', by: '', since: world.moment.today, ...(of && { version: of }) }, state),
    );
    world.change(releaseHold());
    for (const [name, policy] of world.rings)
      if (policy.target?.text === state.testing?.definition?.text && !isDone(world))
        world.rings.set(name, { ...policy, enabled: true, description: 'Update' });
  }),
];

/** Whether the version in test has reached the fleet: a release does not offer it to testers again. */
function isDone({ state }: World): boolean {
  const text = state.testing?.package.version.text;
  return text === state.offered?.version.text || text === state.production?.package.version.text;
}

const calendar = [
  fc.integer({ min: 1, max: 6 }).map((days) =>
    event(`a freeze of ${days} days`, (world) => {
      const { today } = world.moment;
      const freeze = { from: today, to: today.add({ days }), reason: 'audit' };
      world.title = { ...world.title, freezes: [...world.title.freezes.slice(-3), freeze] };
    }),
  ),
  always('a halt begins or ends', (world) => {
    const { halt, ...rest } = world.title;
    world.title = halt === undefined ? { ...rest, halt: 'a storm' } : rest;
  }),
  always('a halt ends', (world) => {
    const { halt: _, ...rest } = world.title;
    world.title = rest;
  }),
  always('a pin is set or taken away', (world) => {
    const { pin, ...rest } = world.title;
    const to: NonNullable<Title['pin']>['to'] = { kind: 'behind' };
    world.title = pin ? rest : { ...rest, pin: { to, reason: 'x' } };
  }),
];

/** People who edit what they could leave to PatchBot. */
const byHand = [
  always('somebody writes another package into production', (world) => {
    const its = built(`${world.released}.0`, 9);
    const production = { package: its, definition: its.version };
    world.state = { ...world.state, production };
  }),
  always('somebody writes what is in test into production', (world) => {
    const { testing } = world.state;
    if (testing)
      world.state = {
        ...world.state,
        production: {
          package: testing.package,
          ...(testing.definition && { definition: testing.definition }),
        },
      };
  }),
  always('somebody deletes "package:", and it is built anew', (world) => {
    const { package: _, ...rest } = world.state;
    world.state = rest;
    world.builds += 1;
  }),
  always('somebody deletes "testing:"', (world) => {
    const { testing: _, ...rest } = world.state;
    world.state = rest;
  }),
  always('somebody disables the test policy', (world) => disable(world)),
  always('somebody clears the description', (world) => {
    for (const [name, policy] of world.rings) world.rings.set(name, { ...policy, description: '' });
  }),
  always('somebody points the testers at something else', (world) => {
    for (const [name, policy] of world.rings)
      world.rings.set(name, { ...policy, target: version('1.0') });
  }),
  always('somebody changes the production policy', (world) => {
    world.production = { ...world.production, target: version('1.0') };
  }),
];

function disable(world: World): void {
  for (const [name, policy] of world.rings) world.rings.set(name, { ...policy, enabled: false });
}

/** Anything that may happen next; time and stages more often than people's whims. */
export const anything: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 16, arbitrary: fc.oneof(...time) },
  { weight: 3, arbitrary: fc.oneof(...vendor) },
  { weight: 6, arbitrary: fc.oneof(...stages) },
  { weight: 5, arbitrary: fc.oneof(...people) },
  { weight: 1, arbitrary: fc.oneof(...calendar) },
  { weight: 1, arbitrary: fc.oneof(...byHand) },
);
