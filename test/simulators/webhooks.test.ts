import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWebhooks, type WebhookCatcher } from './webhooks.ts';

const today = new Date('2026-11-23T05:00:00Z');
let catcher: WebhookCatcher;

beforeEach(async () => {
  catcher = await startWebhooks({ clock: () => today });
});

afterEach(() => catcher.close());

function post(channel: string, body: unknown, type = 'application/json') {
  return fetch(catcher.url(channel), {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const card = (text: string, version = '1.4') => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: { type: 'AdaptiveCard', version, body: [{ type: 'TextBlock', text }] },
    },
  ],
});

describe('a Teams webhook', () => {
  it('answers 202 with nothing to an adaptive card, and keeps it by channel', async () => {
    const answer = await post('admins', card('Chrome 127 is in test'));
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    await post('testers', card('Please test'));
    expect(catcher.messages).toEqual([
      { channel: 'admins', body: card('Chrome 127 is in test'), at: today },
      { channel: 'testers', body: card('Please test'), at: today },
    ]);
    expect(catcher.writes).toBe(2);
    expect(catcher.refused).toEqual([]);
  });

  it.each([
    ['no JSON', '{"type":'],
    ['the old message card', { '@type': 'MessageCard', text: 'x' }],
    ['a bare card', card('x').attachments[0]?.content],
    ['no attachment', { ...card('x'), attachments: [] }],
    ['a version that Teams does not show', card('x', '1.7')],
    ['more than 28 KB', card('x'.repeat(28 * 1024))],
  ])('answers 400 to %s, and says why in `refused`', async (_, body) => {
    expect((await post('admins', body)).status).toBe(400);
    expect(catcher.messages).toEqual([]);
    expect(catcher.refused).toMatchObject([{ channel: 'admins', why: expect.stringMatching(/./) }]);
    expect(catcher.writes).toBe(0);
  });

  it('counts bytes, not letters, up to the last that is allowed', async () => {
    const room = 28 * 1024 - Buffer.byteLength(JSON.stringify(card('')));
    expect((await post('admins', card('x'.repeat(room)))).status).toBe(202);
    expect((await post('admins', card('x'.repeat(room - 1).concat('é')))).status).toBe(400);
  });

  it('lets nobody in without the signature, nor at another address', async () => {
    const url = new URL(catcher.url('admins'));
    url.searchParams.delete('sig');
    const unsigned = await fetch(url, { method: 'POST', body: '{}' });
    const nowhere = await fetch(new URL('/nowhere', url), { method: 'POST', body: '{}' });
    const get = await fetch(catcher.url('admins'));
    expect([unsigned.status, nowhere.status, get.status]).toEqual([401, 404, 405]);
  });

  it('answers what it was told to accept with', async () => {
    const other = await startWebhooks({ status: 200 });
    const answer = await fetch(other.url('admins'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(card('x')),
    });
    await other.close();
    expect(answer.status).toBe(200);
  });
});

describe('a Slack webhook', () => {
  it('answers "ok" to text or blocks, and "invalid_payload" to anything else', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Chrome*' } }];
    for (const body of [{ text: 'Chrome 127' }, { blocks }]) {
      const answer = await post('slack/admins', body);
      expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    }
    for (const body of [
      card('x'),
      { text: '' },
      'payload=x',
      { blocks: Array(51).fill(blocks[0]) },
    ]) {
      const answer = await post('slack/admins', body);
      expect([answer.status, await answer.text()]).toEqual([400, 'invalid_payload']);
    }
    expect(catcher.messages.map(({ channel }) => channel)).toEqual([
      'slack/admins',
      'slack/admins',
    ]);
    expect(catcher.refused).toHaveLength(4);
  });
});

describe('faults', () => {
  it('fail one message before or after it was taken', async () => {
    catcher.faults.next({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    const limited = await post('admins', card('1'));
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    catcher.faults.next({ kind: 'reset' });
    await expect(post('admins', card('2'))).rejects.toThrow();
    expect(catcher.messages).toEqual([]);
    catcher.faults.next({ kind: 'reset-after' });
    await expect(post('admins', card('3'))).rejects.toThrow();
    expect(catcher.messages).toHaveLength(1);
    expect(catcher.requests.map(({ status }) => status)).toEqual([429, 0, 0]);
  });

  it('can befall one channel only', async () => {
    catcher.faults.next({ kind: 'status', path: /testers/ });
    expect((await post('admins', card('1'))).status).toBe(202);
    expect((await post('testers', card('1'))).status).toBe(500);
  });
});
