import { describe, expect, it } from 'vitest';
import { escaped, link, plain, webAddress } from '../../src/github/markdown.ts';
import { hiddenMarker, markerIn, withMarker } from '../../src/github/marker.ts';

describe('foreign text in Markdown', () => {
  it('leaves ordinary names and versions as they are', () => {
    for (const text of [
      'Google Chrome',
      '127.0.6533.73',
      '16.89 (24090815)',
      'Zoom – für alle',
      '4.1-beta',
    ])
      expect(escaped(text)).toBe(text);
  });

  it.each([
    ['a table cell', 'a|b', 'a&#124;b'],
    ['HTML', '<img src=x>', '&lt;img src=x&gt;'],
    ['an HTML entity', '&lt;', '&amp;lt;'],
    ['emphasis', '**a** _b_', '\\*\\*a\\*\\* \\_b\\_'],
    ['code', '`rm -rf`', '\\`rm -rf\\`'],
    ['a link', '[a](https://x.example)', '&#91;a&#93;(https&#58;//x.example)'],
    ['a bare address', 'http://x.example www.x.example', 'http&#58;//x.example www&#46;x.example'],
    ['a formula', 'a $x$', 'a \\$x\\$'],
    ['a mention', 'ask @acme/admins', 'ask @&#8203;acme/admins'],
    ['an issue', 'fixes #12 GH-12', 'fixes \\#&#8203;12 GH-&#8203;12'],
    ['an emoji', 'a :boom: b', 'a &#58;boom: b'],
    ['a heading', '# a', '\\# a'],
    ['a list', '- a', '\\- a'],
    ['a numbered list', '1. a', '1\\. a'],
    ['lines', 'a\r\n\r\n    b\u2028c', 'a b c'],
    ['a workflow command', '::error::x', '&#58;&#58;error&#58;:x'],
    ['an old workflow command', '##[error]x', '\\#\\#&#91;error&#93;x'],
    ['a backslash', 'a\\|b', 'a\\\\&#124;b'],
    ['marks that turn its direction', '1.0\u202E0.1', '1.00.1'],
  ])('makes no %s of it', (_, text, expected) => {
    expect(escaped(text)).toBe(expected);
  });

  it('links to the web alone, and no address ends its link early', () => {
    expect(link('a]b', 'https://x.example/a)b(c')).toBe('[a&#93;b](https://x.example/a%29b%28c)');
    expect(link('a', 'javascript:alert(1)')).toBe('a');
    expect(webAddress('not an address')).toBeUndefined();
  });

  it.each(['[skip ci]', '[CI skip]', '[no ci]', '[skip actions]', '[actions skip]'])(
    'keeps no workflow from starting by a title: %s',
    (words) => {
      expect(plain(`Chrome ${words} 1.0`)).toBe(
        `Chrome ${words.replace('[', '(').replace(']', ')')} 1.0`,
      );
    },
  );

  it('mentions nobody in a title, and closes no issue', () => {
    expect(plain('fixes #1 for @anna\n::error::')).toBe('fixes #\u20601 for @\u2060anna ::error::');
    expect(plain('::error::x')).not.toMatch(/^::/);
  });
});

describe('a hidden marker', () => {
  it.each(['promote:google-chrome:127.0', 'a b', 'a-->b', '--', '---', 'x-', '->', '<!--', 'ü%'])(
    'is found again as it was, and never ends early: %j',
    (marker) => {
      const hidden = hiddenMarker(marker);
      expect(hidden.match(/--/g)).toHaveLength(2);
      expect(markerIn(`Words.\n\n${hidden}\n`)).toBe(marker);
      expect(withMarker(withMarker('Words.', marker), marker)).toBe(withMarker('Words.', marker));
    },
  );

  it('is not seen in words that only look like one', () => {
    expect(markerIn('<!-- patchbot: -->')).toBeUndefined();
    expect(markerIn('<!-- patchbot:%E0%A4%A -->')).toBeUndefined();
    expect(markerIn('patchbot:x')).toBeUndefined();
  });
});
