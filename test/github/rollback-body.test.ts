import { describe, expect, it } from 'vitest';
import { rollbackBranchOf } from '../../src/github/branch-name.ts';
import { markerIn } from '../../src/github/marker.ts';
import { rollbackBody, rollbackTitle } from '../../src/github/rollback-body.ts';
import { version } from '../../src/lifecycle/version.ts';

const chrome = { name: 'Google Chrome', from: version('127.0'), to: version('126.0') };
const rollback = { titles: [chrome], by: 'bea', reason: 'crashes at start', marker: 'm' };

describe('the words of a rollback', () => {
  it('say what goes back to what, who asked and why', () => {
    expect(rollbackTitle(rollback)).toBe('Roll back Google Chrome 127.0 → 126.0');
    const body = rollbackBody(rollback);
    expect(body).toContain('**Rollback**, asked for by bea: crashes at start');
    expect(body).toContain('| Google Chrome | 127.0 | **126.0** |');
    expect(markerIn(body)).toBe('m');
  });

  it('let no name, version or reason become markup', () => {
    const evil = '](https://evil.example) <script> @acme | <!-- patchbot:x -->';
    const about = {
      titles: [{ name: evil, from: version(evil), to: version(evil) }],
      by: evil,
      reason: evil,
      marker: 'm',
    };
    const body = rollbackBody(about);
    expect(body).not.toMatch(/\]\(https:\/\/evil|<script>|@acme/);
    expect(markerIn(body)).toBe('m');
    expect(rollbackTitle(about)).not.toContain('@acme');
  });
});

describe('the branch of a rollback', () => {
  const one = { slug: 'google-chrome', from: version('127.0'), to: version('126.0') };
  const other = { slug: 'zoom', from: version('6.4'), to: version('6.3') };

  it('is the same for the same titles in any order, and another for others', () => {
    expect(rollbackBranchOf([one])).toMatch(/^patchbot\/rollback\.google-chrome\/[0-9a-f]{8}$/);
    expect(rollbackBranchOf([one, other])).toBe(rollbackBranchOf([other, one]));
    expect(rollbackBranchOf([one, other])).toMatch(/^patchbot\/rollback\.2-titles\//);
    const branches = [[one], [other], [one, other], [{ ...one, to: version('125.0') }]];
    expect(new Set(branches.map(rollbackBranchOf)).size).toBe(4);
  });
});
