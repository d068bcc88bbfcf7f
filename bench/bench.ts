/**
 * Runs a bench by its name: `npm run bench -- upload`. Each is a file beside this one; it prints for
 * people, and as its last line one JSON object.
 */
import { readdir } from 'node:fs/promises';

const files = await readdir(import.meta.dirname);
const names = files
  .filter((file) => file.endsWith('.ts') && file !== 'bench.ts')
  .map((file) => file.slice(0, -3))
  .filter((name) => !name.includes('-'));
const [name = ''] = process.argv.slice(2);
if (names.includes(name)) await import(`./${name}.ts`);
else {
  console.error(
    `there is no bench "${name}": run "npm run bench -- <name>" with ${names.join(', ')}`,
  );
  process.exitCode = 1;
}
