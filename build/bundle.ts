/**
 * Bundles the actions and the command line to actions/dist/: an entry of a few lines for each, and
 * one shared chunk with everything else, so that no code is committed twice. The licences of what is
 * bundled go beside it.
 *
 * `--check` writes nothing and fails when the committed bundle is not what the sources make.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { onlyUsedOfUndici } from './undici.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'actions', 'dist');

async function bundle(): Promise<Map<string, string>> {
  const actions = (await readdir(join(root, 'actions'))).filter((name) =>
    existsSync(join(root, 'actions', name, 'main.ts')),
  );
  const input = Object.fromEntries([
    ['cli', join(root, 'src', 'cli.ts')],
    ...actions.map((name) => [name, join(root, 'actions', name, 'main.ts')]),
  ]);
  const build = await rolldown({
    input,
    platform: 'node',
    cwd: root,
    logLevel: 'warn',
    plugins: [onlyUsedOfUndici()],
    // They don't say it of themselves: without it, the toolkit's own HTTP client comes along unused.
    treeshake: { moduleSideEffects: [{ test: /node_modules.@actions./, sideEffects: false }] },
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minify: { mangle: true, compress: true, codegen: { removeWhitespace: true } },
    comments: { legal: false, jsdoc: false, annotation: false },
    codeSplitting: {
      groups: [{ name: 'patchbot', test: (id: string) => !isEntry(id, input) }],
    },
  });
  const files = new Map<string, string>();
  const bundled = new Set<string>();
  for (const chunk of output) {
    if (chunk.type !== 'chunk') throw new Error(`an asset in the bundle: ${chunk.fileName}`);
    files.set(chunk.fileName, chunk.code.endsWith('\n') ? chunk.code : `${chunk.code}\n`);
    for (const id of chunk.moduleIds) {
      const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
      if (found?.[1]) bundled.add(found[1]);
    }
  }
  files.set('licenses.txt', await licenses([...bundled].sort()));
  files.set('package.json', '{ "type": "module" }\n');
  return files;
}

function isEntry(id: string, input: Record<string, string>): boolean {
  return Object.values(input).includes(id);
}

async function licenses(packages: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const name of packages) {
    const folder = join(root, 'node_modules', name);
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string;
      license?: string;
    };
    const file = (await readdir(folder)).find((one) => /^licen[cs]e(\.|$|-)/i.test(one));
    const text = file ? (await readFile(join(folder, file), 'utf8')).trim() : '(no licence file)';
    parts.push(`${name} ${about.version} (${about.license ?? 'no licence named'})\n\n${text}\n`);
  }
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

async function committed(): Promise<Map<string, string>> {
  const names = await readdir(dist).catch(() => []);
  const files = new Map<string, string>();
  for (const name of names) files.set(name, await readFile(join(dist, name), 'utf8'));
  return files;
}

const made = await bundle();
const size = [...made.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const told = `${made.size} files, ${(size / 1024 / 1024).toFixed(2)} MiB`;
if (process.argv.includes('--check')) {
  const present = await committed();
  const differing = [...new Set([...made.keys(), ...present.keys()])].filter(
    (name) => made.get(name) !== present.get(name),
  );
  if (differing.length > 0) {
    console.error(
      `actions/dist/ is not what the sources make (${differing.join(', ')}): run "npm run bundle" and commit the result.`,
    );
    process.exitCode = 1;
  } else console.log(`actions/dist/ is what the sources make: ${told}.`);
} else {
  await rm(dist, { recursive: true, force: true });
  for (const [name, text] of made) {
    await mkdir(dirname(join(dist, name)), { recursive: true });
    // npx makes the command line executable where it finds it so: it may as well be from the start.
    await writeFile(join(dist, name), text, { mode: name === 'cli.js' ? 0o755 : 0o644 });
  }
  console.log(`actions/dist/: ${told}.`);
}
