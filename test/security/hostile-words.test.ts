import { execFileSync } from 'node:child_process';
import { Temporal } from 'temporal-polyfill';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { logLine } from '../../src/autopkg/plain-line.ts';
import { dashboardBody, dashboardMarker, ticksIn } from '../../src/github/dashboard-body.ts';
import { branchOf, requestBody, requestTitle, summaryText } from '../../src/github/github.ts';
import { markerIn } from '../../src/github/marker.ts';
import { planText } from '../../src/github/plan-body.ts';
import { trustBody } from '../../src/github/trust-body.ts';
import { placeHold } from '../../src/lifecycle/changes.ts';
import { digest, packageId } from '../../src/lifecycle/package.ts';
import { slug, type TitleState } from '../../src/lifecycle/title.ts';
import { type Version, version } from '../../src/lifecycle/version.ts';
import { slackBlocks, teamsCard } from '../../src/notify/notify.ts';
import { titleOf } from '../../src/recipes/defaults.ts';
import { commitMessage } from '../../src/state/commit.ts';
import { editState } from '../../src/state/edit.ts';
import { parseState } from '../../src/state/read.ts';
import { corpus, type Hostile } from './corpus.ts';
import {
  aliveInCard,
  aliveInMarkdown,
  aliveInSlack,
  foreignCommands,
  unprintable,
} from './readers.ts';

const ours = 'https://github.com/acme/patches';
const day = Temporal.PlainDate.from('2026-11-24');
let tried = 0;
let executed = 0;
afterAll(() => console.log(`hostile words: ${tried} texts tried, ${executed} executed`));

/** Says of each text what is alive after it went through; one list for all, so that a failure names them. */
function alive(check: (hostile: Hostile) => readonly unknown[]): readonly unknown[] {
  const found = corpus.flatMap((hostile) => {
    tried += 1;
    return check(hostile).map((one) => ({ tries: hostile.tries, found: one }));
  });
  executed += found.length;
  return found;
}

/** The version of a text, for those that can be one. */
function versionOf(text: string): Version | undefined {
  try {
    return version(text);
  } catch {
    return undefined;
  }
}

const pkg = (of: Version) => ({
  version: of,
  file: 'a.pkg',
  size: 1,
  digest: digest('0'.repeat(128)),
  jamfId: packageId('1'),
});

const title = (name: string) =>
  titleOf(
    slug('a'),
    name,
    { recipe: 'a.pkg', patch: name, category: 'Apps' } as never,
    { 'time-zone': 'UTC' } as never,
  );

describe('what reads the words', () => {
  it('finds life where hostile text is not made words', () => {
    const raw = corpus.filter(({ tries }) => /^(HTML|Markdown|GitHub reference)/.test(tries));
    const seen = raw.filter(({ text }) => aliveInMarkdown(text, { links: [ours] }).length > 0);
    expect(seen.length / raw.length).toBeGreaterThan(0.5);
    const commands = corpus.filter(({ tries }) => /^workflow command \d+$/.test(tries));
    const given = commands.filter(({ text }) => foreignCommands(text).length > 0);
    expect(given.length).toBeGreaterThanOrEqual(13);
    const card = {
      type: 'AdaptiveCard',
      body: [{ type: 'TextBlock', text: '[a](https://b.example)' }],
    };
    expect(aliveInCard(card, [ours])).toHaveLength(1);
    const blocks = { blocks: [{ type: 'mrkdwn', text: '<!channel>' }] };
    expect(aliveInSlack(blocks, [ours])).toHaveLength(1);
  });
});

