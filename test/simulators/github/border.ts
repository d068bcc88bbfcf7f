import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, Faults } from './faults.ts';

export interface RequestLine {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** What was answered; 0 when no answer went out. */
  status: number;
}

/** Called at the border; one that throws has the connection reset. */
export type Hook = (request: { method: string; path: string }) => void | Promise<void>;

/** An answer as it goes out. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

type Answer = (request: IncomingMessage, body: Buffer) => Reply | Promise<Reply>;

/** A server on loopback whose calls can go wrong in every way a network knows. */
export class Border {
  readonly requests: RequestLine[] = [];
  readonly faults = new Faults();
  /** Called when a request has arrived, before anything is done. */
  onRequest: Hook | undefined;
  /** Called when a request was answered, or would have been. */
  onAnswered: Hook | undefined;
  readonly #answer: Answer;
  readonly #server: Server;

  constructor(answer: Answer) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Listens on a free port; gives the address. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const line: RequestLine = { method, path, status: 0 };
    this.requests.push(line);
    response.on('error', () => undefined);
    const fault = this.faults.take(method, path);
    if (fault?.kind === 'refuse') return void request.socket.destroy();
    try {
      const body = await received(request);
      await this.onRequest?.({ method, path });
      line.status = await this.#reply(request, response, body, fault);
      await this.onAnswered?.({ method, path });
    } catch {
      // A hook has ended the client, or the client went away while it was asking.
      reset(response);
    }
  }

  /** Does what was asked, as far as the fault lets it; gives the status that went out, or 0. */
  async #reply(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    fault: Fault | undefined,
  ): Promise<number> {
    switch (fault?.kind) {
      case 'hang':
        return 0;
      case 'reset':
        reset(response);
        return 0;
      case 'status':
        return send(response, faulty(fault, 500));
    }
    const reply = await this.#answer(request, body);
    switch (fault?.kind) {
      case 'reset-after':
        reset(response);
        return 0;
      case 'status-after':
        return send(response, faulty(fault, 502));
      case 'truncate':
        return truncate(response, { ...reply, headers: { ...reply.headers, ...fault.headers } });
      default:
        return send(response, reply);
    }
  }
}

function faulty(fault: Fault, status: number): Reply {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...fault.headers };
  const body = fault.body ?? { message: 'Server Error' };
  return { status: fault.status ?? status, headers, body: JSON.stringify(body) };
}

function send(response: ServerResponse, { status, headers, body }: Reply): number {
  if (status === 204) response.writeHead(204).end();
  else
    response
      .writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
      .end(body);
  return status;
}

/** Ends the connection the hard way: the client sees ECONNRESET. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Promises the whole body, sends half of it and ends. */
function truncate(response: ServerResponse, { status, headers, body }: Reply): number {
  const whole = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(Math.max(whole.length, 2)) });
  response.write(whole.subarray(0, Math.max(1, Math.floor(whole.length / 2))), () =>
    response.socket?.end(),
  );
  return status;
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
