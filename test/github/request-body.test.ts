import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  type Proposal,
  type ProposedTitle,
  requestBody,
  requestTitle,
} from '../../src/github/github.ts';
import { markerIn } from '../../src/github/marker.ts';
import type { Condition } from '../../src/lifecycle/conditions.ts';
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
    production: 'Google Chrome Stable',
    install: 'Install Google Chrome',
  },
  rings: [{ name: 'test', soak: { days: 7, kind: 'days' }, policy: 'Google Chrome Test' }],
  tags: [],
  keep: { versions: 3, days: 30 },
  windows: [],
  freezes: [],
  gate: { installs: 5 },
  approval: 'review',
  newer: 'finish',
  patience: 14,
  deadline: { test: 3, production: 7 },
  escalateAfter: 3,
  releaseNotes: 'https://vendor.example/notes/{version}',
};
const since = day('2026-11-16');
const met = (name: Condition['name'], reason: string): Condition => ({
  name,
  state: 'met',
  reason,
});
const chrome: ProposedTitle = {
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
  soak: soakProgress(title.rings[0].soak, since, day('2026-11-23')),
  testers: { completed: 12, failed: 0, pending: 3 },
  macs: 412,
  conditions: [
    met('soak', 'soaked 7 days, over since 2026-11-23'),
    met('gate', '12 installed, 0 failed'),
    met('hold', 'nobody holds it'),
    { name: 'window', state: 'waits', reason: 'opens 2026-11-24 at 09:00' },
  ],
  window: 'Mon, Tue, Wed, Thu 09:00 to 15:00 (Europe/Berlin)',
};
const firefox: ProposedTitle = {
  ...chrome,
  title: { ...title, slug: slug('firefox'), name: 'Firefox' },
  to: { ...chrome.to, package: { ...chrome.to.package, version: version('133.0') } },
};
const about = (one: Partial<ProposedTitle> = {}, more: Partial<Proposal> = {}): Proposal => ({
  titles: [{ ...chrome, ...one }],
  repository: 'https://github.com/acme/patchbot',
  marker: 'promote:google-chrome:127.0',
  ...more,
});

