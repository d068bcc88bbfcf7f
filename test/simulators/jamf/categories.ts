import { ApiRefusal } from './errors.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import type { Category } from './world.ts';

const FIELDS: Fields<Category> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  priority: ({ priority }) => priority,
};

const list = (_jamf: Simulation, call: Call): Answer => ({
  status: 200,
  json: paged(call, call.view.categories.values(), FIELDS, (category) => ({ ...category }), 'name'),
});

function one(_jamf: Simulation, { view, id }: Call): Answer {
  const category = view.categories.get(id);
  if (!category) throw new ApiRefusal(404, 'INVALID_ID', `No category ${id}`, 'id');
  return { status: 200, json: { ...category } };
}

export const categoryRoutes: readonly Route[] = [
  route('GET', '/api/v1/categories', 'Read Categories', list),
  route('GET', '/api/v1/categories/{id}', 'Read Categories', one),
];
