import { ApiRefusal } from './errors.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import type { StoredFile } from './world.ts';

const READ = 'Read Cloud Distribution Point';

/** Schema `CloudDistributionPoint`. */
function one(jamf: Simulation): Answer {
  const json = {
    inventoryId: '1',
    cdnType: jamf.options.distributionPoint,
    master: true,
    username: '',
    directory: '',
    cdnUrl: '',
    uploadUrl: '',
    downloadUrl: '',
    secondaryAuthRequired: false,
    secondaryAuthStatusCode: 0,
    secondaryAuthTimeToLive: 1,
    requireSignedUrls: false,
    keyPairId: '',
    expirationSeconds: 1,
    privateKey: '',
    hasConnectionSucceeded: true,
    message: '',
  };
  return { status: 200, json };
}

function capability(jamf: Simulation): Answer {
  const isCloud = jamf.options.distributionPoint === 'JAMF_CLOUD';
  return {
    status: 200,
    json: { principalDistributionTechnology: isCloud, directUploadCapable: isCloud },
  };
}

type Listed = StoredFile & {
  readonly name: string;
  readonly status: 'READY' | 'PENDING' | 'ERROR';
};

const FIELDS: Fields<Listed> = {
  fileName: ({ name }) => name,
  type: () => 'PACKAGE',
  status: ({ status }) => status,
};

function files(_jamf: Simulation, call: Call): Answer {
  const all = [...call.view.files].map(([name, file]): Listed => {
    const status = file.pendingLooks > 0 ? 'PENDING' : file.size === 0 ? 'ERROR' : 'READY';
    return { ...file, name, status };
  });
  const show = ({ name, status }: Listed) => ({
    fileName: name,
    fileObjectId: name,
    type: 'PACKAGE',
    status,
  });
  return { status: 200, json: paged(call, all, FIELDS, show, 'fileName:asc') };
}

/** Takes note of what lies in storage: of one file, or of all, but that at most once in 15 seconds. */
function refresh(jamf: Simulation, call: Call): Answer {
  const name = call.query.get('file-name');
  if (name === null) {
    const at = jamf.now.getTime();
    if (at - jamf.refreshedAt < 15_000)
      throw new ApiRefusal(429, 'TOO_MANY_REQUESTS', 'The inventory was refreshed just now');
    jamf.refreshedAt = at;
  }
  if (jamf.options.distributionPoint === 'NONE') return { status: 204 };
  for (const [file, stored] of jamf.world.files)
    if ((name === null || file === name) && stored.inventory === 'refresh')
      stored.inventory = 'known';
  return { status: 204 };
}

function failUpload(jamf: Simulation, call: Call): Answer {
  const file = jamf.world.packages.get(call.id)?.record.fileName ?? '';
  if (!jamf.world.files.delete(file))
    throw new ApiRefusal(404, 'INVALID_ID', `No upload ${call.id}`, 'id');
  return { status: 204 };
}

const base = '/api/v1/cloud-distribution-point';

export const distributionPointRoutes: readonly Route[] = [
  route('GET', base, READ, one),
  route('GET', `${base}/upload-capability`, [], capability),
  route('GET', `${base}/files`, READ, files),
  route('POST', `${base}/refresh-inventory`, READ, refresh, { since: [11, 25] }),
  route('POST', `${base}/fail-upload/{id}`, 'Update Cloud Distribution Point', failUpload, {
    since: [11, 25],
  }),
  route(
    'POST',
    '/api/v1/jcds/refresh-inventory',
    'Read Jamf Cloud Distribution Service Files',
    refresh,
    { deprecated: { since: [11, 25], date: '2025-08-28' } },
  ),
];
