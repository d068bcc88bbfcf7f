import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { type Fault, Faults, hasEffect, reset, truncate } from './github/faults.ts';

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
  readonly requests: readonly { method: string; path: string; status: number }[];
  /** How many messages were accepted. */
  readonly writes: number;
  resetCounts(): void;
  readonly faults: Faults;
  /** Called before a request is looked at, and when it was answered; one that throws resets it. */
  onRequest: ((request: { method: string; path: string }) => void | Promise<void>) | undefined;
  onAnswered: ((request: { method: string; path: string }) => void | Promise<void>) | undefined;
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

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Catches what is sent to webhooks, and answers as Teams' and Slack's do. */
export async function startWebhooks(
  options: { clock?: () => Date; status?: number } = {},
): Promise<WebhookCatcher> {
  const catcher = new Catcher(options.clock ?? (() => new Date()), options.status ?? 202);
  await catcher.listen();
  return catcher;
}

class Catcher implements WebhookCatcher {
  readonly messages: Message[] = [];
  readonly refused: { channel: string; why: string }[] = [];
  readonly requests: { method: string; path: string; status: number }[] = [];
  readonly faults = new Faults();
  writes = 0;
  onRequest: WebhookCatcher['onRequest'];
  onAnswered: WebhookCatcher['onAnswered'];
  readonly #clock: () => Date;
  readonly #accepted: number;
  readonly #server: Server;
  #base = '';

  constructor(clock: () => Date, accepted: number) {
    this.#clock = clock;
    this.#accepted = accepted;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(channel: string): string {
    const path = channel.split('/').map(encodeURIComponent).join('/');
    // A webhook's address is its own secret: the signature is what lets one in.
    return channel.startsWith('slack/')
      ? `${this.#base}/${path}`
      : `${this.#base}/workflows/${path}/triggers/manual/paths/invoke?api-version=1&sig=secret`;
  }

  resetCounts(): void {
    this.requests.length = 0;
    this.writes = 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const line = { method, path, status: 0 };
    this.requests.push(line);
    response.on('error', () => undefined);
    const fault = this.faults.take(method, path);
    if (fault?.kind === 'refuse') return void request.socket.destroy();
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      await this.onRequest?.({ method, path });
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset') return reset(response);
      const answer = hasEffect(fault) ? this.#answer(request, Buffer.concat(chunks)) : undefined;
      if (fault?.kind === 'reset-after') reset(response);
      else line.status = send(response, answer, fault);
      await this.onAnswered?.({ method, path });
    } catch {
      // The hook has ended the client, or the client went away while it was sending.
      reset(response);
    }
  }

  #answer(request: IncomingMessage, body: Buffer): Answer {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#base);
    const slack = pathname.startsWith('/slack/');
    const named = /^\/workflows\/(.+)\/triggers\/manual\/paths\/invoke$/.exec(pathname)?.[1];
    const channel = decodeURIComponent(slack ? pathname.slice(1) : (named ?? ''));
    const refuse = (status: number, why: string, said: string): Answer => {
      this.refused.push({ channel: channel || pathname, why });
      return { status, type: slack ? 'text/plain' : 'application/json', body: said };
    };
    const teamsError = (code: string, message: string) =>
      JSON.stringify({ error: { code, message } });
    if (!channel) return refuse(404, 'no such webhook', teamsError('NotFound', 'Not found.'));
    if (request.method !== 'POST') return refuse(405, `${request.method} is not POST`, '');
    if (!slack && searchParams.get('sig') !== 'secret') {
      const message = 'You do not have permissions to perform action.';
      return refuse(
        401,
        'the signature is missing',
        teamsError('DirectApiAuthorizationRequired', message),
      );
    }
    if (!request.headers['content-type']?.startsWith('application/json'))
      return refuse(400, 'the content type is not JSON', slack ? 'invalid_payload' : '');
    if (!slack && body.length > most) {
      const message = `The message is ${body.length} bytes long, ${most} are allowed.`;
      return refuse(400, message, teamsError('RequestTooLarge', message));
    }
    const parsed = parse(slack ? slackMessage : teamsMessage, body);
    if (parsed.why !== undefined)
      return refuse(
        400,
        parsed.why,
        slack ? 'invalid_payload' : teamsError('TriggerInputSchemaMismatch', parsed.why),
      );
    this.messages.push({ channel, body: parsed.json, at: this.#clock() });
    this.writes += 1;
    return slack
      ? { status: 200, type: 'text/html', body: 'ok' }
      : { status: this.#accepted, type: 'text/plain', body: '' };
  }
}

/** The JSON of a body, or why it is not the message it must be. */
function parse(schema: z.ZodType, body: Buffer): { json: unknown; why?: string } {
  let json: unknown;
  try {
    json = JSON.parse(body.toString());
  } catch (error) {
    return { json, why: `the body is no JSON: ${error instanceof Error ? error.message : error}` };
  }
  const { error } = schema.safeParse(json);
  return error ? { json, why: z.prettifyError(error) } : { json };
}

function send(response: ServerResponse, answer: Answer | undefined, fault?: Fault): number {
  const overruled = fault && fault.kind !== 'truncate';
  const status = overruled ? (fault.status ?? 500) : (answer?.status ?? 500);
  const headers = { 'content-type': answer?.type ?? 'text/plain', ...fault?.headers };
  const body = Buffer.from(overruled ? String(fault.body ?? '') : (answer?.body ?? ''));
  if (fault?.kind === 'truncate') truncate(response, status, headers, body);
  else response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  return status;
}
