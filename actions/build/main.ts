import { runAction } from '../../src/action.ts';
import { build } from '../../src/stages/build.ts';

await runAction(build);
