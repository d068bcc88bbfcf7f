import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was asked of the vendor's server. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** How many bytes of the body were sent. */
  readonly sent: number;
  readonly ifNoneMatch?: string;
}

/** A vendor's web server, on loopback. */
export interface Vendor {
  readonly url: string;
  readonly asked: Asked[];
  /** Offers a file, with ETag and Last-Modified; or without, as some servers do. */
  offer(path: string, content: string | Buffer, options?: OfferOptions): void;
  /** Answers with this status instead. */
  refuse(path: string, status: number): void;
  /** Takes the connection and never answers. */
  hang(path: string): void;
  /** How many connections are open. */
  open(): Promise<number>;
  close(): Promise<void>;
}

export interface OfferOptions {
  readonly headers?: 'etag and date' | 'none';
  /** How long the answer takes to begin, in milliseconds. */
  readonly delay?: number;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => number;

export async function startVendor(): Promise<Vendor> {
  const answers = new Map<string, { readonly delay: number; readonly answer: Answer }>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const found = answers.get(path);
    setTimeout(() => {
      const sent = found ? found.answer(request, response) : refuse(response, 404);
      const etag = request.headers['if-none-match'];
      asked.push({
        method: request.method ?? '',
        path,
        status: response.statusCode,
        sent,
        ...(etag !== undefined && { ifNoneMatch: etag }),
      });
    }, found?.delay ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    offer(path, content, { headers = 'etag and date', delay = 0 } = {}) {
      const body = Buffer.from(content);
      const described: Record<string, string> =
        headers === 'none'
          ? {}
          : {
              ETag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`,
              'Last-Modified': 'Mon, 07 Sep 2026 04:00:00 GMT',
            };
      answers.set(path, {
        delay,
        answer(request, response) {
          const unchanged =
            described['ETag'] !== undefined &&
            request.headers['if-none-match'] === described['ETag'];
          response.writeHead(unchanged ? 304 : 200, {
            ...described,
            ...(!unchanged && { 'Content-Length': body.length }),
          });
          response.end(unchanged ? undefined : body);
          return unchanged ? 0 : body.length;
        },
      });
    },
    refuse(path, status) {
      answers.set(path, { delay: 0, answer: (_request, response) => refuse(response, status) });
    },
    hang(path) {
      answers.set(path, { delay: 0, answer: () => 0 });
    },
    open: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, status: number): number {
  response.writeHead(status);
  response.end();
  return 0;
}
