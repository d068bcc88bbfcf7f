import { runAction } from '../../src/action.ts';
import { propose } from '../../src/stages/propose.ts';

await runAction(propose);
