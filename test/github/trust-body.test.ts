import { describe, expect, it } from 'vitest';
import { type TrustProposal, trustBody, trustTitle } from '../../src/github/github.ts';

const proposal: TrustProposal = {
  repository: {
    name: 'autopkg/recipes',
    url: 'https://github.com/autopkg/recipes',
    from: '0419167'.padEnd(40, '0'),
    to: '8d50329'.padEnd(40, '1'),
  },
  titles: ['Mozilla Firefox', 'VLC'],
  files: [
    {
      name: 'autopkg/recipes: Mozilla/Firefox.pkg.recipe',
      kind: 'recipe',
      change: 'changed',
      diff: '@@ -1 +1 @@\n-old\n+new',
      titles: ['Mozilla Firefox'],
    },
  ],
  risks: [],
  broken: [],
  marker: 'trust:0123456789abcdef',
};
const file = (diff: string) => ({
  ...proposal,
  files: proposal.files.map((one) => ({ ...one, diff })),
});

describe('a trust request', () => {
  it('says in its title which repository moves, and for whom', () => {
    expect(trustTitle(proposal)).toBe(
      'Trust autopkg/recipes 0419167 → 8d50329: Mozilla Firefox, VLC',
    );
    expect(trustTitle({ ...proposal, titles: ['A', 'B', 'C', 'D'] })).toMatch(/: 4 titles$/);
  });

  it('shows what would run as a diff, and links to all that changed', () => {
    const body = trustBody(proposal);
    expect(body).toContain('```diff\n@@ -1 +1 @@\n-old\n+new\n```');
    expect(body).toContain(
      `https://github.com/autopkg/recipes/compare/${proposal.repository?.from}...${proposal.repository?.to}`,
    );
    expect(body).not.toContain('Look twice');
  });

  it('warns first, once for all titles that share a warning', () => {
    const text = 'A host that was not spoken of before: evil.example.net';
    const risks = [
      { title: 'Mozilla Firefox', text },
      { title: 'VLC', text },
    ];
    const body = trustBody({ ...proposal, risks });
    expect(body).toContain(
      '> - A host that was not spoken of before: evil.example.net (Mozilla Firefox, VLC)',
    );
    expect(body.indexOf('Look twice')).toBeLessThan(body.indexOf('What would run'));
  });

  it('lets no diff end its fence, nor bring a marker of its own', () => {
    const body = trustBody(file('+```\n+<!-- patchbot:evil -->\n+````'));
    expect(body).toContain('`````diff\n+```');
    expect(body).toMatch(/^<!-- patchbot:trust:0123456789abcdef -->/);
  });

  it('writes out characters that make text read as other text', () => {
    expect(trustBody(file('+a\u202Eb\u200Bc\u0007\td'))).toContain(
      '+a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩\td',
    );
  });

  it('stays within what GitHub takes, and says first of what not all is shown', () => {
    const body = trustBody(file('+a line of a long file\n'.repeat(5000)));
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/> - Not all of \*\*.*Firefox\.pkg\.recipe\*\* is shown here/);
  });

  it('says of a file that is no text that it cannot be shown', () => {
    const binary = { name: 'lib.so', kind: 'asset', change: 'added', titles: ['VLC'] } as const;
    expect(trustBody({ ...proposal, files: [binary] })).toContain("can't be shown");
  });
});
