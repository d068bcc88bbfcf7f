import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, 'jamf', 'main.ts');

const start = (...args: string[]) =>
  spawn(process.execPath, [main, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

it('the simulated Jamf Pro starts alone, says how to try it, tells each request, and ends', async () => {
  const process = start('--titles', '500');
  const lines: string[] = [];
  const told = createInterface(process.stdout);
  const line = (wanted: string) =>
    new Promise<string>((resolve) => {
      const look = (one: string) => one.includes(wanted) && resolve(one);
      for (const one of lines) look(one);
      told.on('line', look);
    });
  told.on('line', (one) => lines.push(one));
  try {
    await line('control-C');
    const after = (name: string) =>
      lines
        .find((one) => one.includes(name))
        ?.split(/ {2,}|on /)
        .at(-1) ?? '';
    const url = after('listens on');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: after('client id'),
      client_secret: after('client secret'),
    });
    const token = await fetch(`${url}/api/v1/oauth/token`, { method: 'POST', body });
    const { access_token } = (await token.json()) as { access_token: string };
    const titles = await fetch(`${url}/api/v3/patch-software-title-configurations`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await titles.json()).toHaveLength(500);
    await line('GET /api/v3/patch-software-title-configurations 200');
  } finally {
    process.kill('SIGTERM');
  }
  expect(await once(process, 'exit')).toEqual([0, null]);
});

it('a number that is none is told, with how it is used', async () => {
  const process = start('--titles', 'many');
  let text = '';
  process.stderr.on('data', (chunk) => {
    text += chunk;
  });
  expect(await once(process, 'close')).toEqual([2, null]);
  expect(text).toContain('--titles takes a number, not "many"');
  expect(text).toContain('Usage: npm run jamf-simulator');
});
