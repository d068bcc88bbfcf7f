import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { Border, type Hook, type Reply, type RequestLine } from './github/border.ts';
import type { Faults } from './github/faults.ts';

/** A message that has arrived. */
export interface Message {
  /** The name that `url` was asked for. */
  readonly channel: string;
  readonly body: unknown;
  readonly at: Date;
}

export interface WebhookCatcher {
  /** A webhook's address; a channel that begins with "slack/" takes Slack's messages. */
  url(channel: string): string;
  /** What was accepted, in order. */
  readonly messages: readonly Message[];
  /** What was refused, and why: a test ends with this empty. */
  readonly refused: readonly { channel: string; why: string }[];
  readonly requests: readonly RequestLine[];
  /** How many messages were accepted. */
  readonly writes: number;
  resetCounts(): void;
  readonly faults: Faults;
  /** Called before a request is looked at. One that throws resets the connection. */
  onRequest: Hook | undefined;
  /** Called when a request was answered. */
  onAnswered: Hook | undefined;
  close(): Promise<void>;
}

/** Teams takes a message of 28 KB at most, the card and all around it. */
const most = 28 * 1024;

/**
 * What a Workflows webhook ("When a Teams webhook request is received") posts as a card.
 * https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
 */
const teamsMessage = z.object({
  type: z.literal('message'),
  attachments: z
    .array(
      z.object({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null().optional(),
        content: z.looseObject({
          type: z.literal('AdaptiveCard'),
          version: z.string().regex(/^1\.[0-5]$/, 'is no version that Teams shows'),
          body: z.array(z.looseObject({ type: z.string() })).min(1),
        }),
      }),
    )
    .min(1),
});

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const slackMessage = z
  .looseObject({
    text: z.string().min(1).optional(),
    blocks: z
      .array(z.looseObject({ type: z.string() }))
      .max(50)
      .optional(),
  })
  .refine(({ text, blocks }) => text !== undefined || blocks !== undefined, 'has no text');

/** Catches what is sent to webhooks, and answers as Teams' and Slack's do. */
export async function startWebhooks(
  options: { clock?: () => Date; status?: number } = {},
): Promise<WebhookCatcher> {
  const { clock = () => new Date(), status = 202 } = options;
  const messages: Message[] = [];
  const refused: { channel: string; why: string }[] = [];
  let writes = 0;
  let base = '';

  const border = new Border((request, body) => {
    const { channel, slack, problem } = addressed(request, base);
    const given = problem ?? checked(request, body, slack);
    if ('why' in given) {
      refused.push({ channel, why: given.why });
      return slack ? slackRefusal(given) : teamsRefusal(given);
    }
    messages.push({ channel, body: given.json, at: clock() });
    writes += 1;
    return slack ? text(200, 'ok') : text(status, '');
  });
  base = await border.listen();

  return {
    url(channel) {
      const path = channel.split('/').map(encodeURIComponent).join('/');
      // A webhook's address is its own secret: the signature is what lets one in.
      return channel.startsWith('slack/')
        ? `${base}/${path}`
        : `${base}/workflows/${path}/triggers/manual/paths/invoke?api-version=1&sig=secret`;
    },
    messages,
    refused,
    requests: border.requests,
    get writes() {
      return writes;
    },
    resetCounts() {
      border.requests.length = 0;
      writes = 0;
    },
    faults: border.faults,
    get onRequest() {
      return border.onRequest;
    },
    set onRequest(hook) {
      border.onRequest = hook;
    },
    get onAnswered() {
      return border.onAnswered;
    },
    set onAnswered(hook) {
      border.onAnswered = hook;
    },
    close: () => border.close(),
  };
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly why: string;
}

/** Whose webhook a request is for. */
function addressed(request: IncomingMessage, base: string) {
  const { pathname, searchParams } = new URL(request.url ?? '/', base);
  const slack = pathname.startsWith('/slack/');
  const named = /^\/workflows\/(.+)\/triggers\/manual\/paths\/invoke$/.exec(pathname)?.[1];
  const channel = decodeURIComponent(slack ? pathname.slice(1) : (named ?? pathname));
  const unsigned = !slack && searchParams.get('sig') !== 'secret';
  let problem: Problem | undefined;
  if (!slack && named === undefined)
    problem = { status: 404, code: 'NotFound', why: 'there is no such webhook' };
  else if (unsigned)
    problem = {
      status: 401,
      code: 'DirectApiAuthorizationRequired',
      why: 'the signature is missing',
    };
  else if (request.method !== 'POST')
    problem = { status: 405, code: 'MethodNotAllowed', why: `${request.method} is not POST` };
  return { channel, slack, problem };
}

/** The message in a body, or why it is none. */
function checked(
  request: IncomingMessage,
  body: Buffer,
  slack: boolean,
): { json: unknown } | Problem {
  const bad = (why: string): Problem => ({ status: 400, code: 'InvalidRequestContent', why });
  if (!request.headers['content-type']?.startsWith('application/json'))
    return bad('the content type is not JSON');
  if (!slack && body.length > most)
    return bad(`the message has ${body.length} bytes, ${most} are allowed`);
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch (error) {
    return bad(`the body is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const { error } = (slack ? slackMessage : teamsMessage).safeParse(json);
  return error ? bad(z.prettifyError(error)) : { json };
}

const text = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

const slackRefusal = ({ status }: Problem) =>
  text(status, status === 400 ? 'invalid_payload' : 'no_service');

const teamsRefusal = ({ status, code, why: message }: Problem): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ error: { code, message } }),
});
