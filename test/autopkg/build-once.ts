/** Builds as a process of its own, for tests that end it: the job and the settings come as JSON. */
import { build } from '../../src/autopkg/autopkg.ts';

const { job, settings } = JSON.parse(process.argv[2] ?? '');
const result = await build(job, settings, (line) => console.log(line));
console.log(`result: ${result.result}`);
