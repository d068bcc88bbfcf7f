import { getInput } from '@actions/core';
import { runAction } from '../../src/action.ts';
import { day, oneOf } from '../../src/inputs.ts';
import { version } from '../../src/lifecycle/version.ts';
import { hold, release } from '../../src/stages/hold.ts';

await runAction((run) => {
  if (!run.only) throw new Error('say which titles: the input "titles" is empty');
  if (oneOf('do', ['hold', 'release']) === 'release') return release(run);
  const only = getInput('version');
  const until = day('until');
  return hold(run, {
    reason: getInput('reason', { required: true }),
    ...(only && { version: version(only) }),
    ...(until && { until }),
  });
});
