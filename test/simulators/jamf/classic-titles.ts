import { ClassicRefusal } from './errors.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';
import { type JamfWorld, type Link, packageName, type Title } from './world.ts';
import { all, type Tree, text, tree } from './xml.ts';

const READ = 'Read Patch Management Software Titles';
const UPDATE = 'Update Patch Management Software Titles';

const found = (world: JamfWorld, id: string): Title => {
  const title = world.titles.get(id);
  if (!title) throw new ClassicRefusal(404);
  return title;
};

/** Jamf's own patch source. */
const SOURCE = 1;

const list = (_jamf: Simulation, { view }: Call): Answer => ({
  status: 200,
  xml: {
    patch_software_titles: {
      size: view.titles.size,
      patch_software_title: [...view.titles.values()].map((title) => ({
        id: title.id,
        name: title.displayName,
        source_id: SOURCE,
        name_id: title.nameId,
      })),
    },
  },
});

/** Versions newest first; one without a package has an empty element. */
function one(_jamf: Simulation, { view, id }: Call): Answer {
  const title = found(view, id);
  const category = view.categories.get(title.categoryId);
  const linked = (version: string): Tree | string => {
    const link = title.links.find((known) => known.version === version);
    return link ? { id: link.packageId, name: packageName(view, link.packageId) } : '';
  };
  const xml: Tree = {
    patch_software_title: {
      id: title.id,
      name: title.displayName,
      name_id: title.nameId,
      source_id: SOURCE,
      notifications: {
        web_notification: title.uiNotifications,
        email_notification: title.emailNotifications,
      },
      category: { id: category?.id ?? '-1', name: category?.name ?? 'Unknown' },
      versions: {
        version: title.definitions.map(({ version }) => ({
          software_version: version,
          package: linked(version),
        })),
      },
    },
  };
  return { status: 200, xml };
}

/** A version that is left out keeps its package; an empty element takes it away. */
function change(jamf: Simulation, call: Call): Answer {
  found(call.view, call.id);
  const title = found(jamf.world, call.id);
  const body = call.xml('patch_software_title');
  const links = new Map(title.links.map((link) => [link.version, link]));
  for (const sent of all(tree(body['versions'])['version'])) {
    const version = text(sent['software_version']) ?? '';
    if (!title.definitions.some((definition) => definition.version === version))
      throw new ClassicRefusal(409, `Unable to match software version ${version}`);
    if (!('package' in sent)) continue;
    const link = linkIn(jamf.world, version, tree(sent['package']));
    if (link) links.set(version, link);
    else links.delete(version);
  }
  title.links = [...links.values()];
  return { status: 201, xml: { patch_software_title: { id: title.id } } };
}

function linkIn(world: JamfWorld, version: string, sent: Tree): Link | undefined {
  const [id, name] = [text(sent['id']), text(sent['name'])];
  if (!id && !name) return undefined;
  const packageId = [...world.packages.values()].find((one) =>
    id ? one.id === id : one.record.packageName === name,
  )?.id;
  if (!packageId) throw new ClassicRefusal(409, `Unable to match package ${id || name}`);
  return { version, packageId };
}

/** How many Macs have which version. */
function report(_jamf: Simulation, { view, id }: Call): Answer {
  const title = found(view, id);
  const xml: Tree = {
    patch_report: {
      name: title.displayName,
      patch_software_title_id: title.id,
      total_computers: title.installed.size,
      total_versions: title.definitions.length,
      versions: {
        version: title.definitions.map(({ version }) => ({
          software_version: version,
          computers: macsOn(title, version),
        })),
      },
    },
  };
  return { status: 200, xml };
}

function macsOn(title: Title, version: string): Tree {
  const macs = [...title.installed].filter(([, mac]) => mac.version === version);
  return { size: macs.length, computer: macs.map(([id, mac]) => ({ id, name: mac.deviceName })) };
}

const base = '/JSSResource/patchsoftwaretitles';
const deprecated = { deprecated: { since: [11, 0], date: '2025-02-01' } } as const;

export const classicTitleRoutes: readonly Route[] = [
  route('GET', base, READ, list, deprecated),
  route('GET', `${base}/id/{id}`, READ, one, deprecated),
  route('PUT', `${base}/id/{id}`, UPDATE, change, deprecated),
  route('GET', '/JSSResource/patchreports/patchsoftwaretitleid/{id}', READ, report, deprecated),
];
