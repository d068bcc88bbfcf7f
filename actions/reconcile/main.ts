import { runAction } from '../../src/action.ts';
import { flag } from '../../src/inputs.ts';
import { reconcile } from '../../src/stages/reconcile.ts';

await runAction((run) => reconcile(run, { repair: flag('repair') }));
