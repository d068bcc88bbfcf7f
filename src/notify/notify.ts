import type { Audience, Message } from './message.ts';
import { type Delivery, post } from './post.ts';
import { slackBlocks } from './slack.ts';
import { teamsCard } from './teams.ts';

export type { Audience, Message, MessageRow } from './message.ts';
export { slackBlocks } from './slack.ts';
export { teamsCard } from './teams.ts';

/** Where an audience reads. */
export interface Channel {
  readonly audience: Audience;
  readonly kind: 'teams' | 'slack';
  /** A secret: whoever has it can write to the channel. Never shown. */
  readonly url: string;
}

/** A message that did not arrive: in words, without the channel's address. */
export interface TellFailure {
  readonly audience: Audience;
  readonly heading: string;
  /** "the admins' Teams channel did not take the message: 404 …". */
  readonly message: string;
}

const forms = { teams: teamsCard, slack: slackBlocks };
const names = { teams: 'Teams', slack: 'Slack' };

/**
 * Sends each message to every channel of its audience, one after the other. It never throws: a
 * channel that is down must not stop a fleet from being patched. What did not arrive is in the
 * answer, to be told where the run is told.
 */
export async function tell(
  messages: readonly Message[],
  channels: readonly Channel[],
  delivery: Delivery = {},
): Promise<readonly TellFailure[]> {
  const failures: TellFailure[] = [];
  for (const message of messages) {
    for (const { audience, kind, url } of channels) {
      if (audience !== message.audience) continue;
      const whose = `the ${names[kind]} channel of ${audience === 'everyone' ? 'everyone' : `the ${audience}`}`;
      let problem: string | undefined;
      try {
        problem = await post(url, forms[kind](message), whose, delivery);
      } catch {
        // Whatever it is, its text may hold the address.
        problem = 'the message could not be written';
      }
      if (problem === undefined) continue;
      failures.push({
        audience,
        heading: message.heading,
        message: `${whose} did not take "${message.heading}": ${problem}`,
      });
    }
  }
  return failures;
}
