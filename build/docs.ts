/**
 * Writes the pages that are made from the sources, so that they say what the code does. `--check` fails
 * when the committed ones differ.
 */
import { privilegesPage } from '../src/jamf/privileges.ts';
import { lifecyclePage } from './lifecycle-page.ts';
import { writeOrCheck } from './written.ts';

await writeOrCheck(
  { 'docs/jamf-privileges.md': privilegesPage(), 'docs/lifecycle.md': lifecyclePage() },
  'npm run docs',
);