describe('the words of a promotion request', () => {
  it('name the title and both versions', () => {
    expect(requestTitle(about())).toBe('Google Chrome 126.0 → 127.0');
    const { from: _, ...first } = chrome;
    expect(requestTitle(about({}, { titles: [first] }))).toBe('Google Chrome 127.0');
    expect(requestBody(about({}, { titles: [first] }))).toContain('It is new in production.');
  });

  it('say how long it soaked, who tested, and where the vendor says what is new', () => {
    const body = requestBody(about());
    expect(body).toContain('In test since 2026-11-16: its soak of 7 days is over since 2026-11-23');
    expect(body).toContain('Test ring: 12 Macs installed it, 0 failed, 3 still to come');
    expect(body).toContain('Gate: open (12 installed, 0 failed)');
    expect(body).toContain('(https://vendor.example/notes/127.0)');
    expect(body).toContain('GoogleChrome-127.0.pkg, 123.5 MB');
  });

  it('name the Macs on which it failed, as many as one reads', () => {
    const failed = Array.from({ length: 12 }, (_, at) => `mac-${at}`);
    const testers = { completed: 1, failed: 12, pending: 0 };
    expect(requestBody(about({ testers, failedOn: failed }))).toContain(
      '1 Mac installed it, 12 failed, 0 still to come, on mac-0, mac-1',
    );
    expect(requestBody(about({ testers, failedOn: failed }))).toContain('mac-9 and 2 more');
    const { testers: _, ...unsaid } = chrome;
    expect(requestBody(about({}, { titles: [unsaid] }))).toContain(
      'Test ring: Jamf does not say who installed it',
    );
  });

  it('say what merging does, for how many Macs, and when', () => {
    const body = requestBody(about());
    expect(body).toContain(
      'Jamf moves the patch policy Google Chrome Stable and the install policy Install Google Chrome to exactly this package',
    );
    expect(body).toContain('Whom it reaches: 412 Macs; Self Service leaves them 7 days');
    expect(body).toContain(
      'When: Mon, Tue, Wed, Thu 09:00 to 15:00 (Europe/Berlin); merged at another time, it waits until then',
    );
  });

  it('say how to hold it, decline it, make it faster and roll it back', () => {
    const body = requestBody(about());
    expect(body).toContain('comment `/hold`');
    expect(body).toContain('[hold](https://github.com/acme/patchbot/actions/workflows/hold.yml)');
    expect(body).toContain('**Decline it**: close this request.');
    expect(body).toContain('comment `/expedite`');
    expect(body).toContain('actions/workflows/emergency.yml');
    expect(body).toContain('press Revert');
  });

  it('do not change with the hour: what the clock moves is left to the statuses', () => {
    const later: ProposedTitle = {
      ...chrome,
      conditions: [...chrome.conditions.slice(0, 3), met('window', 'open Mon 09:00 to 15:00')],
    };
    expect(requestBody(about({}, { titles: [later] }))).toBe(requestBody(about()));
  });

  it('say above all what speaks against merging', () => {
    const hold = {
      name: 'hold',
      state: 'broken',
      reason: 'held by carl: <b>no</b> sound',
    } as const;
    const soak = { name: 'soak', state: 'waits', reason: 'soaks until 2026-11-30' } as const;
    expect(requestBody(about({ conditions: [hold] }))).toMatch(
      /^> \[!WARNING\]\n> Not to be merged as it stands\.\n>\n> \*\*hold\*\*: held by carl: &lt;b&gt;no/,
    );
    expect(requestBody(about({ conditions: [soak] }))).toMatch(/^> \[!NOTE\]/);
    expect(requestBody(about())).toMatch(/^Promote Google Chrome/);
  });

  it('say who asked for an emergency and why, and that nothing is waited for', () => {
    const emergency = about({
      to: { ...chrome.to, emergency: { by: 'anna', reason: 'CVE-2026-1 is used | <b>now</b>' } },
    });
    expect(requestTitle(emergency)).toBe('EMERGENCY: Google Chrome 126.0 → 127.0');
    const body = requestBody(emergency);
    expect(body).toMatch(
      /^> \[!CAUTION\]\n> \*\*Emergency\*\*, asked for by anna: CVE-2026-1 is used &#124; &lt;b&gt;now/,
    );
    expect(body).toContain('When: at once');
    expect(body).not.toContain('Make it faster');
  });

  it('say when PatchBot merges it itself, and name no policy that a title does not have', () => {
    const body = requestBody(
      about({
        title: {
          ...title,
          approval: 'auto',
          patch: 'none',
          policies: { ...title.policies, install: 'none' },
        },
      }),
    );
    expect(body).toContain('PatchBot merges it itself once its checks are green');
    expect(body).toContain('The version is recorded');
    expect(body).not.toContain('policy');
    expect(body).not.toContain('Whom it reaches');
  });

  it('carry the marker by which the request is found again', () => {
    expect(markerIn(requestBody(about()))).toBe('promote:google-chrome:127.0');
  });

  it('let no name, version, reason, Mac or file become markup', () => {
    const evil = '](https://evil.example) <script> @acme | <!-- patchbot:x -->\n> [!NOTE]';
    const oneLine = evil.replace('\n', ' ');
    const evilTitle: ProposedTitle = {
      ...chrome,
      title: { ...title, name: evil, policies: { ...title.policies, production: evil } },
      from: version(oneLine),
      to: {
        package: { ...chrome.to.package, file: evil, version: version(oneLine) },
        definition: version(oneLine),
        emergency: { by: evil, reason: evil },
      },
      failedOn: [evil],
      conditions: [{ name: 'gate', state: 'broken', reason: evil }],
      window: evil,
    };
    const more = { leftOut: [{ name: evil, reason: evil }] };
    for (const proposal of [
      about({}, { titles: [evilTitle], ...more }),
      about({}, { titles: [evilTitle, evilTitle], group: 'browsers', ...more }),
    ]) {
      const body = requestBody(proposal);
      expect(body).not.toContain('](https://evil');
      expect(body).not.toContain('<script>');
      expect(body).not.toContain('@acme');
      expect(body.match(/<!--/g)).toHaveLength(1);
      expect(markerIn(body)).toBe('promote:google-chrome:127.0');
      expect(requestTitle(proposal)).not.toContain('@acme');
    }
  });
});

describe('the request of a group', () => {
  const group = about({}, { titles: [chrome, firefox], group: 'browsers' });

  it('names every title, as far as there is room', () => {
    expect(requestTitle(group)).toBe(
      'browsers: Google Chrome 126.0 → 127.0, Firefox 126.0 → 133.0',
    );
    const many = Array.from({ length: 40 }, () => chrome);
    expect([...requestTitle({ ...group, titles: many })]).toHaveLength(256);
  });

  it('shows all titles in a table, and each by itself', () => {
    const body = requestBody(group);
    expect(body).toContain(
      '| Firefox | 126.0 | **133.0** | 2026-11-16 | 12 Macs installed it, 0 failed, 3 still to come |',
    );
    expect(body).toContain('### What test has shown: Google Chrome');
    expect(body).toContain('### What merging does: Firefox');
    expect(body).toContain('Name a title first');
    expect(body).toContain('(google-chrome, firefox)');
  });

  it('says which of its titles are left out, and why', () => {
    const body = requestBody({
      ...group,
      leftOut: [{ name: 'Microsoft Edge', reason: 'soaking until 2026-11-30' }],
    });
    expect(body).toContain('Not in this request:\n\n- Microsoft Edge: soaking until 2026-11-30');
  });

  it('names the title that something speaks against', () => {
    const hold = { name: 'hold', state: 'broken', reason: 'held by carl' } as const;
    expect(
      requestBody({ ...group, titles: [chrome, { ...firefox, conditions: [hold] }] }),
    ).toContain('> **Firefox, hold**: held by carl');
  });
});
