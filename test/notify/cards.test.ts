import { describe, expect, it } from 'vitest';
import { type Message, slackBlocks, teamsCard } from '../../src/notify/notify.ts';

const message: Message = {
  audience: 'testers',
  tone: 'news',
  heading: 'Now in test',
  sections: [
    {
      heading: 'In test',
      rows: [
        { title: 'Google Chrome', version: '127.0', text: 'until 2026-11-30' },
        { title: 'Slack', version: '4.1 (77)', text: 'request', link: 'https://x.example/pull/1' },
      ],
    },
  ],
  link: { text: 'The run', url: 'https://x.example/runs/1' },
};
const many = (rows: number, text = 'failed with a long story to tell'): Message => ({
  ...message,
  sections: ['Failed', 'Look at'].map((heading) => ({
    heading,
    rows: Array.from({ length: rows / 2 }, (_, n) => ({
      title: `Title ${n}`,
      version: '1.0',
      text,
    })),
  })),
});
const evil =
  '[click](https://evil.example) **bold** <https://evil.example|x> <!channel> {{DATE(1)}}';
const malicious: Message = {
  ...message,
  heading: evil,
  sections: [
    { heading: evil, rows: [{ title: evil, version: evil, text: evil, link: 'javascript:x' }] },
  ],
  link: { text: evil, url: 'file:///etc/passwd' },
};

/** Every object in a form, whatever it is in. */
function parts(form: unknown): Record<string, unknown>[] {
  if (Array.isArray(form)) return form.flatMap(parts);
  if (typeof form !== 'object' || form === null) return [];
  const here = { ...form } as Record<string, unknown>;
  return [here, ...Object.values(here).flatMap(parts)];
}
const ofType = (form: unknown, type: string) => parts(form).filter((part) => part.type === type);
const texts = (form: unknown, type: string) => ofType(form, type).map(({ text }) => text);

describe('a Teams card', () => {
  it('comes in the envelope that a Workflows webhook takes', () => {
    expect(teamsCard(message)).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: { type: 'AdaptiveCard', version: '1.4', msteams: { width: 'Full' } },
        },
      ],
    });
  });

  it('says everything that the message says', () => {
    const card = teamsCard(message);
    expect(texts(card, 'TextRun')).toEqual([
      'Now in test',
      'In test',
      'Google Chrome',
      ' 127.0',
      ' – until 2026-11-30',
      'Slack',
      ' 4.1 (77)',
      ' – request',
    ]);
    expect(texts(card, 'TextBlock')).toEqual(['[Open](https://x.example/pull/1)']);
    expect(ofType(card, 'Action.OpenUrl')).toEqual([
      { type: 'Action.OpenUrl', title: 'The run', url: 'https://x.example/runs/1' },
    ]);
  });

  it('lets foreign text be text: only text runs carry it, and they read no Markdown', () => {
    const card = teamsCard(malicious);
    expect(texts(card, 'TextBlock')).toEqual([]);
    expect(ofType(card, 'Action.OpenUrl')).toEqual([]);
    expect(texts(card, 'TextRun')).toContain(evil.replace('{{', '{\u2060{'));
    expect(JSON.stringify(card)).not.toContain('{{');
  });

  it.each([
    ['many rows', many(1000)],
    ['long texts', many(200, 'x'.repeat(5000))],
    ['wide letters', many(200, '💥ü'.repeat(500))],
  ])('stays below 28 KB however it is counted, and says how much it leaves out: %s', (_, large) => {
    const json = JSON.stringify(teamsCard(large));
    expect(Buffer.byteLength(json, 'utf8')).toBeLessThan(28 * 1024);
    expect(Buffer.byteLength(json, 'utf16le')).toBeLessThan(28 * 1024);
    const shown = json.match(/"Title \d+"/g)?.length ?? 0;
    const all = large.sections.reduce((sum, { rows }) => sum + rows.length, 0);
    expect(shown).toBeGreaterThan(5);
    expect(json).toContain(`and ${all - shown} more`);
  });

  it('is one line for a heartbeat', () => {
    const card = teamsCard({
      audience: 'admins',
      tone: 'heartbeat',
      heading: 'Alive',
      sections: [],
    });
    expect(texts(card, 'TextRun')).toEqual(['Alive']);
  });
});

describe('a Slack message', () => {
  it('says everything that the message says', () => {
    expect(slackBlocks(message)).toEqual({
      text: 'Now in test',
      unfurl_links: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Now in test', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            verbatim: true,
            text: [
              '*In test*',
              '*Google Chrome* 127.0 – until 2026-11-30',
              '*Slack* 4.1 (77) – request <https://x.example/pull/1|Open>',
            ].join('\n'),
          },
        },
        {
          type: 'section',
          text: { type: 'mrkdwn', verbatim: true, text: '<https://x.example/runs/1|The run>' },
        },
      ],
    });
  });

  it('calls nobody and links nowhere by foreign text', () => {
    const form = slackBlocks(malicious);
    for (const text of texts(form, 'mrkdwn')) {
      expect(text).not.toMatch(/[<>]/);
      expect(text).not.toContain('**bold**');
    }
  });

  it.each([
    ['many rows', many(2000)],
    ['long texts', many(600, 'x&'.repeat(3000))],
  ])('keeps to what Slack takes: %s', (_, large) => {
    const form = slackBlocks(large);
    expect(parts(form).filter((part) => part.type === 'section').length).toBeLessThanOrEqual(49);
    for (const text of texts(form, 'mrkdwn')) expect(String(text).length).toBeLessThanOrEqual(3000);
    expect(texts(form, 'mrkdwn').some((text) => /^and \d+ more$/.test(String(text)))).toBe(true);
  });
});
