import { createHash } from 'node:crypto';
import { addPackage } from './classic-packages.ts';
import { ClassicRefusal } from './errors.ts';
import { store } from './inventory.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';

/**
 * How Jamf Admin sent packages, and with it the first PatchBot: the bare file, what it is in
 * headers. Never published; gone with Jamf Pro 11.6.
 */
async function take(jamf: Simulation, call: Call): Promise<Answer> {
  const header = (name: string) => String(call.headers[name] ?? '');
  const name = header('file_name');
  if (header('destination') !== '0' || header('file_type') !== '0' || name === '')
    throw new ClassicRefusal(400, 'DESTINATION, FILE_TYPE and FILE_NAME are required');
  const hash = createHash('sha3-512');
  let size = 0;
  for await (const chunk of call.incoming as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  const given = header('object_id');
  const there = given === '-1' ? undefined : jamf.world.packages.get(given);
  if (given !== '-1' && !there) throw new ClassicRefusal(404);
  const { id } = there ?? addPackage(jamf, { name, filename: name });
  store(jamf, { fileName: name, size, sha3512: hash.digest('hex') });
  return { status: 200, xml: { package: { id, successful: true } } };
}

export const dbfileuploadRoutes: readonly Route[] = [
  route('POST', '/dbfileupload', ['Create Packages', 'Update Packages'], take, {
    streams: true,
    before: [11, 6],
  }),
];
