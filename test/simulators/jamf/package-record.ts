import { ApiRefusal } from './errors.ts';
import type { Simulation } from './simulation.ts';
import type { PackageRecord } from './world.ts';

type Value = PackageRecord[string];

/** What Jamf Pro fills in where the client says nothing (schema `Package`). */
export const usualRecord: Readonly<Record<string, Value>> = {
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

const REQUIRED = [
  'packageName',
  'fileName',
  'categoryId',
  'priority',
  'fillUserTemplate',
  'rebootRequired',
  'osInstall',
  'suppressUpdates',
  'suppressFromDock',
  'suppressEula',
  'suppressRegistration',
];

/** Only the server writes it. */
const READ_ONLY = ['indexed'];

/**
 * The record as a client may set it, with what Jamf Pro fills in; fields that it does not know are
 * dropped without a word.
 *
 * @param own the id of the record that is replaced, if any
 */
export function recordIn(
  jamf: Simulation,
  body: Readonly<Record<string, unknown>>,
  own?: string,
): PackageRecord {
  for (const field of REQUIRED)
    if (body[field] === undefined || body[field] === null || body[field] === '')
      throw new ApiRefusal(400, 'INVALID_FIELD', `Field ${field} is required`, field);
  const record: PackageRecord = {
    packageName: String(body['packageName']),
    fileName: String(body['fileName']),
    ...usualRecord,
  };
  for (const [field, usual] of Object.entries(usualRecord))
    if (body[field] !== undefined && !READ_ONLY.includes(field))
      record[field] = converted(field, body[field], usual ?? '');
  refuseClashes(jamf, record, own);
  return record;
}

/** Numbers and truths may come as text, truths as 0 and 1: a client that works sends them so. */
function converted(field: string, value: unknown, like: Exclude<Value, null | undefined>): Value {
  const refusal = new ApiRefusal(400, 'INVALID_FIELD', `Not a ${typeof like}`, field);
  if (value === null && typeof like === 'string') return null;
  if (typeof value === 'object') throw refusal;
  const text = String(value);
  if (typeof like === 'string') return text;
  if (typeof like === 'boolean') {
    if (!/^(true|false|0|1)$/.test(text)) throw refusal;
    return text === 'true' || text === '1';
  }
  if (!/^-?\d+$/.test(text)) throw refusal;
  return Number(text);
}

function refuseClashes({ world, options }: Simulation, record: PackageRecord, own?: string): void {
  const clashes = [...world.packages.values()].some(
    (other) => other.id !== own && other.record.packageName === record.packageName,
  );
  if (clashes && options.duplicatePackageNames === 'refused')
    throw new ApiRefusal(400, 'DUPLICATE_FIELD', 'Duplicate package name', 'packageName');
  const category = String(record['categoryId']);
  if (category !== '-1' && !world.categories.has(category))
    throw new ApiRefusal(400, 'INVALID_ID', `No category ${category}`, 'categoryId');
}
