import { describe, expect, it } from 'vitest';
import { acceptSource } from '../../src/lifecycle/changes.ts';
import { judgeApproved, judgeBuilt } from '../../src/lifecycle/custody.ts';
import { type MadeFrom, sourceOf } from '../../src/lifecycle/made-from.ts';
import { digest, type Package } from '../../src/lifecycle/package.ts';
import type { TitleState } from '../../src/lifecycle/title.ts';
import { built } from './given.ts';

const mozilla = 'Developer ID Installer: Mozilla Corporation (43AQ936H96)';

/** A package from Mozilla, with what a test wants to be different. */
function from(different: Partial<MadeFrom> = {}): MadeFrom {
  return {
    downloads: [{ url: 'https://download.mozilla.org/firefox.pkg', sha256: 'a'.repeat(64) }],
    signers: [mozilla],
    recipes: [],
    ...different,
  };
}

const downloaded = (url: string) => from({ downloads: [{ url }] });

function packageOf(text: string, madeFrom?: MadeFrom): Package {
  return { ...built(text), ...(madeFrom && { madeFrom }) };
}

const before: TitleState = { package: packageOf('126.0', from()) };

describe('a package that was just built', () => {
  it('is good when it comes from where the one before came from', () => {
    expect(judgeBuilt(before, downloaded('https://download.mozilla.org/newer.pkg'))).toEqual({
      custody: 'holds',
    });
  });

  it('is the first when nothing is known of the ones before', () => {
    expect(judgeBuilt({}, from())).toEqual({ custody: 'first' });
    expect(judgeBuilt({ package: packageOf('126.0') }, from())).toEqual({ custody: 'first' });
  });

  it('waits for a person when it comes from another host', () => {
    expect(judgeBuilt(before, downloaded('https://evil.example.net/firefox.pkg'))).toEqual({
      custody: 'broken',
      reason:
        'it was downloaded from https://evil.example.net, before from https://download.mozilla.org',
    });
  });

  it('waits for a person when it comes from the same host without encryption', () => {
    expect(judgeBuilt(before, downloaded('http://download.mozilla.org/firefox.pkg'))).toMatchObject(
      { custody: 'broken' },
    );
  });

  it('waits for a person when somebody else has signed it', () => {
    expect(judgeBuilt(before, from({ signers: ['Somebody Else (ZZZZZ99999)'] }))).toEqual({
      custody: 'broken',
      reason: `it is signed by Somebody Else (ZZZZZ99999), before by ${mozilla}`,
    });
  });

  it('waits for a person when its signature was not verified any more', () => {
    expect(judgeBuilt(before, from({ signers: [] }))).toEqual({
      custody: 'broken',
      reason: `it is signed by nobody, before by ${mozilla}`,
    });
  });

  it('may be verified from now on, when it was not before', () => {
    const unsigned = { package: packageOf('126.0', from({ signers: [] })) };
    expect(judgeBuilt(unsigned, from())).toEqual({ custody: 'holds' });
  });

  it('is good once a person has accepted where it comes from, and only that', () => {
    const moved = downloaded('https://cdn.mozilla.net/firefox.pkg');
    const accepted = acceptSource(sourceOf(moved))(before);
    expect(judgeBuilt(accepted, moved)).toEqual({ custody: 'holds' });
    expect(judgeBuilt(accepted, downloaded('https://evil.example.net/x.pkg'))).toMatchObject({
      custody: 'broken',
    });
    expect(judgeBuilt(accepted, from({ ...moved, signers: ['Somebody'] }))).toMatchObject({
      custody: 'broken',
    });
  });

  it('can be accepted unsigned', () => {
    const unsigned = from({ signers: [] });
    expect(judgeBuilt(acceptSource(sourceOf(unsigned))(before), unsigned)).toEqual({
      custody: 'holds',
    });
  });
});

describe('a package that is about to be offered to the fleet', () => {
  const tested = packageOf('127.0', from());
  const state: TitleState = {
    package: tested,
    production: { package: tested },
    previous: { package: packageOf('126.0', from()) },
  };

  it('is good when all that is known of it agrees', () => {
    expect(judgeApproved(state, tested)).toEqual({ custody: 'holds' });
  });

  it('is not offered when what it was made from was written otherwise into the request', () => {
    const forged = packageOf('127.0', downloaded('https://evil.example.net/firefox.pkg'));
    expect(judgeApproved(state, forged)).toMatchObject({
      custody: 'broken',
      reason: 'what it was made from is written otherwise under "production:"',
    });
  });

  it('is not offered when what it was made from was left out', () => {
    expect(judgeApproved(state, packageOf('127.0'))).toMatchObject({ custody: 'broken' });
  });

  it('is not offered when Jamf has stored another file', () => {
    const stored = from({ storedDigest: digest('f'.repeat(128)) });
    const other = packageOf('127.0', stored);
    expect(judgeApproved({ ...state, package: other }, other)).toMatchObject({
      custody: 'broken',
      reason: expect.stringContaining('stored another file'),
    });
  });

  it('is not offered when it comes from elsewhere than what the fleet had, unless that is accepted', () => {
    const moved = packageOf('127.0', downloaded('https://cdn.mozilla.net/firefox.pkg'));
    const approved: TitleState = { ...state, package: moved, production: { package: moved } };
    expect(judgeApproved(approved, moved)).toMatchObject({ custody: 'broken' });
    const accepted = acceptSource(sourceOf(moved.madeFrom ?? from()))(approved);
    expect(judgeApproved(accepted, moved)).toEqual({ custody: 'holds' });
  });

  it('stays good when a newer package was built meanwhile', () => {
    const newer = packageOf('128.0', from());
    expect(judgeApproved({ ...state, package: newer }, tested)).toEqual({ custody: 'holds' });
  });

  it('is the first when nothing is known of any', () => {
    const unknown = packageOf('127.0');
    expect(judgeApproved({ production: { package: unknown } }, unknown)).toEqual({
      custody: 'first',
    });
  });
});
