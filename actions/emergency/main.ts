import { getInput } from '@actions/core';
import { runAction } from '../../src/action.ts';
import { oneOf } from '../../src/inputs.ts';
import { emergency } from '../../src/stages/emergency.ts';

await runAction((run) =>
  emergency(run, {
    reason: getInput('reason', { required: true }),
    mode: oneOf('mode', ['pull-request', 'direct']),
  }),
);
