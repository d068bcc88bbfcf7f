import { runAction } from '../../src/action.ts';
import { flag } from '../../src/inputs.ts';
import { propose } from '../../src/stages/propose.ts';

await runAction((run) => propose(run, flag('refresh') ? 'refresh' : 'ask'));
