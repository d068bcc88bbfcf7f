import { runAction } from '../../src/action.ts';
import { promote } from '../../src/stages/promote.ts';

await runAction(promote);
