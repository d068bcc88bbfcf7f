import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type JamfOptions, type JamfSimulator, startJamf } from './server.ts';

/** The simulated Jamf Pro alone, for other people's clients and for trying things by hand. */

const usage = `Usage: npm run jamf-simulator -- [options]

  --port <number>      where to listen on 127.0.0.1 (8443)
  --titles <number>    how many patch titles there are, each with three definitions (10)
  --macs <number>      how many Macs check in each ten seconds, and install what is offered (0)
  --version <version>  of Jamf Pro: below 11.6 there is dbfileupload, below 11.30 no v3 of titles
  --basic-auth         let the classic API take name and password, as it did until 2023
  --cookie <name>      the balancer's: jpro-ingress, APBALANCEID or AWSALB
  --nodes <number>     nodes behind the balancer (1)
  --cert, --key <file> a certificate and its key (PEM): then it speaks TLS
  --quiet              do not tell each request
  --help               this text
`;

const { values: given } = parseArgs({
  options: {
    port: { type: 'string', default: '8443' },
    titles: { type: 'string', default: '10' },
    macs: { type: 'string', default: '0' },
    version: { type: 'string' },
    'basic-auth': { type: 'boolean', default: false },
    cookie: { type: 'string' },
    nodes: { type: 'string', default: '1' },
    cert: { type: 'string' },
    key: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const cookies = ['jpro-ingress', 'APBALANCEID', 'AWSALB'] as const;

function whole(name: 'port' | 'titles' | 'macs' | 'nodes'): number {
  if (!/^\d+$/.test(given[name])) stop(`--${name} takes a number, not "${given[name]}"`);
  return Number(given[name]);
}

function stop(why: string): never {
  process.stderr.write(`${why}\n\n${usage}`);
  process.exit(2);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return stop(`${file} can not be read: ${error instanceof Error ? error.message : error}`);
  }
}

function options(): JamfOptions {
  if (!given.cert !== !given.key) stop('--cert and --key go together');
  const cookie = cookies.find((name) => name === given.cookie);
  if (given.cookie !== undefined && !cookie) stop(`--cookie takes one of ${cookies.join(', ')}`);
  return {
    port: whole('port'),
    nodes: whole('nodes'),
    basicAuth: given['basic-auth'],
    ...(given.version && { version: given.version }),
    ...(cookie && { cookie }),
    ...(given.cert &&
      given.key && { certificate: { cert: read(given.cert), key: read(given.key) } }),
  };
}

function fill(jamf: JamfSimulator, titles: number): void {
  const digits = String(titles).length;
  for (let number = 1; number <= titles; number += 1)
    jamf.addTitle({
      name: `Application ${String(number).padStart(digits, '0')}`,
      category: 'Applications',
      definitions: [1, 2, 3].map((month) => ({
        version: `${month}.0`,
        releaseDate: `2026-0${month}-01 08:00:00`,
      })),
    });
}

function tellRequests(jamf: JamfSimulator): void {
  let [asked, wrong] = [0, 0];
  jamf.onAnswered = () => {
    for (; asked < jamf.requests.length; asked += 1) {
      const { method, path, query, status = 0 } = jamf.requests[asked] ?? {};
      if (status === 0) break;
      process.stdout.write(`${method} ${path}${query && `?${query}`} ${status}\n`);
    }
    for (; wrong < jamf.violations.length; wrong += 1)
      process.stdout.write(`  not as published: ${jamf.violations[wrong]}\n`);
  };
}

function greeting(jamf: JamfSimulator): string {
  const { user, password } = jamf.simulation.options;
  return `A simulated Jamf Pro listens on ${jamf.url}
  client id      ${jamf.clientId}
  client secret  ${jamf.clientSecret}
  user           ${user}
  password       ${password}
  ${jamf.unchecked ?? "every request is checked against Jamf's published schemas"}

Try it:
  token=$(curl -s ${jamf.url}/api/v1/oauth/token -d grant_type=client_credentials \\
    -d client_id=${jamf.clientId} -d client_secret=${jamf.clientSecret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -H "Authorization: Bearer $token" ${jamf.url}/api/v2/patch-policies
  curl -H "Authorization: Bearer $token" ${jamf.url}/JSSResource/patchpolicies/id/1

Press control-C to end it.
`;
}

if (given.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const titles = whole('titles');
const macs = whole('macs');
const jamf = await startJamf(options()).catch((error: Error) => stop(error.message));
fill(jamf, titles);
if (!given.quiet) tellRequests(jamf);
if (macs > 0) setInterval(() => jamf.macsCheckIn(macs), 10_000).unref();
process.stdout.write(greeting(jamf));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void jamf.close().then(() => process.exit(0)));
