import { named } from './named.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';
import type { Group } from './world.ts';

const READ = ['Read Smart Computer Groups', 'Read Static Computer Groups'];

/** A bare array: no paging, no filter. */
const list = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  json: [...view.groups.values()].map(({ id, name, isSmart }) => ({
    id,
    name,
    description: '',
    smartGroup: isSmart,
  })),
});

const shown = ({ id, name, isSmart }: Group) => ({ id, name, is_smart: isSmart });

const classicList = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  xml: {
    computer_groups: {
      size: view.groups.size,
      computer_group: [...view.groups.values()].map(shown),
    },
  },
});

function classicOne(_jamf: Simulation, call: Call): Answer {
  const group = named(call.view.groups, ({ name }) => name, call);
  const xml = {
    computer_group: {
      ...shown(group),
      site: { id: -1, name: 'None' },
      criteria: { size: 0 },
      computers: { size: 0 },
    },
  };
  return { status: 200, xml };
}

const base = '/JSSResource/computergroups';

export const groupRoutes: readonly Route[] = [
  route('GET', '/api/v1/computer-groups', READ, list),
  route('GET', base, READ, classicList),
  route('GET', `${base}/id/{id}`, READ, classicOne),
  route('GET', `${base}/name/{name}`, READ, classicOne),
];
