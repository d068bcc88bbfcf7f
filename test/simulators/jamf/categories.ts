import { ApiRefusal } from './errors.ts';
import { named } from './named.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import { type Category, nextId } from './world.ts';

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

function create(jamf: Simulation, call: Call): Answer {
  const { name, priority } = call.json();
  if (typeof name !== 'string' || name === '')
    throw new ApiRefusal(400, 'INVALID_FIELD', 'Field name is required', 'name');
  if ([...jamf.world.categories.values()].some((category) => category.name === name))
    throw new ApiRefusal(400, 'DUPLICATE_FIELD', 'Duplicate name', 'name');
  const id = nextId(jamf.world, 'category');
  jamf.world.categories.set(id, { id, name, priority: Number(priority ?? 9) });
  return { status: 201, json: { id, href: `${jamf.url}/api/v1/categories/${id}` } };
}

const classicList = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  xml: {
    categories: {
      size: view.categories.size,
      category: [...view.categories.values()].map(({ id, name }) => ({ id, name })),
    },
  },
});

const classicOne = (_jamf: Simulation, call: Call): Answer => ({
  status: 200,
  xml: { category: { ...named(call.view.categories, ({ name }) => name, call) } },
});

export const categoryRoutes: readonly Route[] = [
  route('GET', '/api/v1/categories', 'Read Categories', list),
  route('GET', '/api/v1/categories/{id}', 'Read Categories', one),
  route('POST', '/api/v1/categories', 'Create Categories', create),
  route('GET', '/JSSResource/categories', 'Read Categories', classicList),
  route('GET', '/JSSResource/categories/id/{id}', 'Read Categories', classicOne),
  route('GET', '/JSSResource/categories/name/{name}', 'Read Categories', classicOne),
];
