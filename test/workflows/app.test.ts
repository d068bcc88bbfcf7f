import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readManifest } from './manifest.ts';
import { readWorkflows, root } from './workflow.ts';

it('has an App that is private, listens to nothing, and may do just what the jobs ask for', async () => {
  const app = await readManifest();
  expect(app).toMatchObject({ public: false, default_events: [] });
  const token = parse(await readFile(join(root, 'actions', 'token', 'action.yml'), 'utf8'));
  const asked = new Set(['metadata']);
  for (const { jobs } of await readWorkflows())
    for (const { steps } of Object.values(jobs))
      for (const { uses, with: inputs = {} } of steps)
        if (uses === './actions/token')
          for (const name of Object.keys(inputs))
            if (name !== 'client-id' && name !== 'private-key') asked.add(name.replace('-', '_'));
  expect([...asked].toSorted()).toEqual(Object.keys(app.default_permissions).toSorted());
  for (const name of asked)
    if (name !== 'metadata') expect(token.inputs).toHaveProperty([name.replace('_', '-')]);
});

it('is the same App by the page that makes it', async () => {
  const page = await readFile(join(root, 'docs', 'github-app.html'), 'utf8');
  const [, shown = ''] =
    /<script type="application\/json" id="app">([\s\S]*?)<\/script>/.exec(page) ?? [];
  expect(JSON.parse(shown)).toEqual(await readManifest());
});
