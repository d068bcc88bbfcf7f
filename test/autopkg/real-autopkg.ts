import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The real AutoPkg: what PATCHBOT_REAL_AUTOPKG names, else the one on the path. Undefined where there is
 * none that runs: tests that want it are skipped then, and say so.
 */
export const realAutoPkg: string | undefined = found();

/** Why tests with the real AutoPkg are skipped. */
export const noAutoPkg =
  'the real AutoPkg is not here: set PATCHBOT_REAL_AUTOPKG, or put autopkg on the path';

function found(): string | undefined {
  const named = process.env['PATCHBOT_REAL_AUTOPKG'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'autopkg'));
  return (named ? [named] : onPath).find((program) => {
    try {
      accessSync(program, constants.X_OK);
      return /^\d+\.\d+/m.test(
        execFileSync(program, ['version'], { encoding: 'utf8', stdio: 'pipe' }),
      );
    } catch {
      return false;
    }
  });
}
