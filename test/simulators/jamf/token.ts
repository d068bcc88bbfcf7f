import { randomBytes } from 'node:crypto';
import { ApiRefusal, ClassicRefusal, OAuthRefusal } from './errors.ts';
import type { JamfOptions } from './options.ts';
import { type Answer, type Call, type Route, route } from './router.ts';
import type { Simulation } from './simulation.ts';

/** Who asks, by the token shown. */
export interface Caller {
  readonly name: string;
  readonly kind: 'client' | 'account';
  readonly expires: number;
  /** `undefined`: all. */
  readonly privileges: readonly string[] | undefined;
}

type Settings = Required<Pick<JamfOptions, 'tokenSeconds' | 'clock'>>;

export class Tokens {
  readonly #settings: Settings;
  readonly #given = new Map<string, Caller>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  give(name: string, kind: Caller['kind'], privileges: Caller['privileges']): string {
    const token = `eyJ${randomBytes(24).toString('base64url')}`;
    const expires = this.#settings.clock().getTime() + this.#settings.tokenSeconds * 1000;
    this.#given.set(token, { name, kind, expires, privileges });
    return token;
  }

  who(authorization: string | undefined): Caller | undefined {
    const caller = this.#given.get(bearer(authorization));
    return caller && caller.expires > this.#settings.clock().getTime() ? caller : undefined;
  }

  drop(authorization: string | undefined): void {
    this.#given.delete(bearer(authorization));
  }

  /** Makes every token given so far worthless. */
  dropAll(): void {
    this.#given.clear();
  }
}

const bearer = (authorization = ''): string => /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';

/** Who asks by name and password, where those are taken. */
export function byPassword(
  { user, password, privileges }: Pick<JamfOptions, 'user' | 'password' | 'privileges'>,
  authorization: string | undefined,
): Caller | undefined {
  if (authorization !== basic(user, password)) return undefined;
  return { name: user ?? '', kind: 'account', expires: Number.POSITIVE_INFINITY, privileges };
}

const basic = (user = '', password = ''): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Lets a caller in who has shown a token with all these privileges, and nobody else. */
export function admit(
  caller: Caller | undefined,
  privileges: readonly string[],
  classic: boolean,
): void {
  if (!caller) {
    if (classic) throw new ClassicRefusal(401);
    throw new ApiRefusal(401, 'INVALID_TOKEN', 'Unauthorized');
  }
  const all = caller.privileges;
  if (!all || privileges.every((privilege) => all.includes(privilege))) return;
  if (classic) throw new ClassicRefusal(401);
  throw new ApiRefusal(403, 'INVALID_PRIVILEGE', 'Forbidden');
}

