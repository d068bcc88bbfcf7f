import type { Simulation } from './simulation.ts';
import type { JamfWorld, Package } from './world.ts';

/** Puts a file on the distribution point, unless uploads are made to fail. */
export function store(
  { world, uploads }: Simulation,
  file: { readonly fileName: string; readonly size: number; readonly sha3512: string },
): void {
  const isLost = uploads.failing > 0;
  if (isLost) uploads.failing -= 1;
  const isSpoilt = uploads.spoilt.has(file.fileName);
  world.files.set(file.fileName, {
    size: isLost ? 0 : file.size,
    sha3512: file.sha3512,
    inventory: world.files.has(file.fileName) ? 'refresh' : 'by-itself',
    pendingLooks: isSpoilt ? Number.POSITIVE_INFINITY : uploads.pendingLooks,
  });
}

/** A record that was replaced shows nothing of its file until the inventory is refreshed. */
export function forget({ files }: JamfWorld, { record }: Package): void {
  const file = files.get(record.fileName);
  if (file?.inventory === 'known') file.inventory = 'refresh';
}

/** Takes into a package's record what the inventory knows of its file by now. */
export function settle(world: JamfWorld, { record }: Package): void {
  const file = world.files.get(record.fileName);
  if (!file || file.inventory === 'refresh') return;
  if (file.pendingLooks > 0) {
    file.pendingLooks -= 1;
    record['cloudTransferStatus'] = 'PENDING';
    return;
  }
  file.inventory = 'known';
  Object.assign(record, {
    hashType: 'SHA3_512',
    hashValue: file.sha3512,
    sha3512: file.sha3512,
    size: String(file.size),
    cloudTransferStatus: 'READY',
  });
}
