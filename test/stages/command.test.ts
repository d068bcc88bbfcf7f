import { describe, expect, it } from 'vitest';
import { readCommand } from '../../src/stages/command.ts';

const read = (text: string, titles: readonly string[] = ['google-chrome']) => {
  const command = readCommand(text, titles);
  return command && JSON.parse(JSON.stringify(command));
};

describe('a comment', () => {
  it('holds, with a reason', () => {
    expect(read('/hold no sound')).toEqual({ asks: 'hold', reason: 'no sound' });
    expect(read('  /HOLD  no   sound \r\n\r\nMore of it.')).toEqual({
      asks: 'hold',
      reason: 'no sound',
    });
  });

  it('holds until a day', () => {
    expect(read('/hold until 2026-12-01 vacation')).toEqual({
      asks: 'hold',
      reason: 'vacation',
      until: '2026-12-01',
    });
    expect(read('/hold until the vendor answers')).toEqual({
      asks: 'hold',
      reason: 'until the vendor answers',
    });
  });

  it('releases and expedites', () => {
    expect(read('/release')).toEqual({ asks: 'release' });
    expect(read('/release, please')).toBeUndefined();
    expect(read('/expedite CVE-2026-1')).toEqual({ asks: 'expedite', reason: 'CVE-2026-1' });
  });

  it('means one title of a group when it names it first', () => {
    const titles = ['firefox', 'google-chrome'];
    expect(read('/hold firefox no sound', titles)).toEqual({
      asks: 'hold',
      reason: 'no sound',
      title: 'firefox',
    });
    expect(read('/release Google-Chrome', titles)).toEqual({
      asks: 'release',
      title: 'google-chrome',
    });
    expect(read('/hold everything is broken', titles)).toEqual({
      asks: 'hold',
      reason: 'everything is broken',
    });
  });

  it.each([
    ['/hold', 'Say why'],
    ['/hold firefox', 'Say why'],
    ['/expedite   ', 'Say why'],
    ['/hold until 2026-13-40 x', 'is no day'],
    ['/hold until 2026-12-01', 'Say why'],
    [`/hold ${'x'.repeat(501)}`, '500 characters'],
  ])('that does not say enough is answered: %s', (text, answer) => {
    const command = readCommand(text, ['firefox']);
    expect(command).toMatchObject({ asks: 'unclear', answer: expect.stringContaining(answer) });
  });

  it.each([
    'Looks good',
    '> /hold quoted',
    '/holder x',
    'please /hold it',
    '/approve',
    '',
    '/hold-it',
  ])('that is no command is let be: %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('keeps its reason on one line, without marks that turn its direction', () => {
    expect(read('/hold a\u202Eb\tc\u2028d')).toEqual({ asks: 'hold', reason: 'ab c d' });
  });

  it('echoes nothing but letters of a date that is none', () => {
    const command = readCommand('/hold until 2026`<b>@anna x', ['firefox']);
    expect(command).toMatchObject({ answer: '`2026banna` is no day: write it as 2026-12-01.' });
  });
});
