/**
 * Writes the JSON Schemas of the YAML files, made from the very schemas that PatchBot reads them by, so
 * that editors complete and check what it will accept. `--check` fails when the committed ones differ.
 */
import { z } from 'zod';
import { reposSchema, settingsSchema, titleSchema } from '../src/recipes/schema.ts';
import { stateSchema } from '../src/state/schema.ts';
import { writeOrCheck } from './written.ts';

const schemas = {
  'patchbot.schema.json': { schema: settingsSchema, title: 'recipes/patchbot.yaml' },
  'title.schema.json': { schema: titleSchema, title: 'recipes/titles/<title>.yaml' },
  'repos.schema.json': { schema: reposSchema, title: 'recipes/repos.yaml' },
  'state.schema.json': { schema: stateSchema, title: 'state/<title>.yaml' },
};

const files = Object.entries(schemas).map(([name, { schema, title }]) => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return [`schemas/${name}`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
});
await writeOrCheck(Object.fromEntries(files), 'npm run schemas');
