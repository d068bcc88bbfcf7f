import { getInput } from '@actions/core';
import { runAction } from '../../src/action.ts';
import { oneOf } from '../../src/inputs.ts';
import { rollback } from '../../src/stages/rollback.ts';

await runAction((run) =>
  rollback(run, {
    reason: getInput('reason', { required: true }),
    mode: oneOf('mode', ['pull-request', 'direct']),
  }),
);
