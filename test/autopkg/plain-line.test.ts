import { describe, expect, it } from 'vitest';
import { logLine, plainLine } from '../../src/autopkg/plain-line.ts';

describe('what others say, made one plain line', () => {
  it.each([
    ['of several lines', 'one\r\n  two\n\nthree\n', 'one two three'],
    ['without the colours of a terminal', '\u001B[31mred\u001B[0m', 'red'],
    ['without titles and links of a terminal', '\u001B]0;title\u0007text', 'text'],
    ['without characters that hide or turn text', 'a\u202Ecod.exe\u200B', 'acod.exe'],
    ['without control characters', 'a\u0000b\u0008c', 'abc'],
    [
      'without user and password of an address',
      'https://u:p@example.com/x',
      'https://example.com/x',
    ],
  ])('%s', (_what, said, line) => {
    expect(plainLine(said)).toBe(line);
  });

  it('is cut by characters, not in the middle of one', () => {
    expect(plainLine('🍏🍎🍐🍊', 3)).toBe('🍏🍎…');
  });
});

describe('a line of output in the log', () => {
  it.each(['::set-output name=x::y', '##[add-path]/evil', '  ::error::x', 'x ##[group]'])(
    'is no command to the runner: %s',
    (said) => {
      const line = logLine(said);
      expect(line).not.toMatch(/^\s*::/);
      expect(line).not.toContain('##[');
    },
  );
});
