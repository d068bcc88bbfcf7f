import { describe, expect, it } from 'vitest';
import type { PatchTitle } from '../../src/jamf/jamf.ts';
import { guessPatchTitle } from '../../src/stages/patch-title.ts';

const titles = ['Google Chrome', 'Mozilla Firefox', 'Mozilla Firefox ESR', 'Zoom', 'Slack'].map(
  (name) => ({ id: name, name, links: [] }) as unknown as PatchTitle,
);

describe('the patch title of a product', () => {
  it('is the one whose name differs in spelling alone', () => {
    expect(guessPatchTitle('GoogleChrome', titles)).toEqual({
      guess: 'one',
      name: 'Google Chrome',
    });
    expect(guessPatchTitle('slack', titles)).toEqual({ guess: 'one', name: 'Slack' });
  });

  it('is never one that is merely near', () => {
    expect(guessPatchTitle('Firefox', titles)).toEqual({
      guess: 'none',
      near: ['Mozilla Firefox', 'Mozilla Firefox ESR'],
    });
    expect(guessPatchTitle('VLC', titles)).toEqual({ guess: 'none', near: [] });
  });

  it('is none of two that are spelled alike', () => {
    const twice = [...titles, { ...titles[3], name: 'ZOOM' } as PatchTitle];
    expect(guessPatchTitle('zoom', twice)).toEqual({ guess: 'none', near: ['Zoom', 'ZOOM'] });
  });
});
