import { createSign } from 'node:crypto';
import { appendFileSync } from 'node:fs';

const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const claims = { iss: env('INPUT_CLIENT-ID'), iat: now - 30, exp: now + 540 };
const unsigned = `${base64({ alg: 'RS256', typ: 'JWT' })}.${base64(claims)}`;
const signature = createSign('RSA-SHA256')
  .update(unsigned)
  .sign(env('INPUT_PRIVATE-KEY'), 'base64url');

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(env('INPUT_GITHUB-API-URL') + path, {
    method,
    headers: { authorization: `Bearer ${unsigned}.${signature}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const permissions = Object.fromEntries(
  Object.entries(process.env)
    .filter(([name, value]) => name.startsWith('INPUT_PERMISSION-') && value)
    .map(([name, value]) => [
      name.slice('INPUT_PERMISSION-'.length).toLowerCase().replaceAll('-', '_'),
      value,
    ]),
);
const [, repository] = env('GITHUB_REPOSITORY').split('/');
const { id } = await ask<{ id: number }>('GET', `/repos/${env('GITHUB_REPOSITORY')}/installation`);
const { token } = await ask<{ token: string }>('POST', `/app/installations/${id}/access_tokens`, {
  repositories: [repository],
  permissions,
});
console.log(`::add-mask::${token}`);
appendFileSync(env('GITHUB_OUTPUT'), `token=${token}\n`);
appendFileSync(env('GITHUB_STATE'), `token=${token}\n`);
