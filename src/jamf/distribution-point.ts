import { z } from 'zod';
import { readJson } from './answer.ts';
import { calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { JamfError } from './error.ts';
import { text } from './field.ts';

/** Schema `CloudDistributionPoint`, as far as it is needed. */
const point = z.object({ cdnType: text });

/** The kind of Jamf's cloud storage: JAMF_CLOUD, AMAZON_S3, …, or NONE. */
export function distributionPoint(connection: Connection): Promise<string | undefined> {
  return connection.ask(calls.distributionPoint, {
    tried: 'read the cloud distribution point',
    read: (answer) => readJson(answer, point).cdnType,
  });
}

/**
 * Makes sure that there is a place for packages: without one, nothing would ever compute a digest
 * of what is sent. Where it can't be read, nothing is known, and the upload goes on.
 *
 * @throws JamfError when there is none.
 */
export async function checkDistributionPoint(connection: Connection): Promise<void> {
  let kind: string | undefined;
  try {
    kind = await distributionPoint(connection);
  } catch (error) {
    if (!(error instanceof JamfError)) throw error;
    return connection.log(`${error.message} Uploading all the same.`);
  }
  if (kind !== 'NONE') return;
  throw new JamfError('upload packages', {
    answer: 'Jamf Pro has no cloud distribution point to put them on',
    remedy: 'Set one up under Settings > Server > Cloud distribution point, and run it again.',
  });
}
