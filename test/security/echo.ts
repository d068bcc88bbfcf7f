import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that refuses every request, and says in its answer all that it was sent. */
export interface Echo {
  readonly url: string;
  requests: number;
  close(): Promise<void>;
}

/** What a careless proxy does: its error page shows the headers and the body of the request. */
export async function startEcho(status = 400): Promise<Echo> {
  const server = createServer(async (request, response) => {
    echo.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = [
      `${request.method} ${request.url}`,
      ...request.rawHeaders,
      Buffer.concat(chunks).toString('utf8').slice(0, 2000),
    ].join('\n');
    const type = echo.requests % 2 === 0 ? 'application/json' : 'text/html';
    response.writeHead(status, said.split('\n')[0]?.replace(/[^ -~]/g, ''), {
      'content-type': type,
    });
    response.end(
      type === 'text/html'
        ? `<html><head><title>${said}</title></head><body><p>Error: ${said}</p></body></html>`
        : JSON.stringify({
            message: said,
            error: said,
            error_description: said,
            errors: [{ code: said, field: said, description: said, message: said }],
          }),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const echo: Echo = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
  return echo;
}
