import type { Package } from '../src/lifecycle/package.ts';
import type { JamfSimulator } from '../test/simulators/jamf/server.ts';

/** The definitions of every title: the version in production, and the one that is news. */
export const definitionsIn = [
  { version: '2.0', releaseDate: '2026-09-01 12:00:00' },
  { version: '1.0', releaseDate: '2026-07-01 12:00:00' },
] as const;

/** Has Jamf Pro know a package as if it had been uploaded. */
export function storePackage({ world }: JamfSimulator, built: Package): void {
  const { jamfId: id, file, size, digest } = built;
  world.packages.set(id, {
    id,
    history: [],
    record: {
      packageName: file,
      fileName: file,
      categoryId: '1',
      priority: 10,
      fillUserTemplate: false,
      rebootRequired: false,
      osInstall: false,
      suppressUpdates: false,
      suppressFromDock: false,
      suppressEula: false,
      suppressRegistration: false,
      hashType: 'SHA3_512',
      hashValue: digest,
      size: String(size),
      cloudTransferStatus: 'READY',
    },
  });
}
