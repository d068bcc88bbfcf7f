import { z } from 'zod';
import { notFound, validationFailed } from './errors.ts';
import type { Thread } from './model.ts';
import { type Call, created, noContent, ok, page, type Route, route } from './router.ts';
import type { Schema } from './schema.ts';
import { nodeId } from './users.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/issues/labels; a label's name is the same in any case of letters.

const find = (world: World, name: string) =>
  world.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());

/** The label of that name; putting an unknown one on an issue makes it, as on GitHub. */
export function ensureLabel(world: World, name: string) {
  const found = find(world, name);
  if (found) return found;
  const label = { id: world.nextId(), name, color: 'ededed', description: null };
  world.labels.push(label);
  return label;
}

export function labelAnswer(world: World, name: string): Schema<'label'> {
  const { id, name: exact, color, description } = ensureLabel(world, name);
  const url = world.api(`/labels/${encodeURIComponent(exact)}`);
  return { id, node_id: nodeId('Label', id), url, name: exact, color, description, default: false };
}

export const labelsOf = (world: World, thread: Thread) =>
  thread.labels.map((name) => labelAnswer(world, name));

/** Labels are given as names, or as objects with a name. */
export const labelList = z.array(
  z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]),
);

const namesBody = z.union([
  z.strictObject({ labels: labelList.default([]) }).transform(({ labels }) => labels),
  labelList,
]);

export function setLabels(world: World, thread: Thread, names: readonly string[]): void {
  thread.labels = [...new Set(names.map((name) => ensureLabel(world, name).name))];
  thread.updated_at = world.now();
}

const labelBody = z.strictObject({
  name: z.string().optional(),
  new_name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullable().optional(),
});

function existing(world: World, call: Call) {
  const label = find(world, call.param('name'));
  if (!label) throw notFound();
  return label;
}

const taken = () => validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });

export const labelRoutes: readonly Route[] = [
  route('GET', 'labels', (world, call) =>
    page(world, call, world.labels, (labels) => labels.map(({ name }) => labelAnswer(world, name))),
  ),
  route('POST', 'labels', (world, call) => {
    const { name, color = 'ededed', description = null } = call.read(labelBody);
    if (!name) throw validationFailed({ resource: 'Label', field: 'name', code: 'missing_field' });
    if (find(world, name)) throw taken();
    world.labels.push({ id: world.nextId(), name, color, description });
    return created(labelAnswer(world, name));
  }),
  route('GET', 'labels/{name}', (world, call) =>
    ok(labelAnswer(world, existing(world, call).name)),
  ),
  route('PATCH', 'labels/{name}', (world, call) => {
    const label = existing(world, call);
    const { new_name, color, description } = call.read(labelBody);
    if (new_name !== undefined && new_name !== label.name) {
      const other = find(world, new_name);
      if (other && other !== label) throw taken();
      for (const thread of [...world.issues, ...world.pulls])
        thread.labels = thread.labels.map((name) => (name === label.name ? new_name : name));
      label.name = new_name;
    }
    if (color !== undefined) label.color = color;
    if (description !== undefined) label.description = description;
    return ok(labelAnswer(world, label.name));
  }),
  route('DELETE', 'labels/{name}', (world, call) => {
    const label = existing(world, call);
    world.labels.splice(world.labels.indexOf(label), 1);
    for (const thread of [...world.issues, ...world.pulls])
      thread.labels = thread.labels.filter((name) => name !== label.name);
    return noContent();
  }),

  route('GET', 'issues/{number}/labels', (world, call) =>
    page(world, call, labelsOf(world, world.thread(call.number('number')))),
  ),
  route('POST', 'issues/{number}/labels', (world, call) => {
    const thread = world.thread(call.number('number'));
    setLabels(world, thread, [...thread.labels, ...call.read(namesBody)]);
    return ok(labelsOf(world, thread));
  }),
  route('PUT', 'issues/{number}/labels', (world, call) => {
    const thread = world.thread(call.number('number'));
    setLabels(world, thread, call.read(namesBody));
    return ok(labelsOf(world, thread));
  }),
  route('DELETE', 'issues/{number}/labels', (world, call) => {
    setLabels(world, world.thread(call.number('number')), []);
    return noContent();
  }),
  route('DELETE', 'issues/{number}/labels/{name}', (world, call) => {
    const thread = world.thread(call.number('number'));
    const wanted = call.param('name').toLowerCase();
    const left = thread.labels.filter((name) => name.toLowerCase() !== wanted);
    if (left.length === thread.labels.length) throw notFound('Label does not exist');
    setLabels(world, thread, left);
    return ok(labelsOf(world, thread));
  }),
];
