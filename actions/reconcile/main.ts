import { getBooleanInput } from '@actions/core';
import { runAction } from '../../src/action.ts';
import { reconcile } from '../../src/stages/reconcile.ts';

await runAction((run) => reconcile(run, { repair: getBooleanInput('repair') }));
