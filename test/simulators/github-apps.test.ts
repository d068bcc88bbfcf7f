import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GitHubSimulator, startGitHub } from './github/server.ts';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { publicKey, privateKey } = pair();

let dir: string;
let github: GitHubSimulator;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbot-apps-'));
  github = await startGitHub({
    dir,
    seed: { 'state/README.md': 'State\n' },
    app: { clientId: 'Iv23', publicKey, permissions: { contents: 'write', issues: 'read' } },
  });
});

afterAll(async () => {
  await github.close();
  await rm(dir, { recursive: true, force: true });
});

function jwt(key = privateKey, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256' })}.${part({ iss: 'Iv23', iat: now, exp: now + 300, ...claims })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

async function ask(token: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(github.url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : undefined };
}

async function minted(permissions: Readonly<Record<string, string>>) {
  const { body } = await ask(jwt(), 'GET', '/repos/acme/patchbot/installation');
  return ask(jwt(), 'POST', `/app/installations/${body.id}/access_tokens`, { permissions });
}

const contents = '/repos/acme/patchbot/contents/state/README.md';

describe('a token that the App has minted', () => {
  it('does what it was minted for, and nothing else', async () => {
    const { body } = await minted({ contents: 'read' });
    expect((await ask(body.token, 'GET', contents)).status).toBe(200);
    expect((await ask(body.token, 'PUT', contents, {})).status).toBe(403);
    expect((await ask(body.token, 'GET', '/repos/acme/patchbot/pulls')).status).toBe(403);
  });

  it('cannot be minted for more than the App was granted', async () => {
    expect((await minted({ issues: 'write' })).status).toBe(422);
    expect((await minted({ deployments: 'read' })).status).toBe(422);
  });

  it('ends when it is revoked', async () => {
    const { body } = await minted({ contents: 'read' });
    expect(github.tokens.get(body.token)).toEqual({ contents: 'read' });
    expect((await ask(body.token, 'DELETE', '/installation/token')).status).toBe(204);
    expect((await ask(body.token, 'GET', contents)).status).toBe(401);
  });

  it.each([
    ['another key', () => jwt(pair().privateKey)],
    ['another App', () => jwt(privateKey, { iss: 'Iv99' })],
    ['a day that has passed', () => jwt(privateKey, { exp: 1_700_000_000 })],
  ])('is not to be had with %s', async (_, made) => {
    expect((await ask(made(), 'GET', '/repos/acme/patchbot/installation')).status).toBe(401);
  });
});
