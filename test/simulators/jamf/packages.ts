import { ApiRefusal } from './errors.ts';
import { receiveFile } from './multipart.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import {
  type JamfWorld,
  nextId,
  type Package,
  type PackageRecord,
  removePackage,
  type StoredFile,
} from './world.ts';

const READ = 'Read Packages';
const CREATE = 'Create Packages';
const UPDATE = 'Update Packages';

const found = (world: JamfWorld, id: string): Package => {
  const one = world.packages.get(id);
  if (!one) throw new ApiRefusal(404, 'INVALID_ID', `No package ${id}`, 'id');
  return one;
};

/** What Jamf Pro fills in where the client says nothing (schema `Package`). */
const USUAL: Omit<PackageRecord, 'packageName' | 'fileName'> = {
  categoryId: '-1',
  info: '',
  notes: '',
  priority: 10,
  osRequirements: '',
  fillUserTemplate: false,
  indexed: false,
  fillExistingUsers: false,
  swu: false,
  rebootRequired: false,
  selfHealNotify: false,
  selfHealingAction: 'nothing',
  osInstall: false,
  serialNumber: '',
  parentPackageId: '-1',
  basePath: '',
  suppressUpdates: false,
  ignoreConflicts: false,
  suppressFromDock: false,
  suppressEula: false,
  suppressRegistration: false,
  installLanguage: 'en_US',
  md5: '',
  sha256: '',
  sha3512: '',
  hashType: 'MD5',
  hashValue: '',
  osInstallerVersion: '',
  manifest: null,
  manifestFileName: null,
  format: null,
};

const REQUIRED: Readonly<Record<string, 'string' | 'number' | 'boolean'>> = {
  packageName: 'string',
  fileName: 'string',
  categoryId: 'string',
  priority: 'number',
  fillUserTemplate: 'boolean',
  rebootRequired: 'boolean',
  osInstall: 'boolean',
  suppressUpdates: 'boolean',
  suppressFromDock: 'boolean',
  suppressEula: 'boolean',
  suppressRegistration: 'boolean',
};

/** Fields that only the server writes. */
const READ_ONLY = ['id', 'indexed', 'cloudTransferStatus', 'size'];

/** The record as a client may set it, with what Jamf Pro fills in. */
function recordIn(jamf: Simulation, call: Call, own?: string): PackageRecord {
  const body = call.json();
  for (const [field, type] of Object.entries(REQUIRED))
    if (typeof body[field] !== type || body[field] === '')
      throw new ApiRefusal(400, 'INVALID_FIELD', `Field ${field} is required`, field);
  const { packageName, categoryId } = body;
  const clashes = [...jamf.world.packages.values()].some(
    ({ id, record }) => id !== own && record.packageName === packageName,
  );
  if (clashes && jamf.options.duplicatePackageNames === 'refused')
    throw new ApiRefusal(400, 'DUPLICATE_FIELD', 'Duplicate package name', 'packageName');
  if (categoryId !== '-1' && !jamf.world.categories.has(String(categoryId)))
    throw new ApiRefusal(400, 'INVALID_ID', `No category ${String(categoryId)}`, 'categoryId');
  const given = Object.entries(body).filter(
    ([field, value]) => !READ_ONLY.includes(field) && value !== undefined,
  );
  return { ...USUAL, ...Object.fromEntries(given) } as PackageRecord;
}

/** Takes into the record what the inventory knows of its file by now. */
function settle(world: JamfWorld, one: Package): void {
  const file = world.files.get(one.record.fileName);
  if (!file || file.inventory === 'refresh') return;
  if (file.pendingLooks > 0) {
    file.pendingLooks -= 1;
    one.record['cloudTransferStatus'] = 'PENDING';
    return;
  }
  const isNews = file.inventory === 'by-itself' || one.record['size'] !== String(file.size);
  file.inventory = 'known';
  if (isNews || one.record['hashValue'] !== file.sha3512) takeIn(one, file);
}

function takeIn({ record }: Package, file: StoredFile): void {
  Object.assign(record, {
    hashType: 'SHA3_512',
    hashValue: file.sha3512,
    sha3512: file.sha3512,
    md5: file.md5,
    size: String(file.size),
    cloudTransferStatus: 'READY',
  });
}

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
  const record = recordIn(jamf, call);
  const id = nextId(jamf.world, 'package');
  jamf.world.packages.set(id, { id, record, history: [] });
  return { status: 201, json: href(jamf, id) };
}

/** Replaces the record whole: a field that the client leaves out is gone, and `size` with it. */
function replace(jamf: Simulation, call: Call): Answer {
  const before = found(jamf.world, call.id);
  before.record = recordIn(jamf, call, before.id);
  // The record as it is stored; what the inventory knows comes back at the next look.
  return { status: 200, json: { id: before.id, ...before.record } };
}

function remove(jamf: Simulation, call: Call): Answer {
  found(jamf.world, call.id);
  removePackage(jamf.world, call.id);
  return { status: 204 };
}

/** The file is stored by the name in the multipart body, not by the record's. */
async function upload(jamf: Simulation, call: Call): Promise<Answer> {
  found(jamf.world, call.id);
  const file = await receiveFile(call.incoming, call.headers['content-type']);
  if (call.caller && call.caller.expires <= jamf.now.getTime())
    throw new ApiRefusal(401, 'INVALID_TOKEN', 'Unauthorized');
  const { uploads } = jamf;
  const isLost = uploads.failing > 0;
  if (isLost) uploads.failing -= 1;
  const before = jamf.world.files.get(file.fileName);
  jamf.world.files.set(file.fileName, {
    size: isLost ? 0 : file.size,
    sha3512: file.sha3512,
    md5: file.md5,
    inventory: before ? 'refresh' : 'by-itself',
    pendingLooks: uploads.spoilt.has(file.fileName)
      ? Number.POSITIVE_INFINITY
      : uploads.pendingLooks,
  });
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
