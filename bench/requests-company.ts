import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import {
  approve,
  type Change,
  recordOffered,
  recordPackage,
  startTest,
} from '../src/lifecycle/changes.ts';
import { digest, type Package, packageId } from '../src/lifecycle/package.ts';
import { slug, type TitleState } from '../src/lifecycle/title.ts';
import { version } from '../src/lifecycle/version.ts';
import { editState } from '../src/state/edit.ts';
import { statePath } from '../src/state/read.ts';
import { type Fleet, startFleet } from '../test/simulators/fleet.ts';
import { definitionsIn, storePackage } from './requests-jamf.ts';

/** The stage that has something to do. */
export type Stage = 'test' | 'promote';

/** A Monday within the window. */
const now = '2026-09-07T08:00:00Z';

/**
 * A company of so many titles whose 1.0 is in production. Of the first `news` of them Jamf has a package
 * 2.0, which waits to be tested, or is approved and waits to be promoted.
 */
export async function companyWithNews(stage: Stage, count: number, news: number): Promise<Fleet> {
  const titles = Array.from({ length: count }, (_, at) => ({
    at,
    slug: `title-${at + 1}`,
    name: `Title ${at + 1}`,
  }));
  const files = titles.map(({ at, slug: short, name }) => {
    const life = [...lived(short, at), ...(at < news ? newsFor(stage, short, at) : [])];
    const state = life.reduce<TitleState>((before, change) => change(before), {});
    return [
      [`recipes/titles/${short}.yaml`, `recipe: ${short}.pkg\npatch: ${name}\ncategory: Apps\n`],
      [statePath(slug(short)), editState(undefined, name, {}, state)],
    ] as const;
  });
  const fleet = await startFleet({
    now,
    repository: {
      'recipes/patchbot.yaml':
        'time-zone: Europe/Zurich\nsoak: 7 days\nwindows: [Mon-Thu 08:00-16:00]\n',
      ...Object.fromEntries(files.flat()),
    },
  });
  fleet.jamf.addCategory('Apps');
  for (const { at, slug: short, name } of titles) {
    fleet.jamf.addTitle({ name, definitions: definitionsIn });
    const old = built(short, at, '1.0');
    const fresh = built(short, at, '2.0');
    storePackage(fleet.jamf, old);
    if (at < news) storePackage(fleet.jamf, fresh);
    offer(fleet, at, 'Stable', old);
    install(fleet, at, old);
    if (at < news && stage === 'promote') offer(fleet, at, 'Test', fresh);
  }
  return fleet;
}

const day = Temporal.PlainDate.from('2026-08-01');

/** 1.0, tested, approved and offered. */
function lived(short: string, at: number): Change[] {
  const old = built(short, at, '1.0');
  const production = { package: old, definition: old.version };
  return [
    recordPackage(old, day),
    startTest(old, { version: old.version }, day),
    approve(production),
    recordOffered(production, day),
  ];
}

function newsFor(stage: Stage, short: string, at: number): Change[] {
  const fresh = built(short, at, '2.0');
  const recorded = recordPackage(fresh, day);
  if (stage === 'test') return [recorded];
  const tested = startTest(fresh, { version: fresh.version }, day);
  return [recorded, tested, approve({ package: fresh, definition: fresh.version })];
}

function built(short: string, at: number, text: string): Package {
  return {
    version: version(text),
    file: `${short}-${text}.pkg`,
    size: 20_000,
    digest: digest(createHash('sha3-512').update(`${short} ${text}`).digest('hex')),
    jamfId: packageId(String((text === '1.0' ? 10_000 : 20_000) + at)),
  };
}

/** A patch policy that offers the package already. */
function offer({ jamf }: Fleet, at: number, ring: 'Test' | 'Stable', offered: Package): void {
  const title = [...jamf.world.titles.values()][at];
  title?.links.push({ packageId: offered.jamfId, version: offered.version.text });
  const policy = [...jamf.world.patchPolicies.values()].find(
    ({ name }) => name === `Title ${at + 1} ${ring}`,
  );
  if (!policy) throw new Error(`there is no policy of Title ${at + 1} for ${ring}`);
  policy.enabled = true;
  policy.targetVersion = offered.version.text;
  policy.userInteraction['self_service_description'] = `Update Title ${at + 1} (2026-08-01)`;
}

/** An install policy that installs the package already. */
function install({ jamf }: Fleet, at: number, installed: Package): void {
  const policy = [...jamf.world.policies.values()][at];
  const usual = { action: 'Install', fut: 'false', feu: 'false', updateAutorun: 'false' };
  policy?.packages.push({ id: installed.jamfId, ...usual });
}
