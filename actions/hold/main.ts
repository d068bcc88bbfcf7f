import { getInput } from '@actions/core';
import { Temporal } from 'temporal-polyfill';
import { runAction } from '../../src/action.ts';
import { version } from '../../src/lifecycle/version.ts';
import { hold, release } from '../../src/stages/hold.ts';

await runAction((run) => {
  if (!run.only) throw new Error('say which titles: the input "titles" is empty');
  if (getInput('do') === 'release') return release(run);
  const only = getInput('version');
  const until = getInput('until');
  return hold(run, {
    reason: getInput('reason', { required: true }),
    ...(only && { version: version(only) }),
    ...(until && { until: Temporal.PlainDate.from(until) }),
  });
});
