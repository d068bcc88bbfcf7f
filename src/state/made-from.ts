import { z } from 'zod';
import type { MadeFrom, Source } from '../lifecycle/made-from.ts';
import { digest } from '../lifecycle/package.ts';

/*
 * How a state file writes what a package was made from: addresses and recipes as keys, several signers
 * or origins in a line each.
 */

const address = z.url({ protocol: /^https?$/, error: 'write the address of the download' });

const lines = (what: string) =>
  z
    .string({ error: `write ${what} as text, one in a line` })
    .transform((text) => text.split('\n').filter((line) => line.trim() !== ''));

/** What AutoPkg could not say any more: the download was gone. */
const unknown = 'unknown';

export const madeFromSchema = z
  .looseObject({
    downloads: z
      .record(address, z.string().regex(/^(?:[0-9a-f]{64}|unknown)$/, 'write the SHA-256'))
      .optional()
      .describe('Each file that was downloaded, with its SHA-256'),
    'signed-by': lines('the signers')
      .optional()
      .describe('Whose signature AutoPkg has verified: requirements or names of authorities'),
    recipes: z
      .record(z.string(), z.string())
      .optional()
      .describe('The recipes that made it, with their repositories and commits'),
    'stored-sha3-512': z
      .string()
      .regex(/^[0-9a-f]{128}$/, 'write the SHA3-512 in hexadecimal')
      .optional()
      .describe('The digest that Jamf Pro gave after the upload'),
  })
  .transform(
    (file): MadeFrom => ({
      downloads: Object.entries(file.downloads ?? {}).map(([url, sha256]) => ({
        url,
        ...(sha256 !== unknown && { sha256 }),
      })),
      signers: file['signed-by'] ?? [],
      recipes: Object.entries(file.recipes ?? {}).map(([identifier, from]) => ({
        identifier,
        from,
      })),
      ...(file['stored-sha3-512'] && { storedDigest: digest(file['stored-sha3-512']) }),
    }),
  )
  .describe('What the package was made from: its chain of custody');

export const acceptedSchema = z
  .looseObject({ origins: lines('the origins'), 'signed-by': lines('the signers') })
  .transform((file): Source => ({ origins: file.origins, signers: file['signed-by'] }))
  .describe('From where else than before packages may come, as somebody has accepted');

/** What a package was made from, as the file writes it. */
export function madeFromSection({ downloads, signers, recipes, storedDigest }: MadeFrom) {
  return {
    ...(downloads.length > 0 && {
      downloads: Object.fromEntries(downloads.map(({ url, sha256 }) => [url, sha256 ?? unknown])),
    }),
    ...(signers.length > 0 && { 'signed-by': signers.join('\n') }),
    ...(recipes.length > 0 && {
      recipes: Object.fromEntries(recipes.map(({ identifier, from }) => [identifier, from])),
    }),
    ...(storedDigest && { 'stored-sha3-512': storedDigest }),
  };
}

/** What somebody has accepted, as the file writes it. */
export function acceptedSection({ origins, signers }: Source) {
  return { origins: origins.join('\n'), 'signed-by': signers.join('\n') };
}
