/**
 * Writes the JSON Schemas of the YAML files, made from the very schemas that PatchBot reads them by, so
 * that editors complete and check what it will accept. `--check` fails when the committed ones differ.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { reposSchema, settingsSchema, titleSchema } from '../src/recipes/schema.ts';
import { stateSchema } from '../src/state/schema.ts';

const folder = join(import.meta.dirname, '..', 'schemas');

const schemas = {
  'patchbot.schema.json': { schema: settingsSchema, title: 'recipes/patchbot.yaml' },
  'title.schema.json': { schema: titleSchema, title: 'recipes/titles/<title>.yaml' },
  'repos.schema.json': { schema: reposSchema, title: 'recipes/repos.yaml' },
  'state.schema.json': { schema: stateSchema, title: 'state/<title>.yaml' },
};

let differing = false;
await mkdir(folder, { recursive: true });
for (const [name, { schema, title }] of Object.entries(schemas)) {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const text = `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
  const file = join(folder, name);
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present === text) continue;
  if (process.argv.includes('--check')) {
    console.error(
      `schemas/${name} is not what the sources make: run "npm run schemas" and commit.`,
    );
    differing = true;
  } else await writeFile(file, text);
}
if (differing) process.exitCode = 1;
