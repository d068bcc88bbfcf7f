import { createPublicKey, createVerify, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from './errors.ts';
import { needOf, type Permissions } from './permissions.ts';
import { type Answer, type Call, noContent, type Route, route } from './router.ts';
import type { World } from './world.ts';

// https://docs.github.com/rest/apps/apps

/** A GitHub App that is installed in the repository. */
export interface App {
  readonly clientId: string;
  /** PEM, of its private key. */
  readonly publicKey: string;
  /** What its owner has granted it. */
  readonly permissions: Permissions;
}

const installation = 91;

const tokenBody = z.strictObject({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
});

/** Who may ask what: the token that may do all, and those that an App has minted for one job. */
export class Apps {
  readonly routes: readonly Route[];
  /** What each living token may do. */
  readonly tokens = new Map<string, Permissions>();
  readonly #app: App | undefined;
  readonly #token: string;

  constructor(token: string, app?: App) {
    this.#token = token;
    this.#app = app;
    this.routes = [
      route('GET', 'installation', (world) => ({ status: 200, body: this.#installed(world) })),
      route('POST', '/app/installations/{id}/access_tokens', (world, call) =>
        this.#mint(world, call),
      ),
      route('DELETE', '/installation/token', (_, call) => {
        this.tokens.delete(bearer(call.headers.authorization));
        return noContent();
      }),
    ];
  }

  /** A token that may do just this: what a workflow's own token is. */
  grant(permissions: Permissions): string {
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    this.tokens.set(token, permissions);
    return token;
  }

  /** @throws Refusal when whoever asks is unknown, or may not. */
  permit(authorization: string | undefined, method: string, path: string): void {
    if (!authorization) throw new Refusal(401, 'Requires authentication');
    const given = bearer(authorization);
    if (given === this.#token) return;
    if (/^\/app\/|\/installation$/.test(path)) {
      this.#verify(given);
      return;
    }
    const granted = this.tokens.get(given);
    if (!granted) throw new Refusal(401, 'Bad credentials');
    const need = needOf(method, path);
    if (need && !need.any.some((name) => covers(granted[name], need.level)))
      throw new Refusal(403, 'Resource not accessible by integration', {
        needed: `${need.any.join(' or ')}: ${need.level}`,
      });
  }

  /** A JWT, signed by the App's private key, that names it and lives ten minutes at most. */
  #verify(jwt: string): void {
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    const app = this.#app;
    const refuse = () => new Refusal(401, 'A JSON web token could not be decoded');
    if (!app || !claims) throw refuse();
    const verifier = createVerify('RSA-SHA256').update(`${head}.${claims}`);
    if (!verifier.verify(createPublicKey(app.publicKey), signature, 'base64url')) throw refuse();
    const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const now = Date.now() / 1000;
    if (iss !== app.clientId || exp < now || exp - now > 600 || iat > now + 60) throw refuse();
  }

  #installed(world: World) {
    return {
      id: installation,
      app_slug: 'patchbot',
      account: { login: world.owner },
      permissions: this.#app?.permissions ?? {},
      repository_selection: 'selected',
    };
  }

  #mint(world: World, call: Call): Answer {
    if (call.number('id') !== installation) throw new Refusal(404, 'Not Found');
    const { repositories, permissions } = call.read(tokenBody);
    if (repositories?.some((name) => name !== world.repo))
      throw new Refusal(422, 'There is at least one repository that does not exist');
    const granted = this.#app?.permissions ?? {};
    const asked = permissions ?? granted;
    for (const [name, level] of Object.entries(asked))
      if (!covers(granted[name], level))
        throw new Refusal(422, 'The permissions requested are not granted to this installation.', {
          asked: `${name}: ${level}`,
        });
    const token = this.grant(asked);
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return {
      status: 201,
      body: { token, expires_at, permissions: asked, repository_selection: 'selected' },
    };
  }
}

function bearer(authorization = ''): string {
  return authorization.replace(/^(bearer|token) /i, '');
}

function covers(granted: 'read' | 'write' | undefined, level: 'read' | 'write'): boolean {
  return granted === 'write' || granted === level;
}
