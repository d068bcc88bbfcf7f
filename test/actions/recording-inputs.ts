/**
 * Loaded before an action (`node --import`): writes the name of each input that it reads to the file
 * in INPUTS_READ, a line each, as the runner spells it.
 */
import { appendFileSync } from 'node:fs';

const file = process.env['INPUTS_READ'];
if (!file) throw new Error('INPUTS_READ must name a file');

process.env = new Proxy(process.env, {
  get(env, name, receiver) {
    if (typeof name === 'string' && name.startsWith('INPUT_'))
      appendFileSync(file, `${name.slice('INPUT_'.length).toLowerCase()}\n`);
    return Reflect.get(env, name, receiver);
  },
});
