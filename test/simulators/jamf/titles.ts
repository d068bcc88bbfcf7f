import { ApiRefusal } from './errors.ts';
import { paged } from './paging.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Fields } from './rsql.ts';
import type { Simulation } from './simulation.ts';
import { type Definition, type JamfWorld, type Link, packageName, type Title } from './world.ts';

const READ = 'Read Patch Management Software Titles';
const UPDATE = 'Update Patch Management Software Titles';

const found = (world: JamfWorld, id: string): Title => {
  const title = world.titles.get(id);
  if (!title) throw new ApiRefusal(404, 'INVALID_ID', `No title configuration ${id}`, 'id');
  return title;
};

function shown(world: JamfWorld, title: Title) {
  return {
    id: title.id,
    jamfOfficial: true,
    displayName: title.displayName,
    categoryId: title.categoryId,
    siteId: title.siteId,
    uiNotifications: title.uiNotifications,
    emailNotifications: title.emailNotifications,
    softwareTitleId: title.softwareTitleId,
    extensionAttributes: [],
    softwareTitleName: title.displayName,
    softwareTitleNameId: title.nameId,
    softwareTitlePublisher: title.publisher,
    patchSourceName: 'Jamf',
    patchSourceEnabled: true,
    packages: title.links.map(({ packageId, version }) => ({
      packageId,
      version,
      displayName: packageName(world, packageId),
    })),
  };
}

/** A bare array: no paging, no filter. */
function list(_jamf: Simulation, { view }: Call): Answer {
  return { status: 200, json: [...view.titles.values()].map((title) => shown(view, title)) };
}

function one(_jamf: Simulation, { view, id }: Call): Answer {
  return { status: 200, json: shown(view, found(view, id)) };
}

