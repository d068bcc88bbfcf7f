import { getBooleanInput, getInput } from '@actions/core';
import type { Temporal } from 'temporal-polyfill';
import { dateSchema } from './yaml/date.ts';

/** An input that is one of a few words; the first of them when it is left empty. @throws Error when it is another. */
export function oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
  const given = getInput(name);
  if (given === '') return words[0];
  const word = words.find((one) => one === given);
  if (word === undefined)
    throw new Error(`the input "${name}" is "${given}": write ${words.join(' or ')}`);
  return word;
}

/** An input that is a day; undefined when it is left empty. @throws Error when it is no day. */
export function day(name: string): Temporal.PlainDate | undefined {
  const given = getInput(name);
  if (given === '') return undefined;
  const read = dateSchema.safeParse(given);
  if (read.success) return read.data;
  throw new Error(
    `the input "${name}" is "${given}": ${read.error.issues.map(({ message }) => message).join('; ')}`,
  );
}

/** An input that is the number of something on GitHub. @throws Error when it is no number. */
export function numberOf(name: string, what: string): number {
  const given = getInput(name, { required: true });
  if (!/^[1-9]\d{0,15}$/.test(given))
    throw new Error(`the input "${name}" is "${given}": write the number of ${what}`);
  return Number(given);
}

/** A yes or no; an input that the action doesn't have, or that is left empty, is a no. */
export function flag(name: string): boolean {
  return getInput(name) === '' ? false : getBooleanInput(name);
}
