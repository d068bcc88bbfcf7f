import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Proposal, requestBody, requestTitle } from '../../src/github/github.ts';
import { markerIn } from '../../src/github/marker.ts';
import { digest, packageId } from '../../src/lifecycle/package.ts';
import { soakProgress } from '../../src/lifecycle/soak.ts';
import { slug, type Title } from '../../src/lifecycle/title.ts';
import { version } from '../../src/lifecycle/version.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const title: Title = {
  slug: slug('google-chrome'),
  name: 'Google Chrome',
  recipe: 'local.jamf.GoogleChrome',
  patch: 'Google Chrome',
  category: 'Browsers',
  policies: {
    test: 'Google Chrome Test',
    production: 'Google Chrome Stable',
    install: 'Install Google Chrome',
  },
  soak: { days: 7, kind: 'days' },
  windows: [],
  freezes: [],
  gate: { installs: 5 },
  approval: 'review',
  newer: 'finish',
  patience: 14,
  deadline: { test: 3, production: 7 },
  escalateAfter: 3,
};
const since = day('2026-11-16');
const proposal: Proposal = {
  title,
  from: version('126.0'),
  to: {
    package: {
      version: version('127.0'),
      file: 'GoogleChrome-127.0.pkg',
      size: 123_456_789,
      digest: digest('ab'.repeat(64)),
      jamfId: packageId('42'),
    },
    definition: version('127.0'),
  },
  since,
  soak: soakProgress(title.soak, since, day('2026-11-23')),
  gate: { gate: 'green', reason: '12 installed, 0 failed' },
  window: 'Monday to Thursday, 09:00 to 15:00, Europe/Berlin',
  repository: 'https://github.com/acme/patchbot',
  marker: 'promote:google-chrome:127.0',
};

describe('the words of a promotion request', () => {
  it('name the title and both versions', () => {
    expect(requestTitle(proposal)).toBe('Google Chrome 126.0 → 127.0');
    const { from: _, ...first } = proposal;
    expect(requestTitle(first)).toBe('Google Chrome 127.0');
    expect(requestBody(first)).toContain('It is new in production.');
  });

  it('say what test has shown, what merging does and when', () => {
    const body = requestBody(proposal);
    expect(body).toContain('In test since 2026-11-16: its soak of 7 days is over since 2026-11-23');
    expect(body).toContain('Gate: open (12 installed, 0 failed)');
    expect(body).toContain('GoogleChrome-127.0.pkg, 123.5 MB');
    expect(body).toContain(
      'Jamf moves the patch policy Google Chrome Stable and the install policy Install Google Chrome to this package, when the window is open: Monday to Thursday, 09:00 to 15:00, Europe/Berlin.',
    );
  });

  it('say how to hold it, decline it, make it faster and roll it back', () => {
    const body = requestBody(proposal);
    expect(body).toContain('[hold](https://github.com/acme/patchbot/actions/workflows/hold.yml)');
    expect(body).toContain('**Decline it**: close this request.');
    expect(body).toContain('actions/workflows/emergency.yml');
    expect(body).toContain('press Revert');
  });

  it('say who asked for an emergency and why, and that nothing is waited for', () => {
    const emergency = {
      ...proposal,
      to: { ...proposal.to, emergency: { by: 'anna', reason: 'CVE-2026-1 is used | <b>now</b>' } },
    };
    expect(requestTitle(emergency)).toBe('EMERGENCY: Google Chrome 126.0 → 127.0');
    const body = requestBody(emergency);
    expect(body).toMatch(
      /^> \[!CAUTION\]\n> \*\*Emergency\*\*, asked for by anna: CVE-2026-1 is used &#124; &lt;b&gt;now/,
    );
    expect(body).toContain('to this package, at once.');
    expect(body).not.toContain('Make it faster');
  });

  it('say when PatchBot merges it itself, and name no policy that a title does not have', () => {
    const body = requestBody({
      ...proposal,
      title: {
        ...title,
        approval: 'auto',
        patch: 'none',
        policies: { ...title.policies, install: 'none' },
      },
    });
    expect(body).toContain('PatchBot merges it itself when its checks pass.');
    expect(body).toContain('The version is recorded');
    expect(body).not.toContain('policy');
  });

  it('carry the marker by which the request is found again', () => {
    expect(markerIn(requestBody(proposal))).toBe('promote:google-chrome:127.0');
  });

  it('let no name, version or reason become markup', () => {
    const evil = '](https://evil.example) <script> @acme |';
    const body = requestBody({
      ...proposal,
      title: { ...title, name: evil, policies: { ...title.policies, production: evil } },
      from: version(evil),
      to: { ...proposal.to, definition: version(evil) },
      gate: { gate: 'green', reason: evil },
      window: evil,
    });
    expect(body).not.toContain('](https://evil');
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('@acme');
  });
});
