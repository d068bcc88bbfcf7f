import { runAction } from '../../src/action.ts';
import { dashboard } from '../../src/stages/dashboard.ts';

await runAction(dashboard);