describe('hostile text', () => {
  it('is plain words in a promotion request, for one title and for a group', () => {
    const found = alive(({ text }) => {
      const one = {
        title: title(text),
        to: {
          package: pkg(versionOf(text) ?? version('1')),
          emergency: { by: text, reason: text },
        },
        window: text,
        failedOn: [text],
        testers: { completed: 1, failed: 1, pending: 1 },
        conditions: [{ name: 'hold', state: 'broken', reason: text }],
      } as const;
      const about = { repository: ours, marker: branchOf('a', one.to.package.version) };
      const alone = { ...about, titles: [one] };
      const group = {
        ...about,
        titles: [one, one],
        group: text,
        leftOut: [{ name: text, reason: text }],
      };
      return [alone, group].flatMap((proposal) => {
        const body = requestBody(proposal);
        const heading = requestTitle(proposal);
        return [
          ...aliveInMarkdown(body, { links: [ours] }),
          ...(markerIn(body) === proposal.marker ? [] : [{ marker: markerIn(body) }]),
          ...unprintable(heading),
          ...(/@\w|#\d/.test(heading) ? [{ heading }] : []),
        ];
      });
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in the dashboard, and ticks no box', () => {
    const found = alive(({ text }) => {
      const tick = { asks: 'release', slug: 'a' } as const;
      const listed = {
        name: text,
        version: text,
        text,
        link: { text, url: ours },
        boxes: [{ tick, text }],
      };
      const phases = [
        { heading: text, titles: [listed] },
        { heading: 'In order', folded: true, titles: [listed] },
      ];
      return [dashboardBody({ phases }), dashboardBody({ phases, halt: text })].flatMap((body) => [
        ...aliveInMarkdown(body, { links: [ours] }),
        ...ticksIn(body),
        ...(markerIn(body) === dashboardMarker ? [] : [{ marker: markerIn(body) }]),
      ]);
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in the plan of a pull request', () => {
    const found = alive(({ text }) => {
      const planned = {
        slug: 'a',
        name: text,
        before: text,
        after: `${text}.`,
        changed: [text, text],
      };
      return [
        planText({ titles: [planned], unchanged: 1 }),
        planText({ titles: [], unchanged: 1, unreadable: text }),
      ].flatMap((body) => aliveInMarkdown(body, { links: [ours] }));
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in a request for trust, and stays within the fences of its diffs', () => {
    const found = alive(({ text }) => {
      const body = trustBody({
        repository: { name: text, url: ours, from: 'a'.repeat(40), to: 'b'.repeat(40) },
        titles: [text],
        files: [
          {
            name: text,
            kind: 'recipe',
            change: 'changed',
            diff: `@@ -1 +1 @@\n+${text}`,
            url: ours,
            titles: [text],
          },
        ],
        risks: [{ title: text, text }],
        broken: [{ title: text, text }],
        marker: 'trust/a',
      });
      return [
        ...aliveInMarkdown(body, { links: [ours], code: true }),
        ...(markerIn(body) === 'trust/a' ? [] : [{ marker: markerIn(body) }]),
      ];
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in a summary, a cell of its table each', () => {
    const found = alive(({ text }) => {
      const summary = summaryText({
        heading: text,
        text,
        rows: [{ title: text, version: text, what: text, why: text }],
      });
      const rows = summary.split('\n').filter((line) => line.startsWith('|'));
      return [
        ...aliveInMarkdown(summary.replace(/^## /, ''), { links: [ours] }),
        ...(rows.length === 3 ? [] : [{ rows }]),
      ];
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in a Teams card', () => {
    const found = alive(({ text }) => aliveInCard(teamsCard(message(text)), [ours]));
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is plain words in a Slack message', () => {
    const found = alive(({ text }) => aliveInSlack(slackBlocks(message(text)), [ours]));
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('is no command in the log of AutoPkg', () => {
    const found = alive(({ text }) => [
      ...foreignCommands(logLine(text)),
      ...unprintable(logLine(text)),
    ]);
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('starts no line of its own in a commit message', () => {
    const found = alive(({ text }) => {
      const one = { slug: slug('a'), name: text, what: text, change: (state: TitleState) => state };
      const lines = commitMessage('hold', [one, one], [`Requested-by: ${text}`]).split('\n');
      return [...(lines.length === 6 ? [] : [lines]), ...lines.flatMap(unprintable)];
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('comes back from a state file as it was, and adds nothing to it', () => {
    const found = alive(({ text }) => {
      const held = versionOf(text);
      const state = placeHold({
        ...(held && { version: held }),
        reason: text || 'x',
        by: text || 'x',
        since: day,
      })({ package: pkg(held ?? version('1')) });
      const written = editState(undefined, text, {}, state);
      const read = parseState(written, slug('a'));
      const facts = Object.entries(parse(written) as object).filter(([, value]) => value !== null);
      const keys = facts.map(([key]) => key);
      return [
        ...(read.ok && JSON.stringify(read.state) === JSON.stringify(state) ? [] : [{ written }]),
        ...(keys.join() === 'schema,package,hold' ? [] : [keys]),
      ];
    });
    expect(found.slice(0, 12)).toEqual([]);
  });

  it('makes a branch that git takes, and no two of the same', () => {
    const branches = new Map<string, string>();
    const found = alive(({ text }) => {
      const of = versionOf(text);
      if (!of) return [];
      const branch = branchOf('a', of);
      const other = branches.get(branch.toLowerCase());
      branches.set(branch.toLowerCase(), of.text);
      return [
        ...(/^patchbot\/a\/[A-Za-z0-9._+-]+$/.test(branch) ? [] : [branch]),
        ...(other === undefined || other === of.text ? [] : [{ branch, other }]),
      ];
    });
    expect(found.slice(0, 12)).toEqual([]);
    expect(branches.size).toBeGreaterThan(200);
    for (const branch of branches.keys())
      execFileSync('git', ['check-ref-format', '--branch', branch]);
  });
});

function message(text: string) {
  return {
    audience: 'admins',
    tone: 'trouble',
    heading: text,
    sections: [{ heading: text, rows: [{ title: text, version: text, text, link: ours }] }],
    link: { text, url: ours },
  } as const;
}
