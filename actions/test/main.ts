import { runAction } from '../../src/action.ts';
import { test } from '../../src/stages/test.ts';

await runAction(test);