/** RFC 7396: what is left out stays; `packages`, as any array, is replaced whole. */
function change(jamf: Simulation, call: Call): Answer {
  const type = call.headers['content-type'] ?? '';
  const accepted = jamf.options.titlePatchTypes.some((known) => type.startsWith(known));
  if (!accepted)
    throw new ApiRefusal(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type '${type}' is not supported`);
  found(call.view, call.id);
  const title = found(jamf.world, call.id);
  jamf.locks.check(`title ${title.id}`);
  const body = call.json();
  for (const field of ['categoryId', 'siteId'] as const)
    if (body[field] === '0') throw new ApiRefusal(400, 'INVALID_ID', 'Must not be 0', field);
  const links = 'packages' in body ? readLinks(jamf.world, title, body['packages']) : title.links;
  const text = (field: string, old: string) =>
    typeof body[field] === 'string' ? body[field] : old;
  const flag = (field: string, old: boolean) =>
    typeof body[field] === 'boolean' ? body[field] : old;
  title.displayName = text('displayName', title.displayName);
  title.categoryId = text('categoryId', title.categoryId);
  title.siteId = text('siteId', title.siteId);
  title.uiNotifications = flag('uiNotifications', title.uiNotifications);
  title.emailNotifications = flag('emailNotifications', title.emailNotifications);
  title.links = links;
  return { status: 200, json: shown(jamf.world, title) };
}

function readLinks(world: JamfWorld, title: Title, given: unknown): Link[] {
  if (!Array.isArray(given))
    throw new ApiRefusal(400, 'INVALID_FIELD', 'Must be an array', 'packages');
  const links = given.map((entry: unknown): Link => {
    const { packageId, version } = Object(entry) as Record<string, unknown>;
    if (typeof packageId !== 'string' || !world.packages.has(packageId))
      throw new ApiRefusal(400, 'INVALID_ID', `No package ${packageId}`, 'packages.packageId');
    const defined = title.definitions.some((definition) => definition.version === version);
    if (typeof version !== 'string' || !defined)
      throw new ApiRefusal(400, 'INVALID_FIELD', `No version ${version}`, 'packages.version');
    return { packageId, version };
  });
  if (new Set(links.map(({ version }) => version)).size < links.length)
    throw new ApiRefusal(400, 'DUPLICATE_FIELD', 'A version takes one package', 'packages.version');
  return links;
}

/** A definition with its place among the title's versions. */
interface Placed extends Definition {
  readonly order: number;
}

/** The definitions with their `absoluteOrderId`; which end 1 is at is a choice of the set-up. */
function placed(jamf: Simulation, title: Title): Placed[] {
  const newestFirst = jamf.options.orderDirection === 'newest-first';
  const { definitions } = title;
  return definitions.map((definition, at) => ({
    ...definition,
    order: newestFirst ? at + 1 : definitions.length - at,
  }));
}

const DEFINITION_FIELDS: Fields<Placed> = {
  id: ({ order }) => order,
  version: ({ version }) => version,
  minimumOperatingSystem: ({ minimumOperatingSystem }) => minimumOperatingSystem,
  releaseDate: ({ releaseDate }) => releaseDate,
  reboot: ({ rebootRequired }) => rebootRequired,
  standalone: ({ standalone }) => standalone,
  absoluteOrderId: ({ order }) => order,
};

function definitions(jamf: Simulation, call: Call): Answer {
  const all = placed(jamf, found(call.view, call.id));
  const show = (definition: Placed) => ({
    version: definition.version,
    minimumOperatingSystem: definition.minimumOperatingSystem,
    releaseDate: definition.releaseDate,
    rebootRequired: definition.rebootRequired,
    killApps: definition.killApps.map(({ appName }) => ({ appName })),
    standalone: definition.standalone,
    absoluteOrderId: String(definition.order),
  });
  return { status: 200, json: paged(call, all, DEFINITION_FIELDS, show, 'absoluteOrderId:asc') };
}

function summary(_jamf: Simulation, { view, id }: Call): Answer {
  const title = found(view, id);
  const latest = title.definitions[0];
  const upToDate = onVersion(title, latest?.version ?? '');
  const json = {
    softwareTitleId: title.softwareTitleId,
    title: title.displayName,
    latestVersion: latest?.version ?? '',
    ...(latest && { releaseDate: `${latest.releaseDate.replace(' ', 'T')}Z` }),
    upToDate,
    outOfDate: title.installed.size - upToDate,
    onDashboard: false,
    softwareTitleConfigurationId: title.id,
  };
  return { status: 200, json };
}

function versionSummary(jamf: Simulation, { view, id }: Call): Answer {
  const title = found(view, id);
  const json = placed(jamf, title).map(({ version, order }) => ({
    absoluteOrderId: String(order),
    version,
    onVersion: onVersion(title, version),
  }));
  return { status: 200, json };
}

const onVersion = (title: Title, version: string): number =>
  [...title.installed.values()].filter((device) => device.version === version).length;

interface ReportLine {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly version: string;
  readonly date: string;
}

/** The one difference between v2 and v3 is what the date is called. */
const report =
  (date: 'lastContactTime' | 'lastCheckIn') =>
  (_jamf: Simulation, call: Call): Answer => {
    const { installed } = found(call.view, call.id);
    const lines = [...installed].map(([deviceId, device]): ReportLine => ({ deviceId, ...device }));
    const fields: Fields<ReportLine> = {
      computerName: ({ deviceName }) => deviceName,
      deviceId: ({ deviceId }) => deviceId,
      version: ({ version }) => version,
      [date]: (line: ReportLine) => line.date,
    };
    const show = (line: ReportLine) => ({
      computerName: line.deviceName,
      deviceId: line.deviceId,
      username: '',
      operatingSystemVersion: '',
      [date]: line.date,
      buildingName: '',
      departmentName: '',
      siteName: '',
      version: line.version,
    });
    return { status: 200, json: paged(call, lines, fields, show, 'computerName:asc') };
  };

const base = (version: 'v2' | 'v3') => `/api/${version}/patch-software-title-configurations`;

const routesOf = (version: 'v2' | 'v3'): readonly Route[] => {
  const details =
    version === 'v3'
      ? ({ since: [11, 30] } as const)
      : ({ deprecated: { since: [11, 30], date: '2026-07-14' } } as const);
  const path = base(version);
  return [
    route('GET', path, READ, list, details),
    route('GET', `${path}/{id}`, READ, one, details),
    route('PATCH', `${path}/{id}`, UPDATE, change, details),
    route('GET', `${path}/{id}/definitions`, READ, definitions, details),
    route('GET', `${path}/{id}/patch-summary`, READ, summary, details),
    route('GET', `${path}/{id}/patch-summary/versions`, READ, versionSummary, details),
    route(
      'GET',
      `${path}/{id}/patch-report`,
      READ,
      report(version === 'v3' ? 'lastCheckIn' : 'lastContactTime'),
      details,
    ),
  ];
};

export const titleRoutes: readonly Route[] = [...routesOf('v3'), ...routesOf('v2')];
