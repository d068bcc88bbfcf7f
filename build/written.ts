import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Writes files that are made from the sources, or with `--check` only says which of the committed ones
 * differ, and fails.
 *
 * @param files text by path, relative to the repository.
 * @param command what makes them, for who has to run it.
 */
export async function writeOrCheck(
  files: Readonly<Record<string, string>>,
  command: string,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
    if (process.argv.includes('--check')) {
      console.error(`${path} is not what the sources make: run "${command}" and commit.`);
      process.exitCode = 1;
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
}
