import { describe, expect, it } from 'vitest';
import { acceptSource } from '../../src/lifecycle/changes.ts';
import { type MadeFrom, sourceOf } from '../../src/lifecycle/made-from.ts';
import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import { built } from '../lifecycle/given.ts';

const madeFrom: MadeFrom = {
  downloads: [
    { url: 'https://dl.example.com/Firefox 127.pkg', sha256: '1'.repeat(64) },
    { url: 'https://dl.example.com/more.zip' },
  ],
  signers: ['identifier "org.mozilla.firefox" and anchor apple generic', 'Mozilla > Apple'],
  recipes: [
    { identifier: 'com.github.example.pkg', from: `https://github.com/a/b@${'2'.repeat(40)}` },
  ],
  storedDigest: built('127.0').digest,
};
const state: TitleState = { package: { ...built('127.0'), madeFrom } };

function read(text: string): TitleState {
  const checked = parseState(text, slug('firefox'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.state;
}

describe('what a package was made from', () => {
  it('is read as it was written', () => {
    expect(read(editState(undefined, 'Firefox', {}, state))).toEqual(state);
  });

  it('is written for people: an address, a recipe or a signer in a line', () => {
    const text = editState(undefined, 'Firefox', {}, state);
    expect(text).toContain(`  made-from:
    downloads:
      https://dl.example.com/Firefox 127.pkg: "${'1'.repeat(64)}"
      https://dl.example.com/more.zip: unknown
    signed-by: |-
      identifier "org.mozilla.firefox" and anchor apple generic
      Mozilla > Apple
    recipes:
      com.github.example.pkg: https://github.com/a/b@${'2'.repeat(40)}
`);
  });

  it('goes with the package it belongs to: what only an older one had is gone', () => {
    const newer = { package: { ...built('128.0'), madeFrom: { ...madeFrom, signers: [] } } };
    const before = editState(undefined, 'Firefox', {}, state);
    const checked = parseState(before, slug('firefox'));
    const document = checked.ok ? checked.document : undefined;
    expect(read(editState(document, 'Firefox', state, newer))).toEqual(newer);
  });

  it('can be accepted from elsewhere, and that is kept', () => {
    const accepted = acceptSource(sourceOf(madeFrom))(state);
    expect(read(editState(undefined, 'Firefox', {}, accepted))).toEqual(accepted);
  });

  it('that cannot be read stops the title, and says where', () => {
    const text = editState(undefined, 'Firefox', {}, state).replace('1'.repeat(64), '123');
    const checked = parseState(text, slug('firefox'));
    expect(checked).toMatchObject({
      ok: false,
      problems: [{ title: 'firefox', message: expect.stringContaining('SHA-256') }],
    });
  });
});
