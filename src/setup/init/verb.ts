import { leastPrivileges } from '../../jamf/jamf.ts';
import type { Answers, ChannelKind, Known } from './answers.ts';
import { audiences } from './answers.ts';
import { catalogOf, doInit, hereNow, type InitPlan, planInit, usualAnswers } from './init.ts';
import { lookAtJamf, type Seen } from './look.ts';
import { nextSteps } from './next-steps.ts';
import { openPrompter, type Prompter } from './prompter.ts';
import {
  askAll,
  askTitles,
  type Choice,
  readChannel,
  readJamf,
  readRepository,
  readSoak,
  readTimeZone,
  readTitles,
  readWindows,
} from './questions.ts';
import { originOf } from './repository.ts';

/** What `init` is told by flags. */
export interface InitFlags {
  readonly jamfUrl?: string;
  readonly repository?: string;
  readonly timeZone?: string;
  readonly soak?: string;
  readonly windows?: string;
  readonly channels?: string;
  readonly titles?: string;
  readonly yes?: boolean;
}

/**
 * Sets a repository up: asks what it must know, writes it after asking, and says what is left to do by
 * hand. With `yes` it asks nothing: what the flags leave out stays as it is.
 *
 * @throws Error when something that must be known is not, or makes no sense.
 * @throws NobodyAnswers when the input ends before the questions do.
 */
export async function init(
  folder: string,
  flags: InitFlags,
  {
    input,
    output,
    env,
  }: Pick<NodeJS.Process, 'env'> & {
    readonly input: NodeJS.ReadStream;
    readonly output: NodeJS.WritableStream;
  },
): Promise<void> {
  const titles = await catalogOf(folder);
  const origin = await originOf(folder);
  const known = await knownBy(flags, titles);
  const usual: Known = {
    ...(await usualAnswers(folder)),
    ...(origin && { repository: origin.repository }),
  };
  const prompter = openPrompter(input, output);
  try {
    let answers: Answers;
    if (flags.yes) answers = complete({ ...usual, ...known });
    else {
      prompter.say(
        'PatchBot asks a few questions; Enter takes what is in brackets, and nothing is written before you agree.\n',
      );
      answers = await askAll(prompter, known, { ...usual, timeZone: hereNow() });
      if (!known.titles && titles.length > 0) {
        const seen = await look(prompter, folder, answers.jamfUrl, env);
        answers = { ...answers, titles: await askTitles(prompter, titles, seen) };
      }
    }
    const plan = await planInit(folder, answers);
    const nothing = plan.writes.length === 0 && plan.deletes.length === 0;
    prompter.say(planText(plan));
    if (nothing || flags.yes || (await prompter.confirm('Write this?', true)))
      await doInit(folder, plan);
    else prompter.say('Nothing was written.');
    prompter.say(
      `\nWhat is left to do, numbered as in docs/setup.md:\n\n${nextSteps({ answers, privileges: leastPrivileges(), serverUrl: origin?.serverUrl ?? 'https://github.com' })}`,
    );
  } finally {
    prompter.close();
  }
}

/** With the credentials at hand Jamf Pro itself says which titles it has; they are kept nowhere. */
async function look(
  prompter: Prompter,
  folder: string,
  url: string,
  env: NodeJS.ProcessEnv,
): Promise<Seen | undefined> {
  let clientId = env['JAMF_CLIENT_ID'] ?? '';
  let clientSecret = env['JAMF_CLIENT_SECRET'] ?? '';
  for (;;) {
    if (!clientId || !clientSecret) {
      prompter.say(
        '\nTo look which applications Jamf Pro has, it needs an API client (it is used now, and kept nowhere).',
      );
      clientId = await prompter.ask('Client id (- for later)', (text) => text, '-');
      if (clientId === '-') return undefined;
      clientSecret = await prompter.secret('Client secret (it is not shown)');
    }
    try {
      const seen = await lookAtJamf(folder, { url, clientId, clientSecret });
      prompter.say(`  Jamf Pro has ${seen.there.length} of the titles with their patch policies`);
      for (const { title, lacks } of seen.missing) prompter.say(`  ${title}: ${lacks}`);
      return seen;
    } catch (error) {
      prompter.say(`  ${(error as Error).message}`);
      clientSecret = '';
    }
  }
}

async function knownBy(flags: InitFlags, titles: readonly Choice[]): Promise<Known> {
  return {
    ...(flags.jamfUrl !== undefined && { jamfUrl: await readJamf(flags.jamfUrl) }),
    ...(flags.repository !== undefined && { repository: readRepository(flags.repository) }),
    ...(flags.timeZone !== undefined && { timeZone: readTimeZone(flags.timeZone) }),
    ...(flags.soak !== undefined && { soak: readSoak(flags.soak) }),
    ...(flags.windows !== undefined && { windows: readWindows(flags.windows) }),
    ...(flags.channels !== undefined && { channels: channelsIn(flags.channels) }),
    ...(flags.titles !== undefined && { titles: readTitles(titles)(flags.titles) }),
  };
}

/** "admins=teams,testers=slack": who is not named gets none. */
function channelsIn(text: string): Answers['channels'] {
  const channels: { admins: ChannelKind; testers: ChannelKind; everyone: ChannelKind } = {
    admins: 'none',
    testers: 'none',
    everyone: 'none',
  };
  for (const one of text.split(',').filter(Boolean)) {
    const [name = '', kind = ''] = one.split('=').map((part) => part.trim());
    const audience = audiences.find((known) => known === name);
    if (!audience)
      throw new Error(`--channels: there is no audience "${name}": ${audiences.join(', ')}`);
    channels[audience] = readChannel(kind);
  }
  return channels;
}

function complete(known: Known): Answers {
  const { jamfUrl, repository, timeZone, soak, windows, channels, titles } = known;
  if (!jamfUrl)
    throw new Error(
      'the address of Jamf Pro is missing: add --jamf-url https://acme.jamfcloud.com',
    );
  if (!repository)
    throw new Error(
      'which repository on GitHub this is, is not known: add --repository owner/name',
    );
  if (timeZone === undefined || soak === undefined || !windows || !channels)
    throw new Error(
      'recipes/patchbot.yaml says too little: add --time-zone, --soak, --windows and --channels',
    );
  return { jamfUrl, repository, timeZone, soak, windows, channels, ...(titles && { titles }) };
}

function planText({ changes, writes, deletes }: InitPlan): string {
  if (writes.length === 0 && deletes.length === 0) return '\nThe files say this already.';
  return [
    '',
    ...writes.flatMap(({ path }) => [
      path,
      ...(path === 'recipes/patchbot.yaml'
        ? changes.map(
            ({ key, before, after }) =>
              `    ${key}: ${before ?? '(not set)'} -> ${after ?? '(not set)'}`,
          )
        : ['    its schedules follow the time zone']),
    ]),
    ...(deletes.length > 0 ? ['deleted:', ...deletes.map((path) => `    ${path}`)] : []),
  ].join('\n');
}
