import { runAction } from '../../src/action.ts';
import { flag } from '../../src/inputs.ts';
import { cleanup } from '../../src/stages/cleanup.ts';

await runAction((run) => cleanup(run, { really: flag('really') }));
