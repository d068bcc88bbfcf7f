import { greet } from '../../jamf/jamf.ts';
import { settingsSchema } from '../../recipes/schema.ts';
import { soakSchema, windowSchema } from '../../recipes/values.ts';
import { nearest } from '../../text/nearest.ts';
import { jamfAddress } from './address.ts';
import { type Answers, audiences, type ChannelKind, type Known } from './answers.ts';
import type { Prompter } from './prompter.ts';

/** A title of the catalog, for a choice. */
export interface Choice {
  readonly slug: string;
  readonly name: string;
}

/** Asks what is not known yet, each with the answer that most people give. */
export async function askAll(prompter: Prompter, known: Known, usual: Known): Promise<Answers> {
  const jamfUrl =
    known.jamfUrl ??
    (await prompter.ask(
      'Address of Jamf Pro (https://acme.jamfcloud.com)',
      readJamf,
      usual.jamfUrl,
    ));
  const repository =
    known.repository ??
    (await prompter.ask(
      'This repository on GitHub (owner/name)',
      readRepository,
      usual.repository,
    ));
  const timeZone =
    known.timeZone ??
    (await prompter.ask('Time zone of the people who are on call', readTimeZone, usual.timeZone));
  const soak =
    known.soak ??
    (await prompter.ask(
      'How long a version stays with the testers ("7 days", "5 working days")',
      readSoak,
      usual.soak,
    ));
  const windows =
    known.windows ??
    (await prompter.ask(
      'When a version may reach the whole fleet, so that help is at hand ("always" for at any time)',
      readWindows,
      usual.windows?.join(', ') || 'always',
    ));
  const channels: { [audience in (typeof audiences)[number]]?: ChannelKind } = {};
  for (const audience of audiences)
    channels[audience] =
      known.channels?.[audience] ??
      (await prompter.ask(
        `Where ${whose[audience]} read messages (teams, slack, none)`,
        readChannel,
        usual.channels?.[audience],
      ));
  return {
    jamfUrl,
    repository,
    timeZone,
    soak,
    windows,
    channels: channels as Answers['channels'],
    ...(known.titles && { titles: known.titles }),
  };
}

const whose = {
  admins: 'the admins',
  testers: 'the testers',
  everyone: 'all others (what the fleet has got)',
} as const;

/** Asks which titles stay; what Jamf Pro was seen to have is what an empty answer means. */
export async function askTitles(
  prompter: Prompter,
  titles: readonly Choice[],
  seen: { readonly there: readonly string[] } | undefined,
): Promise<readonly string[]> {
  prompter.say(
    '\nThe catalog has these applications. One that Jamf Pro does not have yet fails in each run:',
  );
  for (const { slug, name } of titles) prompter.say(`  ${slug.padEnd(20)} ${name}`);
  return prompter.ask(
    'Which does your fleet have? (short names, by comma; the files of the others are deleted; "all" keeps all)',
    readTitles(titles),
    seen && seen.there.length > 0 ? seen.there.join(', ') : 'all',
  );
}

/* The readers below make something of an answer, whether it came by flag or from a person. */

export async function readJamf(text: string): Promise<string> {
  const address = jamfAddress(text);
  if (!address) throw new Error('write an address such as https://acme.jamfcloud.com');
  const greeting = await greet(address);
  if (greeting.answers !== 'jamf')
    throw new Error(
      `no Jamf Pro answers at ${address}: ${greeting.reason}. Write the address that the browser shows, without what follows the name`,
    );
  return address;
}

export function readRepository(text: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(text)) throw new Error('write it as owner/name');
  return text;
}

export function readTimeZone(text: string): string {
  const read = settingsSchema.shape['time-zone'].safeParse(text);
  if (!read.success) throw new Error(`"${text}": ${read.error.issues[0]?.message}`);
  return read.data;
}

export function readSoak(text: string): string {
  const read = soakSchema.safeParse(text);
  if (!read.success) throw new Error(read.error.issues[0]?.message);
  const { days, kind } = read.data;
  return days === 0 ? '0' : `${days} ${kind}`;
}

export function readWindows(text: string): readonly string[] {
  if (text === 'always') return [];
  const windows = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  for (const window of windows) {
    const read = windowSchema.safeParse(window);
    if (!read.success) throw new Error(read.error.issues[0]?.message);
  }
  return windows;
}

export function readChannel(text: string): ChannelKind {
  if (text === 'teams' || text === 'slack' || text === 'none') return text;
  throw new Error('write teams, slack or none');
}

export function readTitles(titles: readonly Choice[]) {
  return (text: string): readonly string[] => {
    if (text === 'all') return titles.map(({ slug }) => slug);
    const wanted = text.split(/[\s,]+/).filter(Boolean);
    const unknown = wanted.filter((one) => !titles.some(({ slug }) => slug === one));
    if (unknown.length > 0) {
      const known = titles.map(({ slug }) => slug);
      const hints = unknown.map((one) => {
        const near = nearest(one, known);
        return near ? `${one} (did you mean ${near}?)` : one;
      });
      throw new Error(
        `there is no ${hints.join(', ')} in recipes/titles/: the titles are ${known.join(', ') || '(none)'}`,
      );
    }
    return wanted;
  };
}