/** Schema: `POST /v1/oauth/token`; the errors are those of RFC 6749, section 5.2. */
function clientToken(jamf: Simulation, call: Call): Answer {
  const form = new URLSearchParams(call.body.toString('utf8'));
  if (!call.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    throw new OAuthRefusal(400, 'invalid_request', 'The body must be form encoded');
  for (const name of ['grant_type', 'client_id', 'client_secret'])
    if (!form.get(name))
      throw new OAuthRefusal(400, 'invalid_request', `OAuth 2.0 Parameter: ${name}`);
  if (form.get('grant_type') !== 'client_credentials')
    throw new OAuthRefusal(400, 'unsupported_grant_type', 'OAuth 2.0 Parameter: grant_type');
  const { clientId, clientSecret, tokenSeconds } = jamf.options;
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
    throw new OAuthRefusal(401, 'invalid_client', 'Client authentication failed');
  const { scope, privileges } = granted(jamf.options, form.get('scope'));
  const json = {
    access_token: jamf.tokens.give(clientId, 'client', privileges),
    scope,
    token_type: 'Bearer',
    expires_in: tokenSeconds,
  };
  return { status: 200, json, headers: { 'cache-control': 'no-store' } };
}

/** All the client's roles, or those of them that it asks for ("api-role:1 api-role:2"). */
function granted(
  { roles, privileges }: Pick<JamfOptions, 'roles' | 'privileges'>,
  asked: string | null,
): { scope: string; privileges: Caller['privileges'] } {
  const own = roles ?? { 'api-role:1': privileges };
  const names = asked ? asked.split(' ') : Object.keys(own);
  const unknown = names.find((name) => !(name in own));
  if (unknown !== undefined)
    throw new OAuthRefusal(400, 'invalid_scope', `OAuth 2.0 Parameter: scope (${unknown})`);
  const all = names.map((name) => own[name]);
  return {
    scope: names.join(' '),
    privileges: all.includes(undefined) ? undefined : all.flatMap((some) => some ?? []),
  };
}

function accountToken(jamf: Simulation, call: Call): Answer {
  const { user, password, privileges } = jamf.options;
  if (call.headers.authorization !== basic(user, password))
    throw new ApiRefusal(401, 'INVALID_CREDENTIALS', 'Unauthorized');
  return { status: 200, json: accountAnswer(jamf, user, privileges) };
}

function accountAnswer(jamf: Simulation, name: string, privileges: Caller['privileges']) {
  const expires = new Date(jamf.now.getTime() + jamf.options.tokenSeconds * 1000).toISOString();
  return { token: jamf.tokens.give(name, 'account', privileges), expires };
}

/** A client's token loses its privileges here, an account's keeps them. */
function keepAlive(jamf: Simulation, call: Call): Answer {
  if (!call.caller) throw new ApiRefusal(401, 'INVALID_TOKEN', 'Unauthorized');
  jamf.tokens.drop(call.headers.authorization);
  const privileges = call.caller.kind === 'client' ? [] : call.caller.privileges;
  return { status: 200, json: accountAnswer(jamf, call.caller.name, privileges) };
}

function invalidate(jamf: Simulation, call: Call): Answer {
  jamf.tokens.drop(call.headers.authorization);
  return { status: 204 };
}

function whoAmI(jamf: Simulation, call: Call): Answer {
  const privileges = call.caller?.privileges ?? ALL_PRIVILEGES;
  const json = {
    account: {
      id: '1',
      username: call.caller?.name ?? jamf.options.clientId,
      realName: '',
      email: '',
      multiSiteAdmin: true,
      accessLevel: 'FullAccess',
      privilegeSet: 'CUSTOM',
      privilegesBySite: { '-1': privileges },
      groupIds: [],
      currentSiteId: '-1',
    },
    accountGroups: [],
    sites: [],
    authenticationType: call.caller?.kind === 'account' ? 'JSS' : 'CLIENT_CREDENTIALS',
  };
  return { status: 200, json };
}

/** Those that a patch tool may have, as Jamf Pro spells them. */
export const ALL_PRIVILEGES: readonly string[] = [
  'Read Categories',
  'Read Packages',
  'Create Packages',
  'Update Packages',
  'Delete Packages',
  'Read Cloud Distribution Point',
  'Read Jamf Cloud Distribution Service Files',
  'Read Patch Management Software Titles',
  'Update Patch Management Software Titles',
  'Read Patch Policies',
  'Update Patch Policies',
  'Read Policies',
  'Update Policies',
  'Read Smart Computer Groups',
  'Read Static Computer Groups',
  'Read Computer PreStage Enrollments',
];

export const tokenRoutes: readonly Route[] = [
  route('POST', '/api/v1/oauth/token', undefined, clientToken, { since: [11, 0] }),
  route('POST', '/api/oauth/token', undefined, clientToken),
  route('POST', '/api/v1/auth/token', undefined, accountToken),
  route('POST', '/api/v1/auth/keep-alive', [], keepAlive),
  route('POST', '/api/v1/auth/invalidate-token', [], invalidate),
  route('GET', '/api/v1/auth', [], whoAmI),
];
