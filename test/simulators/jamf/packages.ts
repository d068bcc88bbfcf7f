import { ApiRefusal } from './errors.ts';
import { forget, settle, store } from './inventory.ts';
import { receiveFile } from './multipart.ts';
import { recordIn } from './package-record.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import { type JamfWorld, nextId, type Package, removePackage } from './world.ts';

const READ = 'Read Packages';
const CREATE = 'Create Packages';
const UPDATE = 'Update Packages';

const found = (world: JamfWorld, id: string): Package => {
  const one = world.packages.get(id);
  if (!one) throw new ApiRefusal(404, 'INVALID_ID', `No package ${id}`, 'id');
  return one;
};

const shown = (world: JamfWorld, one: Package) => {
  settle(world, one);
  return { id: one.id, ...one.record };
};

const FIELDS: Fields<Package> = {
  id: ({ id }) => id,
  ...Object.fromEntries(
    [
      'fileName',
      'packageName',
      'categoryId',
      'info',
      'notes',
      'manifestFileName',
      'cloudTransferStatus',
    ].map((field) => [field, ({ record }: Package) => record[field]]),
  ),
};

const list = (_jamf: Simulation, call: Call): Answer => ({
  status: 200,
  json: paged(call, call.view.packages.values(), FIELDS, (one) => shown(call.view, one)),
});

const one = (_jamf: Simulation, { view, id }: Call): Answer => ({
  status: 200,
  json: shown(view, found(view, id)),
});

const href = (jamf: Simulation, id: string) => ({ id, href: `${jamf.url}/api/v1/packages/${id}` });

function create(jamf: Simulation, call: Call): Answer {
  const record = recordIn(jamf, call.json());
  const id = nextId(jamf.world, 'package');
  jamf.world.packages.set(id, { id, record, history: [] });
  return { status: 201, json: href(jamf, id) };
}

/** Replaces the record whole: a field that the client leaves out is gone, and `size` with it. */
function replace(jamf: Simulation, call: Call): Answer {
  found(call.view, call.id);
  const before = found(jamf.world, call.id);
  jamf.locks.check(lockOf(call.id));
  before.record = recordIn(jamf, call.json(), before.id);
  forget(jamf.world, before);
  return { status: 200, json: { id: before.id, ...before.record } };
}

function remove(jamf: Simulation, call: Call): Answer {
  found(call.view, call.id);
  jamf.locks.check(lockOf(call.id));
  removePackage(jamf.world, call.id);
  return { status: 204 };
}

const lockOf = (id: string): string => `package ${id}`;

/**
 * The file is stored by the name in the multipart body, not by the record's. While it comes in,
 * nobody else may write the record.
 */
async function upload(jamf: Simulation, call: Call): Promise<Answer> {
  found(call.view, call.id);
  const release = jamf.locks.take(lockOf(call.id));
  try {
    const file = await receiveFile(call.incoming, call.headers['content-type'], (name) =>
      jamf.uploads.known.get(name),
    );
    if (call.caller && call.caller.expires <= jamf.now.getTime())
      throw new ApiRefusal(401, 'INVALID_TOKEN', 'Unauthorized');
    store(jamf, file);
  } finally {
    release();
  }
  return { status: 201, json: href(jamf, call.id) };
}

function history(_jamf: Simulation, call: Call): Answer {
  const notes = found(call.view, call.id).history;
  const fields: Fields<(typeof notes)[number]> = { id: ({ id }) => id, date: ({ date }) => date };
  return { status: 200, json: paged(call, notes, fields, (note) => note, 'date:desc') };
}

function addNote(jamf: Simulation, call: Call): Answer {
  const note = jamf.note(String(call.json()['note'] ?? ''), call.caller?.name ?? '');
  found(jamf.world, call.id).history.push(note);
  return { status: 201, json: note };
}

const base = '/api/v1/packages';

export const packageRoutes: readonly Route[] = [
  route('GET', base, READ, list),
  route('POST', base, CREATE, create),
  route('GET', `${base}/{id}`, READ, one),
  route('PUT', `${base}/{id}`, UPDATE, replace),
  route('DELETE', `${base}/{id}`, 'Delete Packages', remove),
  route('POST', `${base}/{id}/upload`, [UPDATE, READ], upload, { streams: true, since: [11, 5] }),
  route('GET', `${base}/{id}/history`, READ, history),
  route('POST', `${base}/{id}/history`, UPDATE, addNote),
];
