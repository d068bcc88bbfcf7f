import { createHash } from 'node:crypto';
import { usualRecord } from './package-record.ts';
import type { Simulation } from './simulation.ts';
import { nextId, type PolicyPackage } from './world.ts';

/** Adds a package that somebody has put there, with its file. @returns its id. */
export function addStoredPackage({ world }: Simulation, file: string, size = 20_000): string {
  const id = nextId(world, 'package');
  const record = { ...usualRecord, packageName: file, fileName: file };
  world.packages.set(id, { id, record, history: [] });
  const sha3512 = createHash('sha3-512').update(file).digest('hex');
  world.files.set(file, { size, sha3512, inventory: 'by-itself', pendingLooks: 0 });
  return id;
}

/** Adds a policy that installs packages, named by their files. */
export function addPolicy(
  { world }: Simulation,
  name: string,
  files: readonly string[] = [],
): void {
  const id = nextId(world, 'policy');
  const packages = files.map((file): PolicyPackage => {
    const one = [...world.packages.values()].find(({ record }) => record.fileName === file);
    if (!one) throw new Error(`there is no package ${file}`);
    return { id: one.id, action: 'Install', fut: 'false', feu: 'false', updateAutorun: 'false' };
  });
  world.policies.set(id, {
    id,
    sections: {
      general: {
        name,
        enabled: true,
        trigger: 'EVENT',
        trigger_other: name.toLowerCase().replaceAll(' ', '-'),
        frequency: 'Ongoing',
        category: { id: -1, name: 'No category assigned' },
      },
      scope: { all_computers: true, computers: '', computer_groups: '' },
      self_service: { use_for_self_service: true, install_button_text: 'Install' },
      scripts: { size: 0 },
      reboot: { message: '', minutes_until_reboot: 5 },
      maintenance: { recon: true },
    },
    packages,
  });
}
