import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ApiRefusal, ClassicRefusal } from './errors.ts';
import { type Fault, Faults } from './faults.ts';

export interface RequestLine {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  /** What was answered; 0 when no answer went out. */
  status: number;
  /** Which node of the cluster looked at it; -1 when none did. */
  node: number;
}

/** What a server proves itself with, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Called at the border; one that throws has the connection reset. */
export type Hook = (request: { method: string; path: string }) => void | Promise<void>;

/** An answer as it goes out. */
export interface Reply {
  readonly status: number;
  readonly node: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who answers: the whole body is there already, unless the end point reads it as it comes in. */
export interface Inside {
  streams(request: IncomingMessage): boolean;
  answer(request: IncomingMessage, body: Buffer): Promise<Reply>;
}

/** A server on loopback whose calls can go wrong in every way a network knows. */
export class Border {
  readonly requests: RequestLine[] = [];
  readonly faults = new Faults();
  /** Called when a request has arrived, before anything is done (an upload: before it is read). */
  onRequest: Hook | undefined;
  /** Called when a request was answered, or would have been. */
  onAnswered: Hook | undefined;
  readonly #inside: Inside;
  readonly #server: Server;

  readonly #scheme: 'http' | 'https';

  /** @param certificate with one it speaks TLS, as clients want who know of nothing else */
  constructor(inside: Inside, certificate?: Certificate) {
    this.#inside = inside;
    this.#scheme = certificate ? 'https' : 'http';
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#serve(request, response);
    this.#server = certificate ? createSecureServer(certificate, serve) : createServer(serve);
  }

  /** Listens on loopback; gives the address. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    const [bare = '/', query = ''] = path.split(/\?(.*)/s);
    const line: RequestLine = { method, path: bare, query, status: 0, node: -1 };
    this.requests.push(line);
    response.on('error', () => undefined);
    const fault = this.faults.take(method, path);
    if (fault?.kind === 'refuse') return void request.socket.destroy();
    try {
      const body = this.#inside.streams(request) ? Buffer.alloc(0) : await received(request);
      await this.onRequest?.({ method, path });
      await this.#reply(request, response, body, fault, line);
      await this.onAnswered?.({ method, path });
    } catch {
      // A hook has ended the client, or the client went away while it was asking.
      reset(response);
    }
  }

  /** Does what was asked, as far as the fault lets it. */
  async #reply(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    fault: Fault | undefined,
    line: RequestLine,
  ): Promise<void> {
    switch (fault?.kind) {
      case 'timeout':
        return;
      case 'reset':
        return reset(response);
      case 'status':
        return send(response, refusal(fault, line.path, 500), line);
      case 'html':
        return send(response, startupPage(fault), line);
    }
    const reply = await this.#inside.answer(request, body);
    line.node = reply.node;
    switch (fault?.kind) {
      case 'reset-after':
        return reset(response);
      case 'status-after':
        return send(response, refusal(fault, line.path, 502), line);
      case 'truncate':
        return truncate(response, reply, line);
      default:
        return send(response, reply, line);
    }
  }
}

function refusal(fault: Fault, path: string, usual: number): Reply {
  const status = fault.status ?? usual;
  const classic = path.startsWith('/JSSResource');
  const type = classic ? 'text/html;charset=UTF-8' : 'application/json';
  const body = classic
    ? new ClassicRefusal(status).html
    : JSON.stringify(new ApiRefusal(status, 'FAULT', 'Made to fail').body);
  return { status, node: -1, headers: { 'content-type': type, ...retryAfter(fault) }, body };
}

function startupPage(fault: Fault): Reply {
  const headers = { 'content-type': 'text/html;charset=UTF-8', ...retryAfter(fault) };
  const body = '<!DOCTYPE html><html><head><title>Jamf Pro is starting</title></head></html>\n';
  return { status: fault.status ?? 503, node: -1, headers, body };
}

const retryAfter = ({ retryAfter: value }: Fault): Record<string, string> =>
  value === undefined ? {} : { 'retry-after': String(value) };

function send(response: ServerResponse, { status, headers, body }: Reply, line: RequestLine): void {
  line.status = status;
  if (status === 204) response.writeHead(204, headers).end();
  else
    response
      .writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
      .end(body);
}

/** Ends the connection the hard way: the client sees ECONNRESET. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Promises the whole body, sends half of it and ends. */
function truncate(response: ServerResponse, reply: Reply, line: RequestLine): void {
  line.status = reply.status;
  const whole = Buffer.from(reply.body);
  const length = String(Math.max(whole.length, 2));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': length });
  response.write(whole.subarray(0, Math.max(1, Math.floor(whole.length / 2))), () =>
    response.socket?.end(),
  );
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
